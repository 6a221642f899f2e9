import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import type { LogSession } from '../../../shared/domain/log-text/log-reader.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { readCached } from '../sync/cache.ts';
import {
  findCopies,
  isInReach,
  notHere,
  type CopyOnDisk,
  type FoundCopies,
  type LogDeps,
  type WhichCopy,
} from './copies-on-disk.ts';

export interface ReadLog {
  /** As the list has it. */
  readonly row: LogRow;
  /** Of a session of which only a daily log is at hand its entries there, UTF-8. */
  readonly bytes: Uint8Array;
  /** The file that it was read from, absolute. */
  readonly file: string;
  /** Line in that file where it begins, 1-based. */
  readonly line: number;
}

/**
 * Reads one log from this disk, of a session the fullest text at hand: a workspace's log, an own one, another machine's from the cache
 * (digest checked), else what a daily log holds of it.
 * @param id of a row or of one of its copies: `<machine-uuid>/<relative path>`, with `#<session>` for a session inside a daily log
 * @returns `not-found` when the index does not know it, or when no copy is on this disk (`details.inStore` then)
 */
export async function readLog(
  deps: LogDeps,
  id: string,
  which: WhichCopy = {},
): Promise<Result<ReadLog, AppError>> {
  const found = await findCopies(deps, id as LogId, which);
  if (!found.ok) return found;
  let trouble: AppError | null = null;
  for (const copy of found.value.copies) {
    const read = await readCopy(deps, copy);
    if (!read.ok) trouble ??= read.error;
    else if (read.value !== null) return ok({ row: found.value.row, ...read.value });
  }
  return err(trouble ?? notHere(found.value, deps.self.uuid));
}

/**
 * Finds the file that {@link readLog} would read, for programs that open it themselves.
 * @returns its absolute path and the line where the log begins in it
 */
export async function locateLog(
  deps: LogDeps,
  id: string,
  which: WhichCopy = {},
): Promise<Result<Pick<ReadLog, 'file' | 'line'>, AppError>> {
  const found = await findCopies(deps, id as LogId, which);
  return found.ok ? locate(deps, found.value) : found;
}

async function locate(
  deps: LogDeps,
  found: FoundCopies,
): Promise<Result<Pick<ReadLog, 'file' | 'line'>, AppError>> {
  for (const copy of found.copies) {
    if (!(await isInReach(deps, copy))) continue;
    const facts = await deps.files.stat(copy.file);
    if (!facts.ok || facts.value?.kind !== 'file') continue;
    if (copy.kind === 'cached' && !(await deps.files.isWithin(copy.file, copy.within))) continue;
    if (copy.part === null) return ok({ file: copy.file, line: 1 });
    const read = await readCopy(deps, copy);
    if (read.ok && read.value !== null) return ok(read.value);
  }
  return err(notHere(found, deps.self.uuid));
}

type Text = Omit<ReadLog, 'row'>;

async function readCopy(deps: LogDeps, copy: CopyOnDisk): Promise<Result<Text | null, AppError>> {
  if (!(await isInReach(deps, copy))) return ok(null);
  const content = copy.kind === 'cached' ? await readPulled(deps, copy) : await deps.files.read(copy.file);
  if (!content.ok || content.value === null) return content as Result<null, AppError>;
  if (copy.part === null) return ok({ bytes: content.value, file: copy.file, line: 1 });
  const text = decodeLog(content.value);
  const session = readLogText(text, copy.path).entries.find(({ id }) => id === copy.part);
  // The log was changed since it was described; another copy may still have the session.
  if (session === undefined) return ok(null);
  return ok({ bytes: entriesOf(text, session), file: copy.file, line: session.ranges[0]?.[0] ?? 1 });
}

/** An outdated copy is better than none while the store is out of reach; the row says that it is stale. */
async function readPulled(
  deps: LogDeps,
  { row, machine, path }: CopyOnDisk,
): Promise<Result<Uint8Array | null, AppError>> {
  const content = await readCached(deps, machine, path, row.sha256);
  if (content.ok || !row.stale) return content;
  const digests = await deps.index.cachedDigests(machine);
  if (!digests.ok) return digests;
  return readCached(deps, machine, path, digests.value.find((one) => one.path === path)?.sha256 ?? '');
}

/** The entries of one session out of a daily log, one after the other. */
function entriesOf(text: string, { ranges }: LogSession): Uint8Array {
  const lines = text.split('\n');
  const entries = ranges.map(([first, last]) =>
    lines
      .slice(first - 1, last)
      .join('\n')
      .trimEnd(),
  );
  return new TextEncoder().encode(`${entries.join('\n\n')}\n`);
}
