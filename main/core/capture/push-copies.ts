import { appError, type AppError, stopped, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { inFolder } from '../files/folder-path.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import { inMemory } from '../store/in-memory.ts';
import { stopsTransfers } from '../store/stops-transfers.ts';
import type { CopiesPushed, CopiesStay } from '../sync/session-copies.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { copiedSince, journalSize, keepSettled } from './copied-journal.ts';
import { copiesAt, copiesHere, type CopyHere } from './copies-here.ts';
import {
  copiesLedgerPath,
  isStored,
  openCopiesLedger,
  type CopiesLedger,
  type CopyRow,
} from './copies-ledger.ts';
import { copiedFiles, readCopy, type CopiedPiece } from './copy-record.ts';
import { unpackPiece } from './safe-copy.ts';
import { folderOf, placeName, type CopyPlace } from './copy-place.ts';
import { numberOf, objectOf, pieceMetadata, sameIn, storedPieces, storedSessions } from './stored-copies.ts';

/** What may be pushed. */
export interface CopyRules {
  /** Why no copy may be pushed now; null when they may. Makes no store request. */
  why(): Answer<CopiesStay | null>;
  /** Tells which sessions stay here by `sync.stayHere`. */
  staying(): Answer<(place: CopyPlace) => boolean>;
}

export type StoredCopiesDeps = Pick<
  SyncDeps,
  'files' | 'bytes' | 'store' | 'layout' | 'self' | 'clock' | 'logger'
> & {
  readonly paths: { readonly state: string; readonly transcripts: string };
  readonly rules: CopyRules;
};

/** Sessions at once: each has a piece, packed and unpacked, in memory. */
const AT_ONCE = 8;
const NAMED = 200;
/** Steps between ledger writes: a crash costs at most as many checks in the store. */
const BATCH = 64;

interface Run {
  readonly deps: StoredCopiesDeps;
  readonly options: RunOptions;
  readonly ledger: CopiesLedger;
  readonly tally: {
    pushed: Set<string>;
    failed: { session: string; error: AppError }[];
    pieces: number;
    bytes: number;
    steps: number;
  };
}

/**
 * Pushes every piece that the store lacks, each once and never again, oldest sessions first. Verifies a piece by its digest before upload.
 * Stopped or killed at any moment, the next push resumes from what is stored.
 * @param claim claims the partition; called before the first write
 */
export async function pushCopies(
  deps: StoredCopiesDeps,
  options: RunOptions,
  claim: () => Answer<void>,
): Promise<Pushed> {
  const looked = await look(deps, options.dryRun ?? false);
  if (!looked.ok) return { report: NOTHING, problem: looked.error };
  if ('settled' in looked.value) return { report: { ...NOTHING, ...looked.value.settled }, problem: null };
  const { ledger, waiting, stay, why, journal } = looked.value;
  const report = { ...NOTHING, inStore: countStored(ledger), waiting: waiting.length, stay, why };
  if (waiting.length === 0) return settle(deps, options, journal, { report, problem: null });
  if (options.dryRun) {
    const pushed = waiting.slice(0, NAMED).map(({ place }) => placeName(place));
    return { report: { ...report, pushed, pushedTotal: waiting.length }, problem: null };
  }
  const claimed = await claim();
  if (!claimed.ok) return { report, problem: claimed.error };
  const found = ledger.rows.size > 0 ? ok(undefined) : await findStored(deps, ledger, waiting, options);
  if (!found.ok) return { report, problem: found.error };
  const tally = { pushed: new Set<string>(), failed: [], pieces: 0, bytes: 0, steps: 0 };
  const done = await transfer({ deps, options, ledger, tally }, waiting, report);
  return settle(deps, options, journal, done);
}

const NOTHING: CopiesPushed = {
  inStore: 0,
  pushed: [],
  pushedTotal: 0,
  pieces: 0,
  bytes: 0,
  waiting: 0,
  stay: 0,
  why: null,
  failed: [],
  failedTotal: 0,
};

interface Pushed {
  readonly report: CopiesPushed;
  readonly problem: AppError | null;
}

/** Records that nothing waits, so that the next push only checks what was copied since. */
async function settle(
  { files, paths, ...deps }: StoredCopiesDeps,
  { dryRun }: RunOptions,
  journal: number,
  done: Pushed,
): Promise<Pushed> {
  const { inStore, waiting, stay } = done.report;
  if (dryRun || done.problem !== null || waiting + stay > 0) return done;
  const ledger = copiesLedgerPath({ ...deps, paths });
  const kept = await keepSettled(files, paths.transcripts, ledger, { journal, inStore });
  return kept.ok ? done : { ...done, problem: kept.error };
}

interface Looked {
  readonly ledger: CopiesLedger;
  readonly waiting: readonly CopyHere[];
  readonly stay: number;
  readonly why: CopiesStay | null;
  /** The journal's size before copies were checked. */
  readonly journal: number;
}

/** What the store lacks of this disk's copies, by names and sizes only, and whether it may be pushed. */
async function look(
  { files, paths, rules, ...deps }: StoredCopiesDeps,
  dryRun: boolean,
): Answer<Looked | { readonly settled: Partial<CopiesPushed> }> {
  const { transcripts } = paths;
  const why = await rules.why();
  if (!why.ok) return why;
  // If none may leave, they are counted on request only.
  if (why.value !== null && !dryRun) return ok({ settled: { why: why.value } });
  const path = copiesLedgerPath({ ...deps, paths });
  const journal = await journalSize(files, transcripts);
  if (!journal.ok) return journal;
  const since = await copiedSince(files, transcripts, path);
  if (!since.ok) return since;
  if (since.value?.places.length === 0) return ok({ settled: { inStore: since.value.inStore } });
  const here = await (since.value === null
    ? copiesHere(files, transcripts)
    : copiesAt(files, transcripts, since.value.places));
  if (!here.ok) return here;
  const opened = await openCopiesLedger(files, path);
  if (!opened.ok) return opened;
  const ledger = opened.value;
  const missing = here.value.filter(
    ({ place, record }) => !isStored(ledger.rows.get(placeName(place)), record),
  );
  const looked = { ledger, waiting: missing, stay: 0, why: why.value, journal: journal.value };
  if (missing.length === 0) return ok(looked);
  if (why.value !== null) return ok({ ...looked, waiting: [], stay: missing.length });
  const stays = await rules.staying();
  if (!stays.ok) return stays;
  const waiting = missing.filter(({ place }) => !stays.value(place));
  // Oldest first: their agents delete them first.
  waiting.sort((a, b) => (a.place.month < b.place.month ? -1 : a.place.month > b.place.month ? 1 : 0));
  return ok({ ...looked, waiting, stay: missing.length - waiting.length });
}

function countStored({ rows }: CopiesLedger): number {
  let stored = 0;
  for (const { record } of rows.values()) stored += record > 0 ? 1 : 0;
  return stored;
}

/** With an empty ledger (the first push, or a lost one) one listing shows what is stored, so that nothing is sent twice. */
async function findStored(
  deps: StoredCopiesDeps,
  ledger: CopiesLedger,
  waiting: readonly CopyHere[],
  options: RunOptions,
): Answer<void> {
  const wanted = new Set(waiting.map(({ place }) => placeName(place)));
  for await (const found of storedSessions(deps, '', options)) {
    if (!found.ok) return found;
    if (!('pieces' in found.value) || !wanted.has(placeName(found.value.place))) continue;
    const { place, pieces: stored } = found.value;
    const pieces = await readCopy(deps.files, folderOf(deps.paths.transcripts, place));
    if (!pieces.ok) return pieces;
    let row: CopyRow = { place, through: 0, bytes: 0, record: 0 };
    for (const piece of pieces.value) {
      if (sameIn(stored, piece)?.isDamaged !== false) break;
      row = { ...row, through: numberOf(piece), bytes: row.bytes + piece.stored };
    }
    if (row.through > 0) ledger.record(row);
  }
  return ok(undefined);
}

async function transfer(run: Run, waiting: readonly CopyHere[], before: CopiesPushed): Promise<Pushed> {
  const { tally, options, ledger } = run;
  let [done, whole]: [number, number] = [0, 0];
  let stop: AppError | null = null;
  await runLimited(waiting, AT_ONCE, options.signal, async (copy) => {
    const session = placeName(copy.place);
    const pushed = await pushSession(run, copy);
    if (pushed.ok) whole++;
    else if (stopsTransfers(pushed.error)) stop ??= pushed.error;
    else tally.failed.push({ session, error: pushed.error });
    done++;
    options.onProgress?.({
      phase: 'upload',
      done,
      total: waiting.length,
      bytes: tally.bytes,
      path: session,
    });
    return stop === null;
  });
  const flushed = await ledger.flush();
  const pushed = [...tally.pushed].sort();
  const report = {
    ...before,
    inStore: countStored(ledger),
    waiting: before.waiting - whole,
    pushed: pushed.slice(0, NAMED),
    pushedTotal: pushed.length,
    pieces: tally.pieces,
    bytes: tally.bytes,
    failed: tally.failed.slice(0, NAMED),
    failedTotal: tally.failed.length,
  };
  if (options.signal?.aborted) return { report, problem: stopped('The push was stopped.') };
  return { report, problem: stop ?? (flushed.ok ? notAll(report) : flushed.error) };
}

/** @returns once everything in the copy is stored */
async function pushSession(run: Run, { place, record }: CopyHere): Answer<void> {
  const { deps, ledger, options } = run;
  const name = placeName(place);
  const folder = folderOf(deps.paths.transcripts, place);
  const pieces = await readCopy(deps.files, folder);
  if (!pieces.ok) return pieces;
  const live = new Set(copiedFiles(pieces.value).flatMap((file) => file.pieces));
  const known = ledger.rows.get(name);
  // A shorter record comes from a restored data folder: its pieces may be different ones.
  const isOlder = known !== undefined && known.record > record;
  let row: CopyRow = { place, through: 0, bytes: 0, ...(isOlder ? {} : known), record: 0 };
  for (const piece of pieces.value) {
    const number = numberOf(piece);
    if (number <= row.through) continue;
    if (options.signal?.aborted) return err(stopped('The push was stopped.'));
    const there = await pushPiece(run, place, piece, live.has(piece));
    if (!there.ok) return there;
    row = { ...row, through: number, bytes: row.bytes + (there.value === 'left' ? 0 : piece.stored) };
    ledger.record(row);
    if (++run.tally.steps % BATCH !== 0) continue;
    const flushed = await ledger.flush();
    if (!flushed.ok) return flushed;
  }
  ledger.record({ ...row, record });
  return ok(undefined);
}

/** @returns `left` for a piece of an older version that is gone here */
async function pushPiece(
  { deps, tally, options }: Run,
  place: CopyPlace,
  piece: CopiedPiece,
  isLive: boolean,
): Answer<'pushed' | 'there' | 'left'> {
  const path = inFolder(folderOf(deps.paths.transcripts, place), piece.piece);
  const packed = await deps.files.read(path);
  if (!packed.ok) return packed;
  if (packed.value === null && !isLive) return ok('left');
  if (packed.value === null || (await unpackPiece(deps.bytes, packed.value, piece)) === null) {
    // The store may have what this disk lacks: after a killed push, or for a copy that is only there.
    const there = await storedPieces(deps, place, options);
    if (!there.ok) return there;
    return sameIn(there.value, piece)?.isDamaged === false ? ok('there') : err(unusable(path));
  }
  const put = await putPiece(deps, place, piece, packed.value, options);
  if (!put.ok) return put;
  if (put.value === 'pushed') {
    tally.pushed.add(placeName(place));
    tally.pieces++;
    tally.bytes += packed.value.length;
  }
  return put;
}

/** The metadata of a piece; null when too long. @param source of the packed bytes, in memory */
export function metadataOf(
  { bytes, self, clock }: StoredCopiesDeps,
  record: CopiedPiece,
  { size, crc32c, bytes: packed = new Uint8Array() }: ByteSource,
): Readonly<Record<string, string>> | null {
  const facts = { size, crc32c, sha256: bytes.sha256(packed) };
  return pieceMetadata(record, facts, self.nonce, clock.now());
}

/** Pieces with the same number, one for each time a data folder was restored from a backup. */
const MOST_TWINS = 9;

/** Uploads a piece. @param packed verified by its digest */
async function putPiece(
  deps: StoredCopiesDeps,
  place: CopyPlace,
  piece: CopiedPiece,
  packed: Uint8Array,
  { signal }: RunOptions,
): Answer<'pushed' | 'there'> {
  const source = inMemory(packed);
  const metadata = metadataOf(deps, { ...piece, stored: packed.length }, source);
  if (metadata === null) return err(nameTooLong(piece.file));
  const call = { signal };
  for (let twin = 0; twin < MOST_TWINS; twin++) {
    const name = objectOf(deps, place, piece.piece, twin);
    const put = await deps.store.put(name, source, {
      ifGenerationMatch: '0',
      contentType: 'application/gzip',
      metadata,
      ...call,
    });
    if (put.ok) return ok('pushed');
    if (put.error.code !== 'precondition') return put;
    const there = await storedPieces(deps, place, call);
    if (!there.ok) return there;
    const same = sameIn(there.value, piece);
    if (same?.isDamaged === false) return ok('there');
    if (same !== undefined) return err(damagedThere(name));
  }
  return err(damagedThere(objectOf(deps, place, piece.piece, 0)));
}

function unusable(path: string): AppError {
  return appError(
    'corrupt',
    `A piece of this copy is damaged or gone, and the store does not have it: ${path}.`,
    'Run `session-log sync --full` while the agent has the session: it takes the piece from there.',
  );
}

function damagedThere(name: string): AppError {
  return appError(
    'corrupt',
    `The store holds different bytes than were written: ${name}.`,
    'Run `session-log sync --full`: it stores the piece again from this disk.',
  );
}

function nameTooLong(file: string): AppError {
  return appError(
    'invalid-input',
    `The name of a file of this session is too long to be kept beside an object: ${file.slice(0, 80)}…`,
    'It stays safe on this disk.',
  );
}

function notAll({ failed, failedTotal }: CopiesPushed): AppError | null {
  const [first] = failed;
  if (first === undefined) return null;
  const which =
    failedTotal === 1 ? 'The copy of one session is' : `The copies of ${failedTotal} sessions are`;
  return appError(
    'partial',
    `${which} not in the store. ${first.session}: ${first.error.message}`,
    first.error.remedy,
  );
}
