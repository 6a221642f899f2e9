import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { inFolder } from '../files/folder-path.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { copiesLedgerPath, openCopiesLedger, type CopiesLedger } from './copies-ledger.ts';
import { copiedFiles, readCopy, type CopiedPiece } from './copy-record.ts';
import type { StoredCopiesDeps } from './push-copies.ts';
import { PIECE_BYTES, unpackPiece } from './safe-copy.ts';
import { folderOf, RECORD, type CopyPlace } from './copy-place.ts';
import { numberOf, sameIn, storedPieces, storedSessions, type StoredPiece } from './stored-copies.ts';

export interface FetchOptions extends Pick<RunOptions, 'signal'> {
  /** Also verify the pieces here and replace damaged ones; otherwise only missing ones are fetched. */
  readonly prove?: boolean;
}

/** The result of completing a copy on this disk. */
export interface FetchedCopy {
  readonly place: CopyPlace;
  /** Of the copy, absolute. */
  readonly folder: string;
  /** Names of pieces from the agent's file or the store, and their size in bytes. */
  readonly pieces: readonly string[];
  readonly bytes: number;
}

/**
 * Completes a session's copy on this disk: a missing or (`prove`) damaged piece comes from the agent's own file if possible, else from the
 * store. Each is verified by its digest before writing. The caller holds the capture lock.
 * @returns codes `not-found` (no copy here or there), `corrupt` (nobody has a piece as it was), and those of store and disk
 */
export async function fetchCopy(
  deps: StoredCopiesDeps,
  session: SessionKey & { readonly month: string | null },
  options: FetchOptions,
): Answer<FetchedCopy> {
  const found =
    session.month === null
      ? await findPlace(deps, session, options)
      : ok({ ...session, month: session.month });
  if (!found.ok) return found;
  const place = found.value;
  const folder = folderOf(deps.paths.transcripts, place);
  const read = await readCopy(deps.files, folder);
  if (!read.ok) return read;
  const records = read.value.length > 0 ? ok(read.value) : await fetchRecords(deps, place, options);
  if (!records.ok) return records;
  const fetched: string[] = [];
  let bytes = 0;
  let stored: readonly StoredPiece[] | null = null;
  for (const piece of copiedFiles(records.value).flatMap((file) => file.pieces)) {
    const isFine = await isHere(deps, folder, piece, options.prove ?? false);
    if (!isFine.ok) return isFine;
    if (isFine.value) continue;
    let packed = await fromAgent(deps, piece);
    if (packed === null) {
      const there: Result<readonly StoredPiece[], AppError> =
        stored === null ? await storedPieces(deps, place, options) : ok(stored);
      if (!there.ok) return there;
      stored = there.value;
      const taken = await fromStore(deps, sameIn(stored, piece), piece, folder, options);
      if (!taken.ok) return taken;
      packed = taken.value;
    }
    const written = await deps.files.replace(inFolder(folder, piece.piece), packed);
    if (!written.ok) return written;
    fetched.push(piece.piece);
    bytes += packed.length;
  }
  return ok({ place, folder, pieces: fetched, bytes });
}

/** A session's location in the store, by the ledger or else a listing. */
async function findPlace(
  deps: StoredCopiesDeps,
  { agent, id }: SessionKey,
  options: FetchOptions,
): Answer<CopyPlace> {
  const ledger = await openCopiesLedger(deps.files, copiesLedgerPath(deps));
  if (!ledger.ok) return ledger;
  const isIt = (place: CopyPlace): boolean => place.agent === agent && place.id === id;
  for (const { place } of ledger.value.rows.values()) if (isIt(place)) return ok(place);
  for await (const found of storedSessions(deps, `${agent}/`, options)) {
    if (!found.ok) return found;
    if ('place' in found.value && isIt(found.value.place)) return ok(found.value.place);
  }
  return err(noCopy(id));
}

/** Writes the record of a store-only copy: its content is known here from then on. */
async function fetchRecords(
  deps: StoredCopiesDeps,
  place: CopyPlace,
  options: FetchOptions,
): Answer<readonly CopiedPiece[]> {
  const stored = await storedPieces(deps, place, options);
  if (!stored.ok) return stored;
  if (stored.value.length === 0) return err(noCopy(place.id));
  const ledger = await openCopiesLedger(deps.files, copiesLedgerPath(deps));
  if (!ledger.ok) return ledger;
  const records = await writeRecords(deps, ledger.value, place, stored.value);
  const flushed = await ledger.value.flush();
  return flushed.ok ? records : flushed;
}

