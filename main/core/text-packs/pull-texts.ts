import { appError, type AppError, stopped, type Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import type { TeamSearch } from '../../../shared/domain/settings.ts';
import { err, ok } from '../../../shared/result.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { takeTurns } from '../concurrency/take-turns.ts';
import { localDay } from '../logs/describe-log.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import type { Outcome } from '../workflows/outcome.ts';
import { fetchPack, openPack, type RawPack } from './fetch-pack.ts';
import type { ReadPack } from './pack-format.ts';
import { isRefusedPack } from './pack-limits.ts';
import { noteHeads, type FetchHead, type SeenHead } from './seen-heads.ts';
import {
  keepTeamTexts,
  readTeamTexts,
  sizeOf,
  wantedPacks,
  type MachineTexts,
  type TeamTexts,
  type TeamTextSize,
} from './team-texts.ts';
import type { TextSink } from './text-sink.ts';
import { plural } from '../../../shared/format/amount.ts';

/** Fetched at once, compressed: a pack is some megabytes. */
const FETCHED_AT_ONCE = 4;
/** Interval of state writes, in milliseconds: each writes all of it, some megabytes for ten thousand machines. */
const KEEP_MS = 500;
/** Unpacked and passed on at once: the sink writes them in sequence. */
const TAKEN_AT_ONCE = 1;

export type PullTextsDeps = Pick<
  SyncDeps,
  'files' | 'paths' | 'store' | 'layout' | 'bytes' | 'index' | 'clock' | 'self' | 'logger'
> & { readonly sink: TextSink; readonly fetchHead: FetchHead };

export interface PullTextsOptions extends RunOptions {
  /** `search.team` of the settings. */
  readonly team: TeamSearch;
  /** Heads just read by the index pull, not to be fetched again. */
  readonly heads?: readonly SeenHead[];
  /** Called with the size before the very first text is pulled. */
  readonly onFirst?: (size: TeamTextSize) => void;
}

export interface PullTextsReport {
  /** Packs pulled, the logs in them, and their compressed bytes. */
  readonly packs: number;
  readonly logs: number;
  readonly bytes: number;
  /** Invalid logs left out. */
  readonly refused: number;
  /** Machines with unusable packs; what was pulled of them before remains. */
  readonly failed: readonly { readonly machine: MachineUuid; readonly error: AppError }[];
}

/**
 * Pulls other machines' texts from their text packs, as far as they are missing and the setting asks for them. Run after an index pull.
 * Safe to repeat and to interrupt: each pack is recorded when taken.
 * @returns the problem `partial` when some machine's packs are unusable; a failure when it could not go on
 */
export async function pullTexts(
  deps: PullTextsDeps,
  options: PullTextsOptions,
): Answer<Outcome<PullTextsReport>> {
  const team = await readTeamTexts(deps);
  const noted = await noteHeads(deps, team, options);
  if (!noted.ok) return noted;
  const dropped = await dropUnwanted(deps, team, options.team);
  if (!dropped.ok) return dropped;
  // Before any comparison: a rewritten pack is another one, with nothing held of it.
  const isFirst = [...team.values()].every(({ held }) => held.size === 0);
  const lost = await forgetLost(deps, team, options);
  if (!lost.ok) return lost;
  const missing = missingPacks(deps, team, options);
  if (missing.length > 0 && isFirst) options.onFirst?.(sizeOf(groupByMachine(missing)));
  const taken = { packs: 0, logs: 0, bytes: 0, refused: 0 };
  const stop = await takePacks(deps, team, missing, options, taken);
  const kept = await keepTeamTexts(deps, team);
  if (stop !== null) return err(stop);
  if (!kept.ok) return kept;
  if (options.signal?.aborted) return err(stopped('Stopped while reading the text of logs.'));
  return ok(outcomeOf({ ...taken, failed: failures(deps, team, options) }));
}

interface Missing {
  readonly machine: MachineUuid;
  readonly ref: TextPackRef;
}

/** Packs wanted, neither held nor known as unusable. Those merged into others count as held from here on. */
function missingPacks(deps: PullTextsDeps, team: TeamTexts, options: PullTextsOptions): readonly Missing[] {
  const today = localDay(deps.clock.now());
  return [...team].flatMap(([machine, texts]) => {
    const held = new Set(texts.held);
    const named = texts.packs ?? [];
    for (const { sha256, merged } of named)
      if (merged.length > 0 && merged.every((digest) => texts.held.has(digest))) held.add(sha256);
    const still = named.filter(({ sha256 }) => held.has(sha256)).map(({ sha256 }) => sha256);
    if (texts.packs !== null) team.set(machine, { ...texts, held: new Set(still) });
    return wantedPacks(named, options.team, today)
      .filter(({ sha256 }) => !held.has(sha256) && !texts.refused.has(sha256))
      .map((ref) => ({ machine, ref }));
  });
}

function groupByMachine(missing: readonly Missing[]): readonly (readonly TextPackRef[])[] {
  const machines = new Map<MachineUuid, TextPackRef[]>();
  for (const { machine, ref } of missing) machines.set(machine, [...(machines.get(machine) ?? []), ref]);
  return [...machines.values()];
}

/** @returns why it had to stop, or null */
async function takePacks(
  deps: PullTextsDeps,
  team: TeamTexts,
  missing: readonly Missing[],
  options: PullTextsOptions,
  taken: { packs: number; logs: number; bytes: number; refused: number },
): Promise<AppError | null> {
  if (options.dryRun) return null;
  let stop: AppError | null = null;
  let done = 0;
  const turn = takeTurns(TAKEN_AT_ONCE);
  let kept = deps.clock.monotonic();
  await runLimited(missing, FETCHED_AT_ONCE, options.signal, async ({ machine, ref }) => {
    const { host } = team.get(machine) as MachineTexts;
    const raw = await fetchPack(deps, { machine, host, ref }, options);
    const put = raw.ok ? await turn(() => takePack(deps, raw.value, options)) : raw;
    done++;
    if (put.ok) {
      taken.packs++;
      taken.bytes += ref.size;
      taken.logs += put.value.texts.length;
      taken.refused += put.value.refused.length;
    }
    const isOwnFault = !put.ok && (isRefusedPack(put.error) || put.error.code === 'not-found');
    if (put.ok || isOwnFault) remember(team, machine, ref, put.ok ? null : put.error);
    else stop ??= put.error;
    if (put.ok && deps.clock.monotonic() - kept >= KEEP_MS) {
      kept = deps.clock.monotonic();
      await keepTeamTexts(deps, team);
    }
    options.onProgress?.({ phase: 'texts', done, total: missing.length, bytes: taken.bytes });
    return stop === null;
  });
  return stop;
}

/** Unpacks the bytes only now: what waits for its turn is small. */
async function takePack(deps: PullTextsDeps, raw: RawPack, { signal }: PullTextsOptions): Answer<ReadPack> {
  if (signal?.aborted) return err(stopped('Stopped while reading the text of logs.'));
  const read = await openPack(deps, raw);
  if (!read.ok) return read;
  const { machine, host } = raw;
  const put = await deps.sink.put({ machine, host }, read.value.texts);
  return put.ok ? read : put;
}

function remember(
  team: TeamTexts,
  machine: MachineUuid,
  { sha256 }: TextPackRef,
  error: AppError | null,
): void {
  const texts = team.get(machine) as MachineTexts;
  if (error === null) team.set(machine, { ...texts, held: new Set(texts.held).add(sha256) });
  else {
    const { message, remedy } = error;
    team.set(machine, { ...texts, refused: new Map(texts.refused).set(sha256, { message, remedy }) });
  }
}

/** Keeps nothing of machines that left the store, and nothing at all once a person wants none. */
async function dropUnwanted(deps: PullTextsDeps, team: TeamTexts, setting: TeamSearch): Answer<void> {
  if (setting !== 'off') return ok(undefined);
  for (const [machine, texts] of team) {
    if (texts.held.size === 0) continue;
    const forgotten = await deps.sink.forget(machine);
    if (!forgotten.ok) return forgotten;
    team.set(machine, { ...texts, held: new Set() });
  }
  return ok(undefined);
}

/** On news, checks that the sink still has what it was given: it may have been deleted. */
async function forgetLost(deps: PullTextsDeps, team: TeamTexts, options: PullTextsOptions): Answer<void> {
  const given = [...team].filter(([, { held }]) => held.size > 0).map(([machine]) => machine);
  if (given.length === 0 || missingPacks(deps, team, options).length === 0) return ok(undefined);
  const lost = await deps.sink.missing(given);
  if (!lost.ok) return lost;
  for (const machine of lost.value)
    team.set(machine, { ...(team.get(machine) as MachineTexts), held: new Set() });
  return ok(undefined);
}

/** Faults of requested packs, once per machine. */
function failures(
  deps: PullTextsDeps,
  team: TeamTexts,
  options: PullTextsOptions,
): PullTextsReport['failed'] {
  const today = localDay(deps.clock.now());
  return [...team].flatMap(([machine, { host, packs, refused }]) => {
    if (options.team === 'off') return [];
    if (packs === null) return [{ machine, error: unreadableRefs(host) }];
    const bad = wantedPacks(packs, options.team, today).find(({ sha256 }) => refused.has(sha256));
    const why = bad && refused.get(bad.sha256);
    return why ? [{ machine, error: appError('corrupt', why.message, why.remedy) }] : [];
  });
}

function unreadableRefs(host: string): AppError {
  return appError(
    'corrupt',
    `What the index of ${host} says of its text packs cannot be understood.`,
    `Its logs are found once they are pulled. Run \`session-log sync --full\` on ${host}: it writes them again.`,
  );
}

function outcomeOf(report: PullTextsReport): Outcome<PullTextsReport> {
  const [first] = report.failed;
  if (first === undefined) return { report, problem: null };
  const message = `The text of some logs of ${plural(report.failed.length, 'machine')} cannot be searched. ${first.error.message}`;
  return { report, problem: appError('partial', message, first.error.remedy) };
}
