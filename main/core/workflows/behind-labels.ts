import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { labelHost, type SecretLabel } from '../../../shared/secrets/withhold.ts';
import { readLog, type ReadLog } from '../logs/read-log.ts';
import { WHOLE_FILE } from '../logs/session-entries.ts';
import { labelsOfBytes, valuesBehind } from '../secrets/kept-labels.ts';
import type { KeptValue } from '../secrets/kept-values.ts';
import type { SharedValues } from '../secrets/shared-values.ts';
import { bytesOfValue, secretId, textOfValue } from '../secrets/secret-id.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { sharedBy } from './share-kept.ts';
import { keptDeps, unlabel, type KeptBase, type KeptDeps } from './kept-secrets.ts';

/** A label in a displayed log. */
export interface AskedLabel {
  readonly id: LogId;
  /** As in `logs.read`. */
  readonly exact: boolean;
  /** 0-based index among the labels in the log's text. */
  readonly nth: number;
}

/** A possible value of a label, and an id that does not reveal it. */
export interface RevealedValue {
  readonly id: string;
  readonly value: string;
}

export interface LabelBase extends KeptBase {
  readonly sync: SyncDeps;
  readonly secrets: KeptBase['secrets'] & { readonly shared?: SharedValues };
}

/**
 * Returns what a label stands for, where it is kept on this machine. Each call is counted in the app log, without the value.
 * @param purpose the value's use, for the app log
 * @returns several where edits to the log make it ambiguous; `not-found` says where the value is
 */
export async function revealLabel(
  base: LabelBase,
  asked: AskedLabel,
  purpose: 'show' | 'copy',
): Answer<readonly RevealedValue[]> {
  const deps = keptDeps(base);
  const found = await lookBehind(base, deps, asked);
  if (!found.ok) return found;
  const { label, values } = found.value;
  deps.logger.info(purpose === 'copy' ? 'a kept secret was copied' : 'a kept secret was shown', {
    kind: label.kind,
  });
  return ok(
    values.map(({ value }) => ({
      id: secretId(deps.bytes, bytesOfValue(value)),
      value: textOfValue(value),
    })),
  );
}

/**
 * Marks a label's value as no secret and restores it in place of its labels in that log.
 * @param id of the value, from {@link revealLabel}
 */
export async function allowLabel(base: LabelBase, asked: AskedLabel, id: string): Answer<void> {
  const deps = keptDeps(base);
  const found = await lookBehind(base, deps, asked);
  if (!found.ok) return found;
  const { log, name, label, values, isOwn } = found.value;
  const isBehind = isOwn && values.some(({ value }) => secretId(deps.bytes, bytesOfValue(value)) === id);
  if (!isBehind) return err(notKept(label, deps.host));
  const unlabelled = await unlabel(deps, log.file, name, id);
  if (!unlabelled.ok) return unlabelled;
  return unlabelled.value ? ok(undefined) : err(notKept(label, deps.host));
}

interface Behind {
  readonly log: ReadLog;
  /** Name its values are kept under. */
  readonly name: string;
  readonly label: SecretLabel;
  /** False for a value kept by the same person's other machine. */
  readonly isOwn: boolean;
  /** Never empty. */
  readonly values: readonly KeptValue[];
}

async function lookBehind(base: LabelBase, deps: KeptDeps, { id, exact, nth }: AskedLabel): Answer<Behind> {
  const { sync } = base;
  const log = await readLog(sync, id, { exact });
  if (!log.ok) return log;
  const { bytes, file, row, stretches } = log.value;
  const labels = labelsOfBytes(bytes);
  const label = labels[nth];
  if (label === undefined) return err(changed());
  // By name for an own log, by path for a file elsewhere.
  const logs = `${sync.paths.sessionLogs}/`;
  const name = file.startsWith(logs) ? file.slice(logs.length) : file;
  const own = await deps.kept.of(name);
  if (!own.ok) return own;
  const placed = stretches === WHOLE_FILE ? labels : null;
  const here = valuesBehind(label, own.value?.values ?? [], placed, deps.host);
  if (here.length > 0) return ok({ log: log.value, name, label, values: here, isOwn: true });
  if (label.host === null || row.machine === sync.self.uuid) return err(notKept(label, deps.host));
  const shared = await sharedBy(base, row.machine);
  if (!shared.ok) return shared;
  const theirs = shared.value?.logs.find(({ path }) => path === row.path)?.values ?? [];
  const values = valuesBehind(label, theirs, placed, shared.value?.host ?? '');
  return values.length === 0
    ? err(notKept(label, deps.host))
    : ok({ log: log.value, name, label, values, isOwn: false });
}

function notKept({ host }: SecretLabel, here: string): AppError {
  if (host === null)
    return appError(
      'not-found',
      'This value is in the agent’s transcript only.',
      'Read the conversation of the session, on the machine where it ran.',
    );
  return host === labelHost(here)
    ? appError(
        'not-found',
        'This value is no longer kept here.',
        'It may stand in an earlier version of the log, or where it is valid.',
      )
    : appError(
        'not-found',
        `This value is kept on ${host}, and not shared with this machine.`,
        `Open the log on ${host}. If it is yours too, share its values: run \`session-log secrets share\` here and there.`,
      );
}

function changed(): AppError {
  return appError('not-found', 'The log has changed in the meantime.', 'Open it again.');
}
