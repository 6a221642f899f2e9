import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { inFolder } from '../files/folder-path.ts';
import { inMemory } from '../store/in-memory.ts';
import type { CheckCopiesOptions, CheckedCopies, CopyProblem } from '../sync/session-copies.ts';
import { copiesHere } from './copies-here.ts';
import { copiesLedgerPath, isStored, openCopiesLedger, type CopiesLedger } from './copies-ledger.ts';
import { folderOf, parsePlace, placeName, type CopyPlace } from './copy-place.ts';
import { copiedFiles, readCopy, type CopiedPiece } from './copy-record.ts';
import { fetchCopy, readStored, writeRecords } from './fetch-copy.ts';
import { metadataOf, type StoredCopiesDeps } from './push-copies.ts';
import { unpackPiece } from './safe-copy.ts';
import { sameIn, storedSessions, type StoredPiece } from './stored-copies.ts';

const NAMED = 200;

interface Run {
  readonly deps: StoredCopiesDeps;
  readonly options: CheckCopiesOptions;
  readonly ledger: CopiesLedger;
  readonly problems: CopyProblem[];
  counts: { sessions: number; pieces: number; fetched: number; waiting: number; healed: number };
}

/**
 * Checks every copy on this disk against its digests and the store, session by session. Changes nothing unless `repair` is set: then a
 * damaged piece comes from the agent's file or the store, a damaged object is uploaded again from this disk, the next push uploads what the
 * store has lost, and a record lost on this disk is restored.
 */
export async function checkCopies(
  deps: StoredCopiesDeps,
  options: CheckCopiesOptions,
): Answer<CheckedCopies> {
  const here = await copiesHere(deps.files, deps.paths.transcripts);
  if (!here.ok) return here;
  const ledger = await openCopiesLedger(deps.files, copiesLedgerPath(deps));
  if (!ledger.ok) return ledger;
  const counts = { sessions: 0, pieces: 0, fetched: 0, waiting: 0, healed: 0 };
  const run: Run = { deps, options, ledger: ledger.value, problems: [], counts };
  const left = new Map(here.value.map(({ place, record }) => [placeName(place), record]));
  const nowhere = new Set([...ledger.value.rows].flatMap(([name, row]) => (row.record > 0 ? [name] : [])));
  const foreign: string[] = [];
  // Without copies here or in its memory, it has none there.
  const isAsked = left.size > 0 || ledger.value.rows.size > 0 || options.repair === true;
  for await (const found of isAsked ? storedSessions(deps, '', options) : []) {
    if (!found.ok) return found;
    if ('name' in found.value) {
      foreign.push(found.value.name);
      continue;
    }
    const name = placeName(found.value.place);
    const checked = await checkSession(run, found.value.place, found.value.pieces, left.get(name) ?? 0);
    if (!checked.ok) return checked;
    left.delete(name);
    nowhere.delete(name);
  }
  for (const [name, record] of left) {
    const place = parsePlace(name);
    const checked = place === null ? ok(undefined) : await checkSession(run, place, [], record);
    if (!checked.ok) return checked;
    nowhere.delete(name);
  }
  for (const name of nowhere) lose(run, name);
  const flushed = await ledger.value.flush();
  if (!flushed.ok) return flushed;
  const { problems } = run;
  return ok({
    ...run.counts,
    problems: problems.slice(0, NAMED),
    problemsTotal: problems.length,
    foreign: foreign.slice(0, NAMED),
  });
}

