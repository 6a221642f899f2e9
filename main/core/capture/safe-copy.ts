import { appError, isAppError, type AppError, stoppedRun, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import type { FoundSession, TranscriptFile, TranscriptSource } from '../ports/transcript-source.ts';
import { RECORD } from './copy-place.ts';
import {
  copiedFiles,
  nextPieceName,
  readCopy,
  recordPiece,
  type CopiedFile,
  type CopiedPiece,
} from './copy-record.ts';

export interface CopyDeps {
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256' | 'gzip' | 'gunzip'>;
}

/** Result of a copy. */
export interface CopyReport {
  /** Every file's current copied content. */
  readonly held: readonly CopiedFile[];
  /** Bytes read by this run. */
  readonly copied: number;
  /** Bytes of the pieces on this disk, including older versions, and the size of their record. */
  readonly stored: number;
  readonly record: number;
  /** Files that vanished before their turn; what was copied of them before is kept. */
  readonly gone: readonly string[];
}

/** Largest piece, in bytes of the file: the memory in use, and what a reader must unpack for any position in it. */
export const PIECE_BYTES = 4 * 1024 * 1024;
/** gzip level. */
const PACKING = 4;
/** Bytes at both ends of the copied part that tell whether a file only grew. */
const EDGE = 4 * 1024;

/**
 * Updates a session's copy from the agent: each file from the end of the copy, in immutable pieces. A truncated or replaced file is copied
 * again as the next version, and earlier pieces are kept; a moved one continues. Killed at any moment, the copy has its earlier content,
 * with or without the next piece; a next version counts once its last piece is there. The caller holds the lock of the copies.
 * @param folder of this session's copy, absolute
 */
export async function copySession(
  deps: CopyDeps,
  source: Pick<TranscriptSource, 'read'>,
  folder: string,
  session: Pick<FoundSession, 'root' | 'files'>,
  signal?: AbortSignal,
): Answer<CopyReport> {
  const read = await readCopy(deps.files, folder);
  if (!read.ok) return read;
  const pieces = [...read.value];
  const gone: string[] = [];
  let copied = 0;
  for (const file of session.files) {
    const start = await startOf(deps, source, file, heldAs(file, session, copiedFiles(pieces)));
    if (!start.ok) return start;
    if (start.value === 'gone') gone.push(file.name);
    const run = { deps, source, folder, file, root: session.root, pieces, signal };
    const added = typeof start.value === 'string' ? ok(0) : await copyFrom({ ...run, ...start.value });
    if (!added.ok) return added;
    copied += added.value ?? 0;
    const isWhole = start.value !== 'gone' && added.value !== null;
    const pruned = isWhole && file.grows === 'rewritten' ? await dropOlder(run) : ok(undefined);
    if (!pruned.ok) return pruned;
  }
  const room = await roomOf(deps.files, folder, pieces);
  return room.ok ? ok({ held: copiedFiles(pieces), copied, gone, ...room.value }) : room;
}

/** A copy's size on this disk: pieces safely stored may have been deleted. */
export async function roomOf(
  files: Pick<Files, 'names' | 'stat'>,
  folder: string,
  pieces: readonly CopiedPiece[],
): Answer<Pick<CopyReport, 'stored' | 'record'>> {
  const names = await files.names(folder);
  if (!names.ok) return names;
  const facts = await files.stat(inFolder(folder, RECORD));
  if (!facts.ok) return facts;
  const present = new Set(names.value);
  const here = pieces.filter(({ piece }) => present.has(piece));
  return ok({ stored: here.reduce((sum, { stored }) => sum + stored, 0), record: facts.value?.size ?? 0 });
}

/** A file's part of the copy, under its name or an earlier one from before the agent moved it. */
function heldAs(
  file: TranscriptFile,
  { files }: Pick<FoundSession, 'files'>,
  held: readonly CopiedFile[],
): CopiedFile | null {
  const present = new Set(files.map(({ name }) => name));
  const moved = ({ file: name }: CopiedFile): boolean =>
    !present.has(name) && nameOf(name) === nameOf(file.name);
  return held.find((one) => one.file === file.name) ?? held.find(moved) ?? null;
}

/** Where a file's next piece begins, and what is before it. */
interface Start {
  readonly version: number;
  /** See `CopiedPiece`. */
  readonly whole: number | undefined;
  readonly from: number;
  /** The file's first bytes, and the last before `from`: at most `EDGE` each. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly was: string | undefined;
}

async function startOf(
  { files, bytes }: CopyDeps,
  source: Pick<TranscriptSource, 'read'>,
  file: TranscriptFile,
  held: CopiedFile | null,
): Answer<Start | 'gone' | 'nothing new'> {
  const nothing = new Uint8Array();
  const newest = held?.begun ?? held;
  const anew = (size: number): Start => ({
    version: (newest?.version ?? -1) + 1,
    whole: held === null ? undefined : size,
    from: 0,
    head: nothing,
    tail: nothing,
    was: undefined,
  });
  if (file.grows === 'rewritten') {
    const now = await wholeDigest(bytes, source, file);
    if (!now.ok) return gone(now.error);
    const { digest, size } = now.value;
    const isSame = held !== null && digest === held.pieces.map(({ sha256 }) => sha256).join();
    return ok(isSame && held.file === file.name ? 'nothing new' : anew(size));
  }
  const facts = await files.stat(file.path);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok('gone');
  const { size } = facts.value;
  const isBegun = held !== null && newest !== held;
  if (newest === null || size < newest.size || (isBegun && size === newest.size)) return ok(anew(size));
  const edge = Math.min(EDGE, newest.size);
  const head = await files.readRange(file.path, 0, edge);
  const tail = await files.readRange(file.path, newest.size - edge, edge);
  if (!head.ok) return head;
  if (!tail.ok) return tail;
  if (head.value === null || tail.value === null) return ok('gone');
  const last = newest.pieces.at(-1) ?? newest.pieces[0];
  if (bytes.sha256(head.value) !== last.head || bytes.sha256(tail.value) !== last.tail) return ok(anew(size));
  const was = newest.file === file.name ? undefined : newest.file;
  if (size === newest.size && was === undefined) return ok('nothing new');
  const whole = isBegun ? size : undefined;
  return ok({ version: newest.version, whole, from: newest.size, head: head.value, tail: tail.value, was });
}

/** Digests of the pieces a file would have now, and its bytes. */
async function wholeDigest(
  bytes: CopyDeps['bytes'],
  source: Pick<TranscriptSource, 'read'>,
  file: TranscriptFile,
): Answer<{ readonly digest: string; readonly size: number }> {
  const digests: string[] = [];
  let size = 0;
  try {
    for await (const piece of inPieces(source.read(file))) {
      digests.push(bytes.sha256(piece));
      size += piece.length;
    }
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return err(thrown);
  }
  return ok({ digest: digests.join(), size });
}

interface Run extends Start {
  readonly deps: CopyDeps;
  readonly source: Pick<TranscriptSource, 'read'>;
  readonly folder: string;
  readonly file: TranscriptFile;
  readonly root: string;
  /** Grows with each piece. */
  readonly pieces: CopiedPiece[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Deletes pieces of older versions of a file that is always rewritten whole: the newest is complete, and includes them. A version longer
 * than the newest stays, since its agent may have removed something. Their records stay.
 */
async function dropOlder({
  deps: { files },
  folder,
  file: { name },
  pieces,
}: Omit<Run, keyof Start>): Answer<void> {
  const newest = copiedFiles(pieces).find(({ file }) => file === name);
  const names = await files.names(folder);
  if (!names.ok) return names;
  const present = new Set(names.value);
  for (const { file, version, piece } of pieces) {
    if (newest === undefined || file !== name || version >= newest.version || !present.has(piece)) continue;
    const was = pieces.filter((one) => one.file === name && one.version === version);
    if (was.reduce((sum, { length }) => sum + length, 0) > newest.size) continue;
    const removed = await files.remove(inFolder(folder, piece));
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}

/** @returns the number of copied bytes; null when the file vanished meanwhile */
async function copyFrom(run: Run): Answer<number | null> {
  let { from, head, tail, was } = run;
  try {
    for await (const own of inPieces(run.source.read(run.file, from, run.signal))) {
      if (run.signal?.aborted) return err(stoppedRun());
      head = edgeOf(head, own, 'first');
      tail = edgeOf(tail, own, 'last');
      const piece = await writePiece(run, own, { from, head, tail, was });
      if (!piece.ok) return piece;
      from += own.length;
      was = undefined;
    }
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    const ended = gone(thrown);
    return ended.ok ? ok(null) : ended;
  }
  return ok(from - run.from);
}

async function writePiece(
  { deps, folder, file, root, version, whole, pieces }: Run,
  own: Uint8Array,
  { from, head, tail, was }: Pick<Start, 'from' | 'head' | 'tail' | 'was'>,
): Answer<void> {
  const { files, bytes } = deps;
  const packed = await bytes.gzip(own, PACKING);
  const piece = nextPieceName(pieces);
  const made = await files.replace(inFolder(folder, piece), packed);
  if (!made.ok) return made;
  const record: CopiedPiece = {
    file: file.name,
    ...(was === undefined ? {} : { was }),
    root,
    role: file.role,
    subagent: file.subagent,
    version,
    ...(whole === undefined ? {} : { whole }),
    from,
    length: own.length,
    sha256: bytes.sha256(own),
    head: bytes.sha256(head),
    tail: bytes.sha256(tail),
    piece,
    stored: packed.length,
  };
  const recorded = await recordPiece(files, folder, record);
  if (recorded.ok) pieces.push(record);
  return recorded;
}

/** Joins chunks to pieces of equal size, the last one shorter; one empty piece for no input. A piece is valid until the next. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece: Uint8Array = new Uint8Array();
  let [filled, given] = [0, 0];
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + PIECE_BYTES - filled);
      piece = withRoom(piece, filled, filled + part.length);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      given++;
      filled = 0;
    }
  if (filled > 0 || given === 0) yield piece.subarray(0, filled);
}

/** Doubles a buffer that is too small, so that a short file takes little. */
function withRoom(piece: Uint8Array, filled: number, needed: number): Uint8Array {
  if (needed <= piece.length) return piece;
  const larger = new Uint8Array(Math.min(PIECE_BYTES, Math.max(needed, 2 * piece.length)));
  larger.set(piece.subarray(0, filled));
  return larger;
}

function edgeOf(before: Uint8Array, own: Uint8Array, which: 'first' | 'last'): Uint8Array {
  if (which === 'first' && before.length === EDGE) return before;
  if (which === 'last' && own.length >= EDGE) return own.slice(-EDGE);
  const [added, joined] = [own.subarray(0, EDGE), new Uint8Array(before.length + Math.min(EDGE, own.length))];
  joined.set(before);
  joined.set(added, before.length);
  return which === 'first' ? joined.slice(0, EDGE) : joined.slice(-EDGE);
}

/** A file deleted while being read is gone, which is no failure of ours. */
function gone(error: AppError): Result<'gone', AppError> {
  return error.code === 'not-found' ? ok('gone') : err(error);
}

/** The copied bytes of a file, piece by piece, each verified by its digest. An unusable piece ends them as `corrupt`. */
export async function* copiedBytes(
  { files, bytes }: CopyDeps,
  folder: string,
  { pieces }: Pick<CopiedFile, 'pieces'>,
): AsyncGenerator<Result<Uint8Array, AppError>> {
  for (const piece of pieces) {
    const path = inFolder(folder, piece.piece);
    const packed = await files.read(path);
    if (!packed.ok) {
      yield packed;
      return;
    }
    const own = packed.value === null ? null : await unpackPiece(bytes, packed.value, piece);
    if (own === null) {
      yield err(damaged(path));
      return;
    }
    yield ok(own);
  }
}

/** The agent's bytes in a piece; null when they do not match its record. */
export async function unpackPiece(
  bytes: Pick<Bytes, 'sha256' | 'gunzip'>,
  packed: Uint8Array,
  { length, sha256 }: Pick<CopiedPiece, 'length' | 'sha256'>,
): Promise<Uint8Array | null> {
  const own = await bytes.gunzip(packed, Math.max(1, length));
  return own?.length === length && bytes.sha256(own) === sha256 ? own : null;
}

function damaged(path: string): AppError {
  return appError(
    'corrupt',
    `A piece of this copy is damaged or gone: ${path}.`,
    'Restore it from a backup of the data folder, or capture the session again while the agent has it: session-log sessions capture --all.',
    { details: { path } },
  );
}
