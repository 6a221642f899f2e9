import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { labelHost, withhold, type SecretLabel } from '../../../shared/secrets/withhold.ts';
import { readLog, type ReadLog } from '../logs/read-log.ts';
import { WHOLE_FILE } from '../logs/session-entries.ts';
import { labelsOfBytes, placeAfter, valuesBehind } from '../secrets/kept-labels.ts';
import type { KeptValue } from '../secrets/kept-values.ts';
import { bytesOfValue, secretId, textOfValue } from '../secrets/secret-id.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { keptDeps, type KeptBase, type KeptDeps } from './kept-secrets.ts';

/** A label in a log as a person sees it. */
export interface AskedLabel {
  readonly id: LogId;
  /** As in `logs.read`. */
  readonly exact: boolean;
  /** Which of the labels in the text of the log, from 0. */
  readonly nth: number;
}

/** A value that a label may stand for, and what names it without saying it. */
export interface RevealedValue {
  readonly id: string;
  readonly value: string;
}

export interface LabelBase extends KeptBase {
  readonly sync: SyncDeps;
}

/**
 * What a label stands for, where it is kept on this machine. Each time is counted in the app log, without the value.
 * @param purpose what becomes of it, for the app log
 * @returns several where a log was edited so that nobody can tell which it is; `not-found` says where the value is
 */
export async function revealLabel(
  base: LabelBase,
  asked: AskedLabel,
  purpose: 'show' | 'copy',
): Promise<Result<readonly RevealedValue[], AppError>> {
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
 * Remembers that what stands behind a label is no secret, and puts it back in the place of its labels in that log.
 * @param id of the value, as {@link revealLabel} gives it
 */
export async function allowLabel(
  base: LabelBase,
  asked: AskedLabel,
  id: string,
): Promise<Result<void, AppError>> {
  const deps = keptDeps(base);
  const found = await lookBehind(base, deps, asked);
  if (!found.ok) return found;
  const { log, name, kept, label } = found.value;
  const isIt = ({ value }: KeptValue): boolean => secretId(deps.bytes, bytesOfValue(value)) === id;
  const value = found.value.values.find(isIt)?.value;
  if (value === undefined) return err(notKept(label, deps.host));
  const marked = await deps.notSecrets.mark(deps.bytes.sha256(bytesOfValue(value)), false);
  if (!marked.ok) return marked;
  const bytes = await deps.disk.read(log.file);
  if (!bytes.ok || bytes.value === null) return bytes as Result<never, AppError>;
  const labels = labelsOfBytes(bytes.value);
  const places = labels.flatMap((one) => {
    const [only, another] = valuesBehind(one, kept, labels, deps.host);
    const isSure = only !== undefined && another === undefined && isIt(only);
    return isSure ? [{ start: one.start, end: one.end, label: bytesOfValue(value) }] : [];
  });
  const facts = await deps.disk.stat(log.file);
  const mode = facts.ok && facts.value !== null ? facts.value.mode & 0o777 : 0o600;
  const written = await deps.disk.replace(log.file, withhold(bytes.value, places), { mode });
  if (!written.ok) return written;
  const values = kept.filter((one) => !isIt(one)).map((one) => ({ ...one, at: placeAfter(one.at, places) }));
  return values.length === 0 ? deps.kept.drop(name) : deps.kept.keep({ path: name, values });
}

interface Behind {
  readonly log: ReadLog;
  /** Under which its values are kept. */
  readonly name: string;
  readonly label: SecretLabel;
  readonly kept: readonly KeptValue[];
  /** Never empty. */
  readonly values: readonly KeptValue[];
}

async function lookBehind(
  { sync }: LabelBase,
  deps: KeptDeps,
  { id, exact, nth }: AskedLabel,
): Promise<Result<Behind, AppError>> {
  const log = await readLog(sync, id, { exact });
  if (!log.ok) return log;
  const { bytes, file, stretches } = log.value;
  const labels = labelsOfBytes(bytes);
  const label = labels[nth];
  if (label === undefined) return err(changed());
  // Under the name of an own log, or under the path of a file elsewhere.
  const logs = `${sync.paths.sessionLogs}/`;
  const name = file.startsWith(logs) ? file.slice(logs.length) : file;
  const known = await deps.kept.of(name);
  if (!known.ok) return known;
  const kept = known.value?.values ?? [];
  const values = valuesBehind(label, kept, stretches === WHOLE_FILE ? labels : null, deps.host);
  return values.length === 0
    ? err(notKept(label, deps.host))
    : ok({ log: log.value, name, label, kept, values });
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
        'This value is not kept here any more.',
        'It may stand in an earlier version of the log, or where it is valid.',
      )
    : appError('not-found', `This value is kept on ${host}, and nowhere else.`, `Open the log on ${host}.`);
}

function changed(): AppError {
  return appError('not-found', 'The log has changed in the meantime.', 'Open it again.');
}
