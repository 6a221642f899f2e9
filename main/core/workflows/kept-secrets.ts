import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok } from '../../../shared/result.ts';
import type { Finding } from '../../../shared/secrets/finding.ts';
import { withhold, withheldOf, type Withheld } from '../../../shared/secrets/withhold.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';
import type { SecretWatch } from '../ports/secret-watch.ts';
import { labelsOfBytes, NO_PLACE, placeAfter, valuesBehind } from '../secrets/kept-labels.ts';
import type { KeptLog, KeptValue, KeptValues } from '../secrets/kept-values.ts';
import type { NotSecrets } from '../secrets/not-secrets.ts';
import { bytesOfValue, secretId, textOfValue } from '../secrets/secret-id.ts';
import { valuesOf } from '../secrets/withholding-files.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** What the commands about kept values need. */
export interface KeptDeps {
  readonly disk: Files;
  readonly bytes: Bytes;
  readonly logger: Logger;
  readonly kept: KeptValues;
  readonly notSecrets: NotSecrets;
  readonly watch: SecretWatch;
  /** Name of this machine, for labels. */
  readonly host: string;
}

/** The parts of a core used. */
export interface KeptBase {
  readonly disk: Files;
  readonly sync: Pick<SyncDeps, 'bytes' | 'logger' | 'self'>;
  readonly secrets: Pick<KeptDeps, 'kept' | 'notSecrets' | 'watch'>;
}

/** Extracts the dependencies of the commands about kept values. */
export function keptDeps({ disk, sync, secrets }: KeptBase): KeptDeps {
  const { bytes, logger, self } = sync;
  const { kept, notSecrets, watch } = secrets;
  return { disk, bytes, logger, kept, notSecrets, watch, host: self.hostname };
}

/** A kept secret's metadata. */
export interface KeptSecret {
  readonly id: string;
  readonly kind: string;
  /** Logs that contain it: relative to `session-logs/`, or absolute. */
  readonly logs: readonly string[];
  /** The machine that keeps and shares it; null if kept here. */
  readonly host: string | null;
}

/** Lists every value kept on this machine, each once. */
export async function listKept({ kept, bytes }: KeptDeps): Answer<readonly KeptSecret[]> {
  return mapOk(await kept.all(), (all) => secretsIn(bytes, all, null));
}

/** The values of some logs, each once. @param host the machine that keeps them; null for this one */
export function secretsIn(bytes: Bytes, all: readonly KeptLog[], host: string | null): readonly KeptSecret[] {
  const secrets = new Map<string, { id: string; kind: string; logs: Set<string> }>();
  for (const { path, values } of all) {
    for (const { kind, value } of values) {
      const id = secretId(bytes, bytesOfValue(value));
      const secret = secrets.get(id) ?? { id, kind, logs: new Set<string>() };
      secret.logs.add(path);
      secrets.set(id, secret);
    }
  }
  return [...secrets.values()].map(({ logs, ...secret }) => ({ ...secret, host, logs: [...logs].sort() }));
}

/**
 * Returns the value of an id. Each call is counted in the app log, without the value.
 * @param id from `listKept`, or its first digits
 * @param others of machines that share theirs
 */
export async function showKept(deps: KeptDeps, id: string, others: readonly KeptLog[] = []): Answer<string> {
  const all = await deps.kept.all();
  if (!all.ok) return all;
  const found = [...all.value, ...others]
    .flatMap(({ values }) => values)
    .find(({ value }) => id !== '' && secretId(deps.bytes, bytesOfValue(value)).startsWith(id));
  if (found === undefined) return err(unknownSecret(id));
  deps.logger.info('a kept secret was shown', { kind: found.kind });
  return ok(textOfValue(found.value));
}

/** Forgets a kept value: it then exists only in logs that still hold it. */
export async function forgetKept(deps: KeptDeps, id: string): Answer<KeptSecret> {
  const listed = await listKept(deps);
  if (!listed.ok) return listed;
  const secret = listed.value.find((one) => id !== '' && one.id.startsWith(id));
  if (secret === undefined) return err(unknownSecret(id));
  for (const path of secret.logs) {
    const log = await deps.kept.of(path);
    if (!log.ok) return log;
    const rest = log.value?.values.filter(
      ({ value }) => secretId(deps.bytes, bytesOfValue(value)) !== secret.id,
    );
    const done =
      rest === undefined || rest.length === 0
        ? await deps.kept.drop(path)
        : await deps.kept.keep({ path, values: rest });
    if (!done.ok) return done;
  }
  return ok(secret);
}

/** The result of withholding a file's secrets. */
export interface WithheldFile {
  readonly file: string;
  readonly secrets: number;
}

/**
 * Replaces a file's secrets with labels and keeps the values here, before it goes into a repository.
 * @param file absolute
 */
