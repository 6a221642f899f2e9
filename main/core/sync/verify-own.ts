import { type AppError, fail } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { logId, type LogId, type LogPath } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { MeasureOptions, Measured } from '../ports/files.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { diffLocal } from '../ledger/diff-local.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { partitionPages } from './list-partition.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { factsOfObject, type StoredFacts } from '../store/stored-facts.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { formatCount, plural } from '../../../shared/format/amount.ts';

export interface VerifyProblem {
  readonly log: LogId;
  readonly problem: string;
  readonly remedy: string;
}

/** The result of comparing own logs with the store. */
export interface OwnVerified {
  /** Own logs that vanished from this disk so many at once that they count as lost. */
  readonly lost: number;
  /** Own logs whose stored object was compared with the file. */
  readonly storeChecked: number;
  /** Own logs whose stored bytes were fetched and hashed (`deep`). */
  readonly fetched: number;
  /** Own logs on disk that are not stored yet. */
  readonly waiting: number;
  /** Earlier versions stored beside edited logs. */
  readonly keptVersions: number;
  /** Objects in the partition that are not our logs. */
  readonly foreign: readonly string[];
}

export interface VerifyOptions extends RunOptions {
  /** Download and hash every own object instead of trusting the store's checksums. */
  readonly deep?: boolean;
}

const TWO_WAYS = 'Run `session-log doctor` for the two ways out.';
/** A full sync re-reads a folder's bytes and replaces damaged logs with good ones. */
const HEAL = 'Run `session-log sync --full` while the log is on this disk: it stores the log again.';

/**
 * Compares every own log with the stored one. Changes nothing.
 * @param problems receives the faults
 */
export async function verifyOwn(
  deps: SyncDeps,
  options: VerifyOptions,
  problems: VerifyProblem[],
): Promise<Result<OwnVerified, AppError>> {
  const own = await ownLogs(deps);
  if (!own.ok) return own;
  // Of both, those that no page of the store has had yet.
  const { lost, here, pushed } = own.value;
  const total = here.size;
  const isHarmless = await deps.harmless?.();
  const counts = { storeChecked: 0, fetched: 0, waiting: 0, keptVersions: 0 };
  const foreign: string[] = [];
  const problem = (path: LogPath, text: string, remedy: string): void =>
    void problems.push({ log: logId(deps.self.uuid, path), problem: `${path}: ${text}`, remedy });
  const compare = async (path: LogPath, info: ObjectInfo): Promise<void> => {
    const held = await holdAgainst(deps, path, info, { ...options, ...(isHarmless && { isHarmless }) });
    if (held === null) return;
    if (held.checked) counts.storeChecked++;
    if (held.waiting) counts.waiting++;
    if (held.problem !== null) problem(path, ...held.problem);
    const done = counts.storeChecked;
    options.onProgress?.({ phase: 'verify', done, total, bytes: 0, path });
  };
  for await (const page of partitionPages(deps, options.signal)) {
    if (!page.ok) return page;
    const { logs, kept } = page.value;
    for (const path of logs.keys()) pushed.delete(path);
    const both = [...logs].filter(([path]) => here.delete(path));
    await runLimited(both, TRANSFERS, options.signal, ([path, info]) => compare(path, info));
    if (options.deep) {
      await runLimited([...logs], TRANSFERS, options.signal, async ([path, info]) => {
        const found = await proveStored(deps, info, options);
        counts.fetched++;
        if (found !== null) problem(path, ...found);
      });
    }
    counts.keptVersions += kept.length;
    foreign.push(...page.value.foreign.map(({ name }) => name));
  }
  for (const path of pushed)
    problem(
      path,
      'it was pushed, but the store no longer has it.',
      'Run `session-log sync --full`: it pushes the log again while it is on this disk.',
    );
  const stays = deps.surroundings.staysHere();
  for (const path of here) if (!stays(path)) counts.waiting++;
  return ok({ lost, ...counts, foreign });
}

interface OwnLogs {
  /** How many vanished at once. */
  readonly lost: number;
  readonly here: Set<string>;
  readonly pushed: Set<LogPath>;
}

/** The names of this machine's logs, on disk and in the ledger; of many logs, all else would be held in vain. */
async function ownLogs(deps: SyncDeps): Promise<Result<OwnLogs, AppError>> {
  const scan = await deps.files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const { rows } = ledger.value;
  const here = new Set(scan.value.files.map(({ path }) => path));
  const pushed = new Set<LogPath>();
  // A name from the ledger is a slice of its text, and would keep it.
  for (const path of here) if (rows.has(path as LogPath)) pushed.add(path as LogPath);
  for (const path of rows.keys()) if (!here.has(path)) pushed.add(path);
  return ok({ lost: diffLocal(scan.value.files, rows, scan.value.problems).lost.length, here, pushed });
}

