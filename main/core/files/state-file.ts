import * as v from 'valibot';
import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';

/** The format of one state file. */
export interface StateFormat<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** Size limit for reading; bytes. */
  readonly maxBytes: number;
}

type Warn = Pick<Logger, 'warn'>;

export const MIB = 1024 * 1024;

/**
 * The schema of an object with `schema: 1`; files of early versions lack it. Ignores other members, so that a later version may add some.
 */
export function stateObject<E extends v.ObjectEntries>(entries: E) {
  return v.object({ schema: v.optional(v.literal(1)), ...entries });
}

/** A list that keeps only valid members: one from a later version does not affect the others. */
export function knownOf<T>(item: v.GenericSchema<unknown, T>) {
  return v.pipe(
    v.array(v.unknown()),
    v.transform((items): readonly T[] =>
      items.flatMap((one) => {
        const parsed = v.safeParse(item, one);
        return parsed.success ? [parsed.output] : [];
      }),
    ),
  );
}

/** Reads a state file without changing it: for readers that do not hold its writers' lock. @returns as {@link readState} */
export async function peekState<T>(files: Files, path: string, format: StateFormat<T>): Answer<T | null> {
  const bytes = await files.readHead(path, format.maxBytes + 1);
  if (!bytes.ok || bytes.value === null) return bytes as Result<null, AppError>;
  const content = understand(bytes.value, format);
  return ok(content.ok ? content.value : null);
}

/**
 * Reads a state file. One that is damaged, too large or of a later version is renamed to `<name>.damaged-<date of its last change>`, so
 * that the program continues without it and nothing is lost.
 * @param logger receives one sentence about a renamed file
 * @returns null when there is no usable one; the failure when the disk refuses to read or to rename it: nothing may be written then
 */
export async function readState<T>(
  files: Files,
  path: string,
  format: StateFormat<T>,
  logger?: Warn,
): Answer<T | null> {
  const bytes = await files.readHead(path, format.maxBytes + 1);
  if (!bytes.ok) return bytes;
  if (bytes.value === null) return ok(null);
  const content = understand(bytes.value, format);
  if (content.ok) return content;
  const kept = await keepAside(files, path);
  if (!kept.ok) return kept;
  if (kept.value !== null) logger?.warn(`${path} ${content.error}; it was kept as ${kept.value}`, { path });
  return ok(null);
}

/** {@link readState} where the file only saves work: an unreadable one counts as absent, which is logged too. */
export async function recallState<T>(
  files: Files,
  path: string,
  format: StateFormat<T>,
  logger?: Warn,
): Promise<T | null> {
  const read = await readState(files, path, format, logger);
  if (read.ok) return read.value;
  logger?.warn(read.error.message, { path, code: read.error.code });
  return null;
}

/** Replaces a state file as a whole; creates a missing folder. */
export function writeState(files: Files, path: string, value: unknown): Answer<void> {
  return files.replace(path, new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

/** @returns the file's content, or why it is unusable, to follow its name in a sentence */
function understand<T>(bytes: Uint8Array, { schema, maxBytes }: StateFormat<T>): Result<T, string> {
  if (bytes.length > maxBytes) return err(`is larger than ${maxBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err(bytes.length === 0 ? 'is empty' : 'is not valid JSON');
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  return err(isLater(value) ? 'was written by a later version' : 'holds something else than it should');
}

function isLater(value: unknown): boolean {
  const { schema } = (value ?? {}) as { readonly schema?: unknown };
  return typeof schema === 'number' && schema > 1;
}

/** The names {@link keepAside} makes. */
const KEPT = /^(.+)\.damaged-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:-\d+)?$/;

/** The state file that was renamed to this because it was unusable; null for every other name. */
export function keptAsideOf(name: string): string | null {
  return KEPT.exec(name)?.[1] ?? null;
}

/** When a file with such a name was last changed, by its name: epoch milliseconds, to the second; null for every other name. */
export function keptAsideSince(name: string): number | null {
  const [, , date, hour, minute, second] = KEPT.exec(name) ?? [];
  const at = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}

/** @returns the new path; null when another process has moved the file already */
async function keepAside(files: Files, path: string): Answer<string | null> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok(null);
  const date = new Date(facts.value.mtimeMs).toISOString().slice(0, 19).replaceAll(':', '-');
  for (let n = 1; ; n++) {
    const kept = `${path}.damaged-${date}${n === 1 ? '' : `-${n}`}`;
    const moved = await files.move(path, kept);
    if (moved.ok) return ok(kept);
    if (moved.error.code === 'not-found') return ok(null);
    if (moved.error.code === 'precondition' && n < 100) continue;
    return fail(
      'corrupt',
      `${path} cannot be used and could not be renamed: ${moved.error.message}`,
      moved.error.remedy,
      { details: { path } },
    );
  }
}