export async function withholdFile(deps: KeptDeps, file: string): Answer<WithheldFile> {
  const content = await deps.disk.read(file);
  if (!content.ok) return content;
  if (content.value === null)
    return fail('not-found', `There is no ${file}.`, 'Correct the path; nothing was changed.');
  const bytes = content.value;
  const found = await deps.watch.find(bytes);
  if (!found.ok) return found;
  if (found.value.length === 0) return ok({ file, secrets: 0 });
  const withheld = withheldOf(bytes, found.value, deps.host);
  const before = await deps.kept.of(file);
  if (!before.ok) return before;
  const values = valuesAfter(bytes, withheld, found.value, before.value?.values ?? [], deps.host);
  const kept = await deps.kept.keep({ path: file, values });
  if (!kept.ok) return kept;
  const written = await rewrite(deps.disk, file, withhold(bytes, withheld));
  return written.ok ? ok({ file, secrets: found.value.length }) : written;
}

/** Values by the places of their labels in the new file; earlier ones stay known without a place. */
function valuesAfter(
  bytes: Uint8Array,
  withheld: readonly Withheld[],
  found: readonly Finding[],
  before: readonly KeptValue[],
  host: string,
): readonly KeptValue[] {
  const labels = labelsOfBytes(bytes);
  const moved = labels.flatMap((label) => {
    const [value, another] = valuesBehind(label, before, labels, host);
    if (value === undefined || another !== undefined) return [];
    return [{ ...value, at: placeAfter(label.start, withheld) }];
  });
  const there = [...moved, ...valuesOf(bytes, withheld, found)].sort((a, b) => a.at - b.at);
  const gone = before.filter(({ value }) => there.every((one) => one.value !== value));
  return [...gone.map((value) => ({ ...value, at: NO_PLACE })), ...there];
}

/**
 * Marks a kept value of a file as no secret and restores it in place of its labels there.
 * @param file absolute
 * @param name under which its values are kept
 * @returns false when the file keeps no such value
 */
export async function unlabel(deps: KeptDeps, file: string, name: string, id: string): Answer<boolean> {
  const [kept, bytes] = [await deps.kept.of(name), await deps.disk.read(file)];
  if (!kept.ok) return kept;
  if (!bytes.ok) return bytes;
  const isIt = ({ value }: KeptValue): boolean =>
    id !== '' && secretId(deps.bytes, bytesOfValue(value)).startsWith(id);
  const all = kept.value?.values ?? [];
  const found = all.find(isIt);
  if (found === undefined || bytes.value === null) return ok(false);
  const value = bytesOfValue(found.value);
  const marked = await deps.notSecrets.mark(deps.bytes.sha256(value), false);
  if (!marked.ok) return marked;
  const labels = labelsOfBytes(bytes.value);
  const places = labels.flatMap((one) => {
    const [only, another] = valuesBehind(one, all, labels, deps.host);
    const isSure = only !== undefined && another === undefined && isIt(only);
    return isSure ? [{ start: one.start, end: one.end, label: value }] : [];
  });
  const written = await rewrite(deps.disk, file, withhold(bytes.value, places));
  if (!written.ok) return written;
  const rest = all.filter((one) => !isIt(one)).map((one) => ({ ...one, at: placeAfter(one.at, places) }));
  const done =
    rest.length === 0 ? await deps.kept.drop(name) : await deps.kept.keep({ path: name, values: rest });
  return done.ok ? ok(true) : done;
}

/** Rewrites a file with its permissions unchanged. */
async function rewrite(disk: Files, file: string, bytes: Uint8Array): Answer<void> {
  const facts = await disk.stat(file);
  const mode = facts.ok && facts.value !== null ? facts.value.mode & 0o777 : 0o600;
  return disk.replace(file, bytes, { mode });
}

/**
 * Marks a value as no secret.
 * @param files absolute; files that contain it
 */
export async function allowValue(
  deps: KeptDeps,
  id: string,
  files: readonly string[],
): Answer<{ readonly id: string }> {
  for (const file of files) {
    const content = await deps.disk.read(file);
    if (!content.ok) return content;
    if (content.value === null) continue;
    const unlabelled = await unlabel(deps, file, file, id);
    if (!unlabelled.ok) return unlabelled;
    if (unlabelled.value) return ok({ id });
    const found = await deps.watch.find(content.value);
    if (!found.ok) return found;
    for (const { start, end } of found.value) {
      const value = content.value.subarray(start, end);
      if (id === '' || !secretId(deps.bytes, value).startsWith(id)) continue;
      const marked = await deps.notSecrets.mark(deps.bytes.sha256(value), false);
      return marked.ok ? ok({ id: secretId(deps.bytes, value) }) : marked;
    }
  }
  return err(unknownSecret(id));
}

function unknownSecret(id: string): AppError {
  return appError(
    'not-found',
    `No secret here has the id ${id.slice(0, 20)}.`,
    '`session-log secrets list` shows those that are kept, `session-log secrets scan` those in logs.',
  );
}