/**
 * Writes `copy.jsonl` from the store, and records in the ledger that it is complete there.
 * @param stored all that the store has of the session
 */
export async function writeRecords(
  { files, paths }: Pick<StoredCopiesDeps, 'files' | 'paths'>,
  ledger: Pick<CopiesLedger, 'record'>,
  place: CopyPlace,
  stored: readonly StoredPiece[],
): Answer<readonly CopiedPiece[]> {
  const records = withOwnNames(stored.map(({ record }) => record));
  const bytes = new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const written = await files.replace(inFolder(folderOf(paths.transcripts, place), RECORD), bytes);
  if (!written.ok) return written;
  const isAll = stored.every(
    ({ isDamaged }, index) => !isDamaged && records[index] === stored[index]?.record,
  );
  if (isAll)
    ledger.record({
      place,
      through: Math.max(...records.map(numberOf)),
      bytes: records.reduce((sum, record) => sum + record.stored, 0),
      record: bytes.length,
    });
  return ok(records);
}

/** The store has two pieces of one number if a data folder was restored from a backup; here each gets its own name. */
function withOwnNames(records: readonly CopiedPiece[]): readonly CopiedPiece[] {
  const taken = new Set<number>();
  let last = Math.max(...records.map(numberOf));
  return records.map((record) => {
    const number = numberOf(record);
    if (!taken.has(number)) {
      taken.add(number);
      return record;
    }
    return { ...record, piece: `${String(++last).padStart(6, '0')}.gz` };
  });
}

async function isHere(
  { files, bytes }: StoredCopiesDeps,
  folder: string,
  piece: CopiedPiece,
  prove: boolean,
): Answer<boolean> {
  const path = inFolder(folder, piece.piece);
  if (!prove) {
    const facts = await files.stat(path);
    return facts.ok ? ok(facts.value !== null) : facts;
  }
  const packed = await files.read(path);
  if (!packed.ok) return packed;
  return ok(packed.value !== null && (await unpackPiece(bytes, packed.value, piece)) !== null);
}

/** Recreates a piece from the agent's file, if that still has these exact bytes. */
async function fromAgent(
  { files, bytes }: StoredCopiesDeps,
  { root, file, from, length, sha256 }: CopiedPiece,
): Promise<Uint8Array | null> {
  if (length > PIECE_BYTES || file.split('/').includes('..')) return null;
  const own = await files.readRange(inFolder(root, file), from, length);
  if (!own.ok || own.value === null || bytes.sha256(own.value) !== sha256) return null;
  return await bytes.gzip(own.value);
}

async function fromStore(
  deps: StoredCopiesDeps,
  stored: StoredPiece | undefined,
  piece: CopiedPiece,
  folder: string,
  { signal }: FetchOptions,
): Answer<Uint8Array> {
  if (stored === undefined) return err(lostPiece(inFolder(folder, piece.piece)));
  const packed = await readStored(deps, stored, signal);
  if (!packed.ok) return packed;
  return packed.value === null ? err(lostPiece(inFolder(folder, piece.piece))) : ok(packed.value);
}

/** A stored piece, opened and verified; null when it is gone or altered. */
export async function readStored(
  { store, bytes }: Pick<StoredCopiesDeps, 'store' | 'bytes'>,
  { info, record }: StoredPiece,
  signal: AbortSignal | undefined,
): Answer<Uint8Array | null> {
  const object = await store.get(info.name, { limit: ROOM + record.stored, signal });
  if (!object.ok) return object.error.code === 'corrupt' ? ok(null) : object;
  if (object.value === null) return ok(null);
  const packed = object.value.bytes;
  return ok((await unpackPiece(bytes, packed, record)) === null ? null : packed);
}

/** Most bytes an object exceeds its piece by. */
const ROOM = 64 * 1024;

function noCopy(id: string): AppError {
  return appError(
    'not-found',
    `There is no copy of the session ${id}.`,
    'See which sessions there are: session-log sessions.',
  );
}

function lostPiece(path: string): AppError {
  return appError(
    'corrupt',
    `A piece of this copy is damaged or gone, here and in the store: ${path}.`,
    'Restore it from a backup of the data folder, or capture the session again while the agent has it: session-log sessions capture --all.',
    { details: { path } },
  );
}
