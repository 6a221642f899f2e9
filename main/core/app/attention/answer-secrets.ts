import { appError, type AppError, type Answer } from '../../../../shared/app-error.ts';
import { heldSecretsOf } from '../../../../shared/domain/held-secrets.ts';
import type { AttentionItem } from '../../../../shared/ipc/status.ts';
import { err, ok } from '../../../../shared/result.ts';
import { inFolder } from '../../files/folder-path.ts';
import { allowValue, keptDeps, withholdFile } from '../../workflows/kept-secrets.ts';
import type { SettingsService } from '../app-service.ts';
import type { StartedRun, SyncRuns } from '../operations/sync-runs.ts';
import type { PresentCore } from '../present-core.ts';
import type { PresentSettings } from '../settings/present-settings.ts';

/** What answers about logs with secrets need. */
export interface SecretAnswerParts {
  readonly present: PresentCore;
  readonly runs: Pick<SyncRuns, 'git'>;
  readonly settings: Pick<PresentSettings, 'now'>;
  readonly settingsService: Pick<SettingsService, 'set'>;
}

/** Replaces secrets in an item's logs with labels and commits the logs. */
export async function withholdHeld(
  { present, runs }: SecretAnswerParts,
  item: AttentionItem,
): Answer<StartedRun> {
  const withheld = await present.use(async (core) => {
    for (const file of filesOf(item)) {
      const done = await withholdFile(keptDeps(core), file);
      if (!done.ok) return done;
    }
    return ok(null);
  });
  return withheld.ok ? ok(syncAgain(runs, item)) : withheld;
}

/** Commits an item's logs unchanged: exactly those it names. */
export function commitHeld({ runs }: SecretAnswerParts, item: AttentionItem): StartedRun {
  return runs.git({ trees: [item.subject], all: false, withSecrets: filesOf(item) }, 'person');
}

/** Lets a workspace accept secrets from now on, and commits what waits. */
export async function alwaysCommit(
  { runs, settings, settingsService }: SecretAnswerParts,
  item: AttentionItem,
): Answer<StartedRun> {
  const withSecrets = [...new Set([...settings.now.git.withSecrets, item.subject])];
  const changed = await settingsService.set({ change: { git: { withSecrets } } });
  return changed.ok ? ok(syncAgain(runs, item)) : changed;
}

/** Marks a value in an item's logs as no secret and syncs again. */
export async function allowHeld(
  { present, runs }: SecretAnswerParts,
  item: AttentionItem,
  id: string,
): Answer<void> {
  const files = filesOf(item, id);
  if (files.length === 0) return err(gone());
  const allowed = await present.use((core) => allowValue(keptDeps(core), id, files));
  if (!allowed.ok) return allowed;
  syncAgain(runs, item);
  return ok(undefined);
}

function syncAgain(runs: Pick<SyncRuns, 'git'>, item: AttentionItem): StartedRun {
  return runs.git({ trees: [item.subject], all: false }, 'person');
}

/**
 * An item's files, each once, absolute.
 * @param id only those with this value
 */
function filesOf({ error }: AttentionItem, id?: string): readonly string[] {
  const held = heldSecretsOf(error);
  if (held === null) return [];
  const secrets = held.secrets.filter((one) => id === undefined || one.id === id);
  return [...new Set(secrets.map(({ path }) => inFolder(held.tree, path)))];
}

function gone(): AppError {
  return appError('not-found', 'This value was settled in the meantime.', 'Nothing needs to be done.');
}
