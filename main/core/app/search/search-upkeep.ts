import type { AppError } from '../../../../shared/app-error.ts';
import type { LogId } from '../../../../shared/domain/ids.ts';
import type { SearchProgress } from '../../../../shared/ipc/searching.ts';
import { ok, type Result } from '../../../../shared/result.ts';
import { takeTurns } from '../../concurrency/take-turns.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { sweepNamed } from '../../search/sweep-named.ts';
import { MANY, sweepTexts, type SweepProgress } from '../../search/sweep.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { AutoSync } from '../schedule/auto-sync.ts';
import { createTimetable } from '../schedule/timetable.ts';

/** Keeps the full text current. */
export interface SearchUpkeep {
  readonly now: SearchProgress;
  /** Resumes or stops indexing; a person's choice, valid until the app ends. */
  setRunning(run: boolean): void;
  stop(): Promise<void>;
}

export interface SearchUpkeepParts {
  readonly present: PresentCore;
  readonly auto: Pick<AutoSync, 'paused'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

/** Milliseconds of indexing changes while the app is to keep quiet: newest first, so that a saved log is found. */
const BRIEF_MS = 1_500;
/** A query waits for at most one of these, some 50 ms. */
const BATCH_BYTES = 1024 * 1024;
/** Interval of reports to pages, in milliseconds. */
const TELL_MS = 500;
/** Milliseconds without indexing before the remains of small changes are merged. */
const REST_MS = 60_000;
/** Between two merge steps, which take the worker some 150 ms each. */
const BETWEEN_MS = 2_000;

/** Nothing scanned yet. */
export const NO_PROGRESS: SearchProgress = {
  version: 0,
  waiting: 0,
  building: null,
  held: null,
  error: null,
};

/** The room's state. */
interface Upkeep {
  readonly parts: SearchUpkeepParts;
  readonly table: ReturnType<typeof createTimetable<'merge'>>;
  now: SearchProgress;
  told: number;
  /** The running sweep; one requested meanwhile follows it. */
  sweep: { readonly stop: AbortController; again: boolean } | null;
  ended: boolean;
  work: Promise<unknown>;
}

/** @returns an upkeep that is idle until the index was read */
export function createSearchUpkeep(parts: SearchUpkeepParts): SearchUpkeep {
  const { bus, clock } = parts;
  const turn = takeTurns(1);
  const upkeep: Upkeep = {
    parts,
    table: createTimetable<'merge'>(clock, () => void turn(() => merge(upkeep))),
    now: NO_PROGRESS,
    told: 0,
    sweep: null,
    ended: false,
    work: Promise.resolve(),
  };
  // A few logs do not wait for a first build; their reporters wait for neither.
  bus.on('index.changed', ({ ids }) => {
    if (ids === null) lookAtAll(upkeep);
    else void turn(() => lookAt(upkeep, ids));
  });
  // Other machines' texts are already in.
  bus.on('run.ended', () => changed(upkeep, {}));
  bus.on('core.opened', () => lookAtAll(upkeep));
  bus.on('settings.changed', ({ before, after }) => {
    if (before.search.credentials !== after.search.credentials) lookAtAll(upkeep);
  });
  bus.on('schedule.changed', () => {
    if (parts.auto.paused !== null && upkeep.now.building !== null) upkeep.sweep?.stop.abort();
    else if (parts.auto.paused === null && upkeep.now.held === 'paused') lookAtAll(upkeep);
  });
  return {
    get now() {
      return upkeep.now;
    },
    setRunning(run) {
      tell(upkeep, { held: run ? null : 'stopped' });
      if (run) lookAtAll(upkeep);
      else upkeep.sweep?.stop.abort();
    },
    async stop() {
      upkeep.ended = true;
      upkeep.sweep?.stop.abort();
      await upkeep.table.stop();
      await upkeep.work;
      await turn(() => Promise.resolve());
    },
  };
}

function lookAtAll(upkeep: Upkeep): void {
  if (upkeep.ended) return;
  if (upkeep.sweep !== null) {
    upkeep.sweep.again = true;
    return;
  }
  upkeep.work = sweepAll(upkeep);
}

async function sweepAll(upkeep: Upkeep): Promise<void> {
  const { present, auto, clock } = upkeep.parts;
  let again = true;
  while (again && !upkeep.ended) {
    const sweep = { stop: new AbortController(), again: false };
    upkeep.sweep = sweep;
    const isQuiet = auto.paused !== null || upkeep.now.held === 'stopped';
    let left = 0;
    const swept = await present.use(({ search }) =>
      sweepTexts(search, {
        batchBytes: BATCH_BYTES,
        signal: sweep.stop.signal,
        ...(isQuiet ? { withinMs: BRIEF_MS } : {}),
        onProgress: (progress) => {
          left = progress.total - progress.done;
          if (progress.total < MANY) return;
          const isTime = clock.now() - upkeep.told >= TELL_MS;
          note(upkeep, { building: progress, waiting: left }, isTime);
        },
      }),
    );
    upkeep.sweep = null;
    const waiting = swept.ok ? swept.value.waiting : left;
    settle(upkeep, swept, waiting);
    // What was stopped resumes when the reason is gone.
    again = sweep.again || (waiting > 0 && upkeep.now.held === null && swept.ok);
  }
}

function settle(
  upkeep: Upkeep,
  swept: Result<{ readonly added: number; readonly removed: number }, AppError>,
  waiting: number,
): void {
  const { auto, logger } = upkeep.parts;
  const { held } = upkeep.now;
  const error = swept.ok || swept.error.code === 'cancelled' ? null : swept.error;
  if (error !== null && error.code !== upkeep.now.error?.code)
    logger.warn('the full text is not up to date', { code: error.code, words: error.message });
  const why = held === 'stopped' ? held : auto.paused !== null && waiting > 0 ? 'paused' : null;
  const isOther = !swept.ok || swept.value.added + swept.value.removed > 0;
  if (isOther) changed(upkeep, { building: null, waiting, held: why, error });
  else tell(upkeep, { building: null, waiting, held: why, error });
}

async function lookAt(upkeep: Upkeep, ids: readonly LogId[]): Promise<void> {
  if (upkeep.ended) return;
  const swept = await upkeep.parts.present.use(({ search }) => sweepNamed(search, ids));
  if (!swept.ok || swept.value.others > 0) lookAtAll(upkeep);
  if (!swept.ok) return;
  if (swept.value.added + swept.value.removed > 0) changed(upkeep, {});
}

/** Merges a bounded piece at a time while idle. */
async function merge(upkeep: Upkeep): Promise<void> {
  if (upkeep.ended || upkeep.sweep !== null) return;
  const merged = await upkeep.parts.present.use(async ({ search }) =>
    upkeep.parts.auto.paused === null ? search.search.optimise() : ok(true),
  );
  if (!merged.ok || !merged.value) return;
  const { auto, clock } = upkeep.parts;
  upkeep.table.set('merge', clock.now() + (auto.paused === null ? BETWEEN_MS : REST_MS));
}

/** Answers may have changed. */
function changed(upkeep: Upkeep, change: Partial<SearchProgress>): void {
  upkeep.table.set('merge', upkeep.parts.clock.now() + REST_MS);
  tell(upkeep, { ...change, version: upkeep.now.version + 1 });
}

function tell(upkeep: Upkeep, change: Partial<SearchProgress>): void {
  note(upkeep, change, true);
}

function note(
  upkeep: Upkeep,
  change: Partial<SearchProgress> & { readonly building?: SweepProgress | null },
  aloud: boolean,
): void {
  const before = upkeep.now;
  upkeep.now = { ...before, ...change };
  if (!aloud || JSON.stringify(before) === JSON.stringify(upkeep.now)) return;
  upkeep.told = upkeep.parts.clock.now();
  void upkeep.parts.bus.emit('search.changed', upkeep.now);
}