/** A fault and its remedy. */
type Finding = readonly [problem: string, remedy: string];

interface Held {
  readonly checked: boolean;
  /** Whether the file has grown since it was pushed. */
  readonly waiting: boolean;
  readonly problem: Finding | null;
}

/** Compares one own log with the store's facts; null when the file is gone meanwhile. */
async function holdAgainst(
  deps: SyncDeps,
  path: LogPath,
  info: ObjectInfo,
  { signal, isHarmless }: Pick<MeasureOptions, 'signal' | 'isHarmless'>,
): Promise<Held | null> {
  const facts = factsOfObject(info);
  const file = `${deps.paths.sessionLogs}/${path}`;
  const once = { prefixLength: facts.size, ...(signal && { signal }) };
  let measured = await deps.files.measure(file, { ...once, ...(isHarmless && { isHarmless }) });
  // What was remembered of it is not trusted with more than "it is the same".
  if (isHarmless && measured.ok && measured.value?.crc32c !== facts.crc32c)
    measured = await deps.files.measure(file, once);
  if (!measured.ok)
    return { checked: false, waiting: false, problem: [measured.error.message, measured.error.remedy] };
  if (measured.value === null) return null;
  const { size, whole, shown } = measured.value;
  const wrong = (text: string, remedy: string): Held => ({
    checked: true,
    waiting: false,
    problem: [text, remedy],
  });
  if (facts.damaged)
    return wrong(
      `the store holds damaged bytes of it (${plural(info.size, 'byte')}; it should be ${formatCount(facts.size)}).`,
      size >= facts.size ? HEAL : TWO_WAYS,
    );
  // It was pushed unchanged before labels were requested; the next push adds them.
  if (whole !== undefined && beginsAs(whole, facts)) return { checked: true, waiting: true, problem: null };
  // The other way round: it left with labels, and leaves whole now.
  if (shown !== undefined && !beginsAs(measured.value, facts) && (await showsAs(shown, facts)))
    return { checked: true, waiting: true, problem: null };
  if (size < facts.size) return wrong('it is shorter here than its backup.', TWO_WAYS);
  if (!beginsAs(measured.value, facts))
    return wrong(
      'the store has other bytes than this file begins with.',
      'Run `session-log sync --full`: it keeps the stored version and adds yours.',
    );
  return { checked: true, waiting: size > facts.size, problem: null };
}

/** Whether a log is the stored one, or has only grown since. */
function beginsAs(log: Pick<Measured, 'size' | 'crc32c' | 'prefixCrc32c'>, facts: StoredFacts): boolean {
  return log.size >= facts.size && (log.size === facts.size ? log.crc32c : log.prefixCrc32c) === facts.crc32c;
}

/** True when a log with labels begins with what is stored. */
async function showsAs({ stream }: NonNullable<Measured['shown']>, facts: StoredFacts): Promise<boolean> {
  let [size, crc] = [0, 0];
  for await (const chunk of stream()) {
    crc = crc32c(chunk.subarray(0, Math.max(0, facts.size - size)), crc);
    size += chunk.length;
  }
  return size >= facts.size && crc === facts.crc32c;
}

async function proveStored(deps: SyncDeps, info: ObjectInfo, options: RunOptions): Promise<Finding | null> {
  const proved = await fetchAndHash(deps, info.name, options);
  const wanted = factsOfObject(info).sha256;
  if (!proved.ok) return [proved.error.message, proved.error.code === 'corrupt' ? HEAL : proved.error.remedy];
  return wanted === null || wanted === proved.value
    ? null
    : ['its stored bytes do not match their digest.', HEAL];
}

async function fetchAndHash(
  deps: SyncDeps,
  name: string,
  options: RunOptions,
): Promise<Result<string, AppError>> {
  const download = await deps.store.getStream(name, { signal: options.signal });
  if (!download.ok) return download;
  if (download.value === null)
    return fail('not-found', 'It went away while it was checked.', 'Run it again.');
  const digest = deps.bytes.sha256Stream();
  for await (const chunk of download.value.chunks) digest.update(chunk);
  const done = await download.value.done;
  return done.ok ? ok(digest.hex()) : done;
}