/** @param record bytes of the `copy.jsonl` here; 0 for none */
async function checkSession(
  run: Run,
  place: CopyPlace,
  stored: readonly StoredPiece[],
  record: number,
): Answer<void> {
  const { deps, options, ledger, counts } = run;
  counts.sessions++;
  const read = await readCopy(deps.files, folderOf(deps.paths.transcripts, place));
  if (!read.ok) return read;
  const row = ledger.rows.get(placeName(place));
  // Somebody else's objects there are no record of ours.
  const isOurs = row !== undefined || stored.every(({ info }) => info.metadata['writer'] === deps.self.nonce);
  const isLost = read.value.length === 0 && isOurs && options.repair === true;
  const records = isLost ? await writeRecords(deps, ledger, place, stored) : read;
  if (!records.ok) return records;
  if (isLost) counts.healed++;
  let isDamagedHere = false;
  let isMissingThere = false;
  for (const piece of copiedFiles(records.value).flatMap((file) => file.pieces)) {
    const state = await checkPiece(run, place, piece, sameIn(stored, piece));
    if (!state.ok) return state;
    isDamagedHere ||= state.value.isDamagedHere;
    isMissingThere ||= state.value.isMissingThere;
  }
  if (isMissingThere && isStored(row, record)) {
    // The next push rechecks each piece.
    if (options.repair) ledger.record({ place, through: 0, bytes: 0, record: 0 });
    else problem(run, place, 'was pushed, but the store no longer has all of it.');
  } else if (isMissingThere) counts.waiting++;
  if (!isDamagedHere) return ok(undefined);
  const healed = options.repair ? await fetchCopy(deps, place, { ...options, prove: true }) : null;
  if (healed?.ok) {
    counts.healed++;
    return ok(undefined);
  }
  problem(run, place, healed === null ? 'has a damaged piece on this disk.' : healed.error.message);
  return ok(undefined);
}

async function checkPiece(
  run: Run,
  place: CopyPlace,
  piece: CopiedPiece,
  stored: StoredPiece | undefined,
): Answer<{ readonly isDamagedHere: boolean; readonly isMissingThere: boolean }> {
  const { deps, counts, options } = run;
  const packed = await deps.files.read(inFolder(folderOf(deps.paths.transcripts, place), piece.piece));
  if (!packed.ok) return packed;
  const isGood = packed.value !== null && (await unpackPiece(deps.bytes, packed.value, piece)) !== null;
  const isDamagedHere = packed.value !== null && !isGood;
  if (stored === undefined) {
    if (packed.value === null)
      problem(run, place, `has lost the piece ${piece.piece}, here and in the store.`);
    return ok({ isDamagedHere, isMissingThere: true });
  }
  counts.pieces++;
  const isWhole = await holds(run, stored);
  if (!isWhole.ok) return isWhole;
  if (isWhole.value) return ok({ isDamagedHere, isMissingThere: false });
  if (options.repair && isGood && packed.value !== null) {
    const again = await storeAgain(run, stored, packed.value);
    if (again.ok) counts.healed++;
    return again.ok ? ok({ isDamagedHere: false, isMissingThere: false }) : again;
  }
  problem(run, place, `has a damaged piece in the store: ${stored.info.name}.`);
  return ok({ isDamagedHere, isMissingThere: false });
}

/** Whether the store has the piece as uploaded: by its facts, or (`deep`) by its bytes. */
async function holds({ deps, options, counts }: Run, stored: StoredPiece): Answer<boolean> {
  if (stored.isDamaged || options.deep !== true) return ok(!stored.isDamaged);
  counts.fetched++;
  const bytes = await readStored(deps, stored, options.signal);
  return bytes.ok ? ok(bytes.value !== null) : bytes;
}

/** Replaces the damaged object with the good piece of this disk. */
async function storeAgain(
  { deps, options }: Run,
  { info, record }: StoredPiece,
  packed: Uint8Array,
): Answer<void> {
  const source = inMemory(packed);
  const put = await deps.store.put(info.name, source, {
    ifGenerationMatch: info.generation,
    contentType: 'application/gzip',
    metadata: metadataOf(deps, { ...record, stored: packed.length }, source) ?? {},
    signal: options.signal,
  });
  return put.ok ? ok(undefined) : put;
}

/** A pushed session of which nothing is left. */
function lose(run: Run, name: string): void {
  const place = parsePlace(name);
  if (place === null) return;
  problem(run, place, 'is neither on this disk nor in the store any more.');
  if (run.options.repair) run.ledger.record({ place, through: 0, bytes: 0, record: 0 });
}

function problem({ problems, options }: Run, place: CopyPlace, words: string): void {
  const remedy = options.repair
    ? 'Bring the copy back from a backup of the data folder; the rest of it stays as it is.'
    : 'Run `session-log sync --full`: what can be healed from the agent, this disk or the store is.';
  problems.push({ session: placeName(place), problem: `The copy of ${placeName(place)} ${words}`, remedy });
}
