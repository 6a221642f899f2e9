import { decodeLog } from '../../../shared/domain/decode-log.ts';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { readCached } from './cache.ts';
import {
  findCopies,
  inCommitOnly,
  isInReach,
  notHere,
  type CopyOnDisk,
  type FoundCopies,
  type LogDeps,
  type WhichCopy,
} from './copies-on-disk.ts';
import { cutEntries, WHOLE_FILE } from './session-entries.ts';
import type { Stretch } from '../../../shared/domain/log-text/stretches.ts';

export interface ReadLog {
  /** As in the list. */
  readonly row: LogRow;
  /** For a session only in a daily log, its entries there, UTF-8. */
  readonly bytes: Uint8Array;
  /** The file it was read from, absolute; its former path, if only a commit has it. */
  readonly file: string;
  /** Full name of the commit it was read from; null for a file. */
  readonly commit: string | null;
  /** 1-based line of the file where it begins. */
  readonly line: number;
  /** Its lines' positions in that file. */
  readonly stretches: readonly Stretch[];
}

/**
 * Reads one log from this disk, for a session the fullest text available: a workspace's log, an own one, another machine's from the cache
 * (digest checked), one that only git has from its commit, else its part of a daily log.
 * @param id of a row or of one of its copies: `<machine-uuid>/<relative path>`, with `#<session>` for a session inside a daily log
 * @returns `not-found` when it is not indexed, or when no copy is on this disk (`details.inStore` then)
 */
export async function readLog(deps: LogDeps, id: string, which: WhichCopy = {}): Answer<ReadLog> {
  const found = await findCopies(deps, id as LogId, which);
  if (!found.ok) return found;
  let failure: AppError | null = null;
  for (const copy of found.value.copies) {
    const read = await readCopy(deps, copy);
    if (!read.ok) failure ??= read.error;
    else if (read.value !== null) return ok({ row: found.value.row, ...read.value });
  }
  return err(failure ?? notHere(found.value, deps.self.uuid));
}

/** A log's position in a file of this disk. */
export type LogInFile = Pick<ReadLog, 'file' | 'line' | 'stretches'>;

/**
 * Finds the file that {@link readLog} would read, for programs that open it themselves.
 * @returns its absolute path, and the log's position in it
 */
export async function locateLog(deps: LogDeps, id: string, which: WhichCopy = {}): Answer<LogInFile> {
  const found = await findCopies(deps, id as LogId, which);
  return found.ok ? locate(deps, found.value) : found;
}

async function locate(deps: LogDeps, found: FoundCopies): Answer<LogInFile> {
  for (const copy of found.copies) {
    if (copy.kind === 'git' || !(await isInReach(deps, copy))) continue;
    const facts = await deps.files.stat(copy.file);
    if (!facts.ok || facts.value?.kind !== 'file') continue;
    if (copy.kind === 'cached' && !(await deps.files.isWithin(copy.file, copy.within))) continue;
    if (copy.part === null) return ok({ file: copy.file, line: 1, stretches: WHOLE_FILE });
    const read = await readCopy(deps, copy);
    if (read.ok && read.value !== null) return ok(read.value);
  }
  const committed = found.copies.find(({ kind }) => kind === 'git');
  return err(committed === undefined ? notHere(found, deps.self.uuid) : inCommitOnly(committed));
}

/** A log of a year of long sessions has a few MB; a much larger text would not even fit into one string. Bytes. */
const READ_LIMIT = 128 * 1024 * 1024;

function tooLarge({ path, file }: CopyOnDisk, size: number): AppError {
  return appError(
    'invalid-input',
    `${path} has ${formatBytes(size)}, which is too much to be shown as one text.`,
    `Open the file itself: ${file}`,
    { details: { path, file, size } },
  );
}

type Text = Omit<ReadLog, 'row'>;

async function readCopy(deps: LogDeps, copy: CopyOnDisk): Answer<Text | null> {
  if (!(await isInReach(deps, copy))) return ok(null);
  const content = copy.kind === 'git' ? await readCommitted(deps, copy) : await readFile(deps, copy);
  if (!content.ok || content.value === null) return content as Result<null, AppError>;
  const { file } = copy;
  const commit = copy.kind === 'git' ? copy.row.commit : null;
  if (copy.part === null) return ok({ bytes: content.value, file, commit, line: 1, stretches: WHOLE_FILE });
  const text = decodeLog(content.value);
  const session = readLogText(text, copy.path).entries.find(({ id }) => id === copy.part);
  // The log changed since it was described; another copy may still have the session.
  if (session === undefined) return ok(null);
  const entries = cutEntries(text, session);
  const bytes = new TextEncoder().encode(entries.text);
  return ok({ bytes, file, commit, line: entries.stretches[0]?.first ?? 1, stretches: entries.stretches });
}

async function readFile(deps: LogDeps, copy: CopyOnDisk): Answer<Uint8Array | null> {
  const facts = await deps.files.stat(copy.file);
  if (!facts.ok) return facts;
  if (facts.value !== null && facts.value.size > READ_LIMIT) return err(tooLarge(copy, facts.value.size));
  return copy.kind === 'cached' ? readPulled(deps, copy) : deps.files.read(copy.file);
}

/** One above the read limit is not even listed. */
async function readCommitted(
  { history }: LogDeps,
  { row, within, path }: CopyOnDisk,
): Answer<Uint8Array | null> {
  const read = await history.read(within, [{ path, commit: row.commit ?? '' }]);
  return mapOk(read, ([bytes = null]) => bytes);
}

/** An outdated copy is better than none while the store is unreachable; the row says that it is stale. */
async function readPulled(deps: LogDeps, { row, machine, path }: CopyOnDisk): Answer<Uint8Array | null> {
  const content = await readCached(deps, machine, path, row.sha256);
  if (content.ok || !row.stale) return content;
  const digests = await deps.index.cachedDigests(machine);
  if (!digests.ok) return digests;
  return readCached(deps, machine, path, digests.value.find((one) => one.path === path)?.sha256 ?? '');
}
