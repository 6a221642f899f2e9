import type { Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import type { DroppedCopies } from '../sync/session-copies.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { copiesLedgerPath, isStored, openCopiesLedger } from './copies-ledger.ts';
import { folderOf, placeName } from './copy-place.ts';
import { readCopy } from './copy-record.ts';
import { readStored } from './fetch-copy.ts';
import type { KnownSession } from './known-sessions.ts';
import type { StoredCopiesDeps } from './push-copies.ts';
import { sameIn, storedPieces } from './stored-copies.ts';
import { activeAt } from './session-rows.ts';

const NAMED = 200;

/**
 * Frees disk space: deletes pieces of the sessions that were quiet for longest, each only after the store itself has confirmed every piece
 * as it is here (a folder is read, because it only reports what was recorded). The record stays, so that the session is listed and
 * restorable. One that the store lacks parts of stays. The caller holds the capture lock.
 * @param sessions that may lose their pieces
 * @param excess bytes to free
 */
export async function dropCopies(
  deps: StoredCopiesDeps,
  sessions: readonly KnownSession[],
  excess: number,
  options: Pick<RunOptions, 'signal'>,
): Answer<DroppedCopies> {
  const ledger = await openCopiesLedger(deps.files, copiesLedgerPath(deps));
  if (!ledger.ok) return ledger;
  const dropped: KnownSession[] = [];
  const onlyHere: string[] = [];
  let [bytes, stayed] = [0, 0];
  for (const one of [...sessions].sort((a, b) => activeAt(a) - activeAt(b))) {
    if (bytes >= excess || options.signal?.aborted) break;
    if (one.month === '' || one.stored === 0) continue;
    const row = ledger.value.rows.get(placeName(one));
    const freed = isStored(row, one.record) ? await dropSession(deps, one, options) : ok(null);
    if (!freed.ok) return freed;
    if (freed.value === null) {
      stayed++;
      if (onlyHere.length < NAMED) onlyHere.push(placeName(one));
      continue;
    }
    dropped.push(one);
    bytes += freed.value;
  }
  return ok({ dropped, bytes, onlyHere, onlyHereTotal: stayed });
}

/** @returns freed bytes; null when the store does not have all of it */
async function dropSession(
  deps: StoredCopiesDeps,
  one: KnownSession,
  options: Pick<RunOptions, 'signal'>,
): Answer<number | null> {
  const folder = folderOf(deps.paths.transcripts, one);
  const pieces = await readCopy(deps.files, folder);
  if (!pieces.ok) return pieces;
  const names = await deps.files.names(folder);
  if (!names.ok) return names;
  const here = pieces.value.filter(({ piece }) => names.value.includes(piece));
  const stored = await storedPieces(deps, one, options);
  if (!stored.ok) return stored;
  for (const piece of here) {
    const there = sameIn(stored.value, piece);
    if (there === undefined || there.isDamaged) return ok(null);
    const proven =
      deps.store.statesRecords === true ? await readStored(deps, there, options.signal) : ok(true);
    if (!proven.ok) return proven;
    if (proven.value === null) return ok(null);
  }
  for (const { piece } of here) {
    const removed = await deps.files.remove(inFolder(folder, piece));
    if (!removed.ok) return err(removed.error);
  }
  return ok(here.reduce((sum, piece) => sum + piece.stored, 0));
}
