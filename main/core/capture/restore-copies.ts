import { type AppError, stopped, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { stopsTransfers } from '../store/stops-transfers.ts';
import type { CopiesRestored, RestoreCopiesOptions } from '../sync/session-copies.ts';
import { copiesLedgerPath, openCopiesLedger, type CopiesLedger } from './copies-ledger.ts';
import { copiedFiles, readCopy, type CopiedPiece } from './copy-record.ts';
import { fetchCopy, writeRecords } from './fetch-copy.ts';
import type { StoredCopiesDeps } from './push-copies.ts';
import { folderOf, placeName, type CopyPlace } from './copy-place.ts';
import { storedSessions, type StoredSession } from './stored-copies.ts';

const NAMED = 200;

/** An incomplete copy on this disk. */
interface Missing {
  readonly place: CopyPlace;
  /** Of the stored pieces that are missing here. */
  readonly bytes: number;
}

/**
 * Restores safe copies to a disk that lacks them: their records at once, the bytes of the latest sessions as far as the space for copies
 * goes; the rest stays listed as stored. The caller holds the locks of the data folder and of captures.
 */
export async function restoreCopies(
  deps: StoredCopiesDeps,
  options: RestoreCopiesOptions,
): Answer<CopiesRestored> {
  const ledger = await openCopiesLedger(deps.files, copiesLedgerPath(deps));
  if (!ledger.ok) return ledger;
  const missing: Missing[] = [];
  const strangers: string[] = [];
  let here = 0;
  for await (const found of storedSessions(deps, '', options)) {
    if (!found.ok) return found;
    if ('name' in found.value) {
      strangers.push(found.value.name);
      continue;
    }
    const own = ownPieces(found.value, options.writers);
    if (own.pieces.length < found.value.pieces.length) strangers.push(placeName(own.place));
    if (own.pieces.length === 0) continue;
    const looked = await lookAt(deps, ledger.value, own, options.dryRun ?? false);
    if (!looked.ok) return looked;
    here += looked.value.here;
    if (looked.value.missing > 0) missing.push({ place: own.place, bytes: looked.value.missing });
  }
  const flushed = await ledger.value.flush();
  if (!flushed.ok) return flushed;
  const fetched = await fetchLatest(deps, missing, here, options);
  if (!fetched.ok) return fetched;
  return ok({ ...fetched.value, strangers: strangers.slice(0, NAMED) });
}

function laterFirst(a: Missing, b: Missing): number {
  if (a.place.month !== b.place.month) return a.place.month < b.place.month ? 1 : -1;
  return placeName(a.place) < placeName(b.place) ? -1 : 1;
}

/** @param here bytes of copies already on this disk */
async function fetchLatest(
  deps: StoredCopiesDeps,
  missing: readonly Missing[],
  here: number,
  options: RestoreCopiesOptions,
): Answer<Omit<CopiesRestored, 'strangers'>> {
  const failed: { session: string; error: AppError }[] = [];
  let [restored, bytes, left, taken, done] = [0, 0, 0, here, 0];
  for (const one of [...missing].sort(laterFirst)) {
    if (options.signal?.aborted) return err(stopped('The restore was stopped.'));
    const isRoom = taken + one.bytes <= options.room;
    left += isRoom ? 0 : 1;
    done++;
    if (!isRoom) continue;
    taken += one.bytes;
    const path = placeName(one.place);
    const signal = { signal: options.signal };
    const fetched = options.dryRun ? ok({ bytes: one.bytes }) : await fetchCopy(deps, one.place, signal);
    options.onProgress?.({ phase: 'restore', done, total: missing.length, bytes, path });
    if (!fetched.ok && stopsTransfers(fetched.error)) return fetched;
    if (!fetched.ok) failed.push({ session: path, error: fetched.error });
    restored += fetched.ok ? 1 : 0;
    bytes += fetched.ok ? fetched.value.bytes : 0;
  }
  return ok({ restored, bytes, left, failed: failed.slice(0, NAMED), failedTotal: failed.length });
}

/** Pieces from installs of this machine: anybody with write access to the store can put an object into its folder. */
function ownPieces({ place, pieces }: StoredSession, writers: ReadonlySet<string>): StoredSession {
  return { place, pieces: pieces.filter(({ info }) => writers.has(info.metadata['writer'] ?? '')) };
}

/** Bytes of a copy's pieces here, and of missing ones. Restores a copy's lost record. */
async function lookAt(
  deps: StoredCopiesDeps,
  ledger: CopiesLedger,
  { place, pieces }: StoredSession,
  dryRun: boolean,
): Answer<{ readonly here: number; readonly missing: number }> {
  const folder = folderOf(deps.paths.transcripts, place);
  const read = await readCopy(deps.files, folder);
  if (!read.ok) return read;
  const known = read.value.length > 0;
  const wouldBe = pieces.map(({ record }) => record);
  const records: Result<readonly CopiedPiece[], AppError> =
    known || dryRun ? ok(known ? read.value : wouldBe) : await writeRecords(deps, ledger, place, pieces);
  if (!records.ok) return records;
  const names = await deps.files.names(folder);
  if (!names.ok) return names;
  const present = new Set(names.value);
  let [here, missing] = [0, 0];
  for (const piece of copiedFiles(records.value).flatMap((file) => file.pieces)) {
    if (present.has(piece.piece)) here += piece.stored;
    else missing += piece.stored;
  }
  return ok({ here, missing });
}
