import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';

/** What one state file may hold. */
export interface StateFormat<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** A larger file is not taken into memory; bytes. */
  readonly maxBytes: number;
}

type Warn = Pick<Logger, 'warn'>;

export const MIB = 1024 * 1024;

/**
 * The schema of a file that is an object and says `schema: 1`; files of early versions do not say it. Members that are not named are
 * passed over, so that a later version may add some.
 */
export function stateObject<E extends v.ObjectEntries>(entries: E) {
  return v.object({ schema: v.optional(v.literal(1)), ...entries });
}

/** A list of which only the members that can be understood are kept: what a later version wrote among them costs itself alone. */
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

/** Reads a state file and leaves it as it is: for readers that do not hold the lock of its writers. @returns as {@link readState} */
export async function peekState<T>(
  files: Files,
  path: string,
  format: StateFormat<T>,
): Promise<Result<T | null, AppError>> {
  const bytes = await files.readHead(path, format.maxBytes + 1);
  if (!bytes.ok || bytes.value === null) return bytes as Result<null, AppError>;
  const content = understand(bytes.value, format);
  return ok(content.ok ? content.value : null);
}

/**
 * Reads a state file. One that is damaged, too large or of a later version is renamed to `<name>.damaged-<date of its last change>`, so that
 * the program goes on without it and nothing is lost.
 * @param logger hears of a file that was renamed, in one sentence
 * @returns null when there is none that can be used; the failure when the disk refuses to read or to rename it: nothing may be written then
 */
export async function readState<T>(
  files: Files,
  path: string,
  format: StateFormat<T>,
  logger?: Warn,
): Promise<Result<T | null, AppError>> {
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

/** As {@link readState} where the file only saves work: one that the disk refuses to read counts as none, which is said too. */
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

/** Replaces a state file as a whole; the folder is made when it is missing. */
export function writeState(files: Files, path: string, value: unknown): Promise<Result<void, AppError>> {
  return files.replace(path, new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

/** @returns what the file holds, or why that is of no use, to follow its name in a sentence */
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

/** As {@link keepAside} names what it renames. */
const KEPT = /^(.+)\.damaged-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:-\d+)?$/;

/** The state file that was renamed to this name because it was of no use; null for every other name. */
export function keptAsideOf(name: string): string | null {
  return KEPT.exec(name)?.[1] ?? null;
}

/** When the file under such a name was changed last, by its name: epoch milliseconds, to the second; null for every other name. */
export function keptAsideSince(name: string): number | null {
  const [, , date, hour, minute, second] = KEPT.exec(name) ?? [];
  const at = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}

/** @returns the new path; null when the file is gone already, because another process was quicker */
async function keepAside(files: Files, path: string): Promise<Result<string | null, AppError>> {
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
    return err(
      appError(
        'corrupt',
        `${path} cannot be used and could not be renamed: ${moved.error.message}`,
        moved.error.remedy,
        { details: { path } },
      ),
    );
  }
}
