import type { AppError, Answer } from '../../../../shared/app-error.ts';
import { logId, type LogId, type LogPath } from '../../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../../shared/domain/log-path.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import type { SavePart, SaveReceipt } from '../../../../shared/ipc/saving.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import { within } from '../../concurrency/within.ts';
import { folderPath } from '../../files/folder-path.ts';
import type { TreeReport } from '../../git-sync/report.ts';
import type { SaveRequest } from '../../save/save-plan.ts';
import { endingOf } from '../../workflows/outcome.ts';
import { worstTree } from '../../workflows/worst-tree.ts';
import { previewSession } from '../../workflows/preview-session.ts';
import { saveSession, type SaveSessionDeps, type SessionKept } from '../../workflows/save-session.ts';
import type { AppCore, AppParts } from '../app-core.ts';
import type { SaveService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import { drainByRuns } from '../operations/chores.ts';
import type { SyncRuns } from '../operations/sync-runs.ts';
import type { PresentCore } from '../present-core.ts';

export interface SaveServiceParts extends Pick<AppParts, 'git' | 'runner' | 'systemUser' | 'clock'> {
  readonly present: PresentCore;
  /** Runs queued store work as operations that pages show. */
  readonly runs: SyncRuns;
  readonly bus: Bus;
}

/** How long the receipt waits for the store; longer work is shown as an operation. */
const STORE_MS = 5_000;
const SESSION_LOGS = 'session-logs/';

/** Saves a session by hand. */
export function createSaveService(parts: SaveServiceParts): SaveService {
  return {
    check: (input) =>
      parts.present.use(async (core) => {
        const request = { log: requestOf(core, input), author: core.settings.author };
        return mapOk(await previewSession(depsOf(parts, core), request), (preview) => ({
          author: { user: preview.author.user, name: preview.author.fullName },
          folder: preview.home.root,
          path: preview.path,
          findings: preview.findings.map(({ severity, message }) => ({ severity, message })),
          warnings: preview.warnings,
        }));
      }),
    save: (input) => parts.present.use((core) => save(parts, core, input)),
  };
}

async function save(
  parts: SaveServiceParts,
  core: AppCore,
  input: ParsedInput<'save.session'>,
): Answer<SaveReceipt> {
  let store: SavePart = { ending: 'running', error: null };
  const request = {
    log: requestOf(core, input),
    author: core.settings.author,
    sync: true,
    waitMs: core.settings.git.lockWaitSeconds * 1_000,
  };
  const saved = await saveSession(depsOf(parts, core), request, {
    // The notes page reports what a person has read.
    show: async () => [],
    async reachStore() {
      const reach = async (): Promise<void> => {
        const drained = await drainByRuns(core, parts.runs, parts.git);
        store = partOf(drained.ok ? drained.value.problem : drained.error);
      };
      await within(parts.clock, STORE_MS, reach());
      return store.error;
    },
  });
  if (!saved.ok) return saved;
  const log = await idOf(core, saved.value);
  // The receipt links into the index.
  await parts.bus.emit('logs.changed', { ids: log === null ? null : [log] });
  return ok({ ...receiptOf(saved.value), log, store });
}

function receiptOf({ report, problem, unsynced, notes }: SessionKept): Omit<SaveReceipt, 'log' | 'store'> {
  const { save: written, wiki, sync } = report;
  const failure = problem === written.problem ? null : problem;
  const git =
    sync === null ? (unsynced === null ? NONE : partOf(failure)) : treesPart(sync.trees, 'workspace');
  return {
    file: written.file,
    action: written.action,
    lines: written.lines,
    author: { user: written.author.user, name: written.author.fullName },
    daily: written.daily === null && written.problem === null ? NONE : partOf(written.problem),
    git,
    vault: treesPart(sync?.trees ?? [], 'vault'),
    warnings: [
      ...written.warnings,
      ...(wiki?.warnings ?? []),
      ...(sync?.trees.flatMap(({ warnings }) => warnings) ?? []),
    ],
    notes: notes.length,
  };
}

/** Summarises the git sync of the workspace with its inner repositories, or of the vault, separately. */
function treesPart(trees: readonly TreeReport[], role: TreeReport['role']): SavePart {
  const own = trees.filter((tree) => tree.role === role);
  // A vault without changes has no part in this save.
  if (own.length === 0 || (role === 'vault' && own.every(({ state }) => state === 'nothing'))) return NONE;
  const problem = worstTree({ trees: own })?.problem ?? null;
  return problem === null && own[0]?.state === 'local' ? { ending: 'local', error: null } : partOf(problem);
}

const NONE: SavePart = { ending: 'none', error: null };

function partOf(error: AppError | null): SavePart {
  return { ending: endingOf(error), error };
}

/** The log's id in the index; null where not listed. */
async function idOf(core: AppCore, { report }: SessionKept): Promise<LogId | null> {
  const { path, workspace } = report.save;
  const { self, surroundings } = core.sync;
  if (workspace === null) {
    const own = parseLogPath(path.startsWith(SESSION_LOGS) ? path.slice(SESSION_LOGS.length) : path);
    return own.ok ? logId(self.uuid, own.value) : null;
  }
  const roots = await surroundings.workspaces();
  const root = roots.find((one) => one.root === folderPath(workspace));
  return root === undefined ? null : logId(root.machine, path as LogPath);
}

function depsOf({ git, runner, systemUser }: SaveServiceParts, core: AppCore): SaveSessionDeps {
  const { paths, settings } = core;
  return {
    ...core.sync,
    git,
    runner,
    systemUser,
    paths,
    settings,
    hostname: core.identityDeps.probe.hostname(),
  };
}

function requestOf(core: AppCore, { workspace, topic, scope, text }: ParsedInput<'save.check'>): SaveRequest {
  const name = scope?.name.trim() ?? '';
  return {
    cwd: workspace ?? core.paths.home,
    workspace,
    inDataFolder: workspace === null,
    scope: scope === null || name === '' ? null : { kind: scope.kind, name },
    session: null,
    text: new TextEncoder().encode(text),
    // A failure keeps the text; so does the page.
    from: { kind: 'stream' },
    topic: topic === '' ? null : topic,
    log: null,
  };
}
