import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import type { PauseStatus, ScheduleStatus } from '../../../../shared/ipc/status.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { PowerState } from '../../ports/power.ts';
import type { OperationEnd } from '../operations/operations.ts';
import { createPauseGate, type PauseGate } from './pause-gate.ts';
import { createRetries, type Retries } from './retries.ts';
import { createTimetable, type Timetable } from './timetable.ts';

/** What the app does by itself. */
export type Chore = 'push' | 'index' | 'full' | 'hooks' | 'git' | 'resume';

/** When syncs last went well, epoch milliseconds; 0 for never. */
export interface LastSuccess {
  readonly push: number;
  readonly full: number;
}

export interface AutoSyncParts {
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly power: () => PowerState;
  readonly schedule: () => Settings['schedule'];
  readonly last: () => LastSuccess;
  /** Starts a chore; how it ends comes back by `ended`. */
  readonly run: (chore: Exclude<Chore, 'resume'>, cause: OperationCause) => void;
  /** Called after anything that `status` tells has changed. */
  readonly onChange: () => void;
}

/**
 * Decides when the app syncs by itself: after changes, by day and week, again after failures; and when it does not: paused, on battery,
 * on a metered line, without a network. One timer for everything, and none while nothing is due.
 */
export interface AutoSync {
  /** Begins: the index is read, and what is due by the calendar is set. */
  start(): void;
  /** A log came or changed. */
  logsChanged(): void;
  /** An agent's hook has put something into the queue. */
  hooksQueued(): void;
  /** Somebody looks: the index is read unless that was done just now. */
  windowOpened(): void;
  /** The machine was asleep, or its supply or network changed. */
  powerChanged(event: 'wake' | 'changed'): void;
  /** Schedule, store or identity are others now. */
  replan(): void;
  /** How a run ended, whoever asked for it. */
  ended(chore: Exclude<Chore, 'resume'>, end: Pick<OperationEnd, 'outcome' | 'error'>): void;
  /** @param until epoch milliseconds; null until `resume` */
  pause(until: number | null): void;
  resume(): void;
  /** Whether anything may run by itself now. */
  readonly open: boolean;
  readonly paused: PauseStatus | null;
  readonly scheduled: Omit<ScheduleStatus, 'lastFull'>;
  /** When a chore that failed is tried again; null when none is to be. */
  retryAt(chore: Chore): number | null;
  stop(): Promise<void>;
}

const QUIET_MS = 2_000;
const QUIET_AT_MOST_MS = 30_000;
const HOOKS_MS = 1_000;
/** Reading the index again within this time would find nothing. */
const INDEX_AGAIN_MS = 60_000;
/** How often other machines' logs and notes are looked for; spread out, so that a team does not come in step. */
const INDEX_EVERY_MS = 10 * 60_000;
const INDEX_SPREAD_MS = 5 * 60_000;
/** After a wake the network needs a moment, and a team's machines should not come all at once. */
const WAKE_MS = 5_000;
const WAKE_SPREAD_MS = 10_000;
/** What the calendar asks for and a person must mend first is tried this often. */
const TRY_AGAIN_MS = 60 * 60_000;
/** The start of the app is not the moment for its heaviest work. */
const FULL_AFTER_MS = 2 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** What the policy remembers. */
interface Plan {
  readonly parts: AutoSyncParts;
  readonly gate: PauseGate;
  readonly retries: Retries<Chore>;
  readonly table: Timetable<Chore>;
  readonly causes: Map<Chore, OperationCause>;
  /** When each was last tried. */
  readonly tried: Map<Chore, number>;
  /** What failed last and does not pass by itself. */
  readonly stuck: Set<Chore>;
  started: boolean;
  startedAt: number;
  /** The first change that no push has begun for. */
  firstChange: number | null;
}

/** Makes the policy; nothing runs before `start`. */
export function createAutoSync(parts: AutoSyncParts): AutoSync {
  const { clock } = parts;
  const gate = createPauseGate(clock, parts.power, parts.schedule);
  const retries = createRetries<Chore>(clock, parts.random);
  const table = createTimetable<Chore>(
    clock,
    (chore) => runDue(plan, chore),
    () => replan(plan),
  );
  const plan: Plan = {
    parts,
    gate,
    retries,
    table,
    causes: new Map(),
    tried: new Map(),
    stuck: new Set(),
    started: false,
    startedAt: 0,
    firstChange: null,
  };
  return {
    start: () => start(plan),
    logsChanged() {
      plan.firstChange ??= clock.now();
      pushAfterChange(plan);
    },
    hooksQueued() {
      if (retries.at('hooks') === null) due(plan, 'hooks', clock.now() + HOOKS_MS, 'hook');
    },
    windowOpened() {
      if (parts.schedule().index === 'manual') return;
      const fresh = clock.now() - (plan.tried.get('index') ?? -Infinity) < INDEX_AGAIN_MS;
      if (!fresh && retries.at('index') === null) due(plan, 'index', clock.now(), 'start');
    },
    powerChanged: (event) => powerChanged(plan, event),
    replan: () => replan(plan),
    ended: (chore, end) => ended(plan, chore, end),
    pause(until) {
      gate.ask(until);
      replan(plan);
    },
    resume: () => resume(plan),
    get open() {
      return plan.started && gate.open;
    },
    get paused() {
      return gate.paused;
    },
    get scheduled() {
      const { push, index, full } = parts.schedule();
      return {
        push,
        index,
        full,
        nextPush: table.due('push'),
        nextIndex: table.due('index'),
        nextFull: table.due('full'),
        nextGitSync: table.due('git'),
      };
    },
    retryAt: (chore) => retries.at(chore),
    stop: () => table.stop(),
  };
}

function start(plan: Plan): void {
  const { parts, gate, table } = plan;
  const now = parts.clock.now();
  plan.started = true;
  plan.startedAt = now;
  gate.look();
  if (parts.schedule().index === 'auto') due(plan, 'index', now, 'start');
  due(plan, 'hooks', now, 'start');
  // Logs may have come while the app was not running.
  if (parts.schedule().push === 'on-change') due(plan, 'push', now + QUIET_MS, 'start');
  planCalendar(plan);
  if (gate.endsAt !== null) table.set('resume', gate.endsAt);
}

function runDue(plan: Plan, chore: Chore): void {
  plan.retries.begun(chore);
  if (chore === 'resume') return resume(plan);
  if (!plan.gate.open) return;
  if (chore === 'push') plan.firstChange = null;
  plan.tried.set(chore, plan.parts.clock.now());
  plan.parts.run(chore, plan.causes.get(chore) ?? 'schedule');
}

/** Sets a chore, never later than it is due already. */
function due(
  { parts, gate, table, causes, started }: Plan,
  chore: Chore,
  at: number,
  cause: OperationCause,
): void {
  if (!started || !gate.open) return;
  const before = table.due(chore);
  if (before !== null && before <= at) return;
  causes.set(chore, cause);
  table.set(chore, at);
  parts.onChange();
}

/** Sets what the calendar says; called when it may say something new. */
function planCalendar(plan: Plan): void {
  const { parts, retries, tried, table, causes } = plan;
  const [schedule, last, now] = [parts.schedule(), parts.last(), parts.clock.now()];
  const set = (chore: 'push' | 'index' | 'full', at: number): void => {
    if (retries.at(chore) !== null) return;
    // What the calendar said before was said with older successes.
    if (causes.get(chore) === 'schedule') table.set(chore, null);
    // What failed and does not pass by itself (a missing right) is overdue for ever; it is not asked for every second.
    const earliest = chore === 'index' ? now : (tried.get(chore) ?? -Infinity) + TRY_AGAIN_MS;
    due(plan, chore, Math.max(now, at, earliest), 'schedule');
  };
  if (schedule.push !== 'manual') set('push', last.push + DAY_MS);
  if (schedule.full !== 'manual')
    set('full', Math.max(plan.startedAt + FULL_AFTER_MS, last.full + 7 * DAY_MS));
  if (schedule.index === 'manual') return forgetIndex(plan);
  // Planned once for each look: changes that come all the time would else move it with every throw of the dice.
  const known = causes.get('index') === 'schedule' ? table.due('index') : null;
  if (known === null || known - now > INDEX_EVERY_MS + INDEX_SPREAD_MS) set('index', nextIndex(plan, now));
}

/** Counted from the last look, whoever asked for it; one that only a person can help is tried once an hour. */
function nextIndex({ parts, tried, stuck }: Plan, now: number): number {
  // A clock that was set back leaves a look in the future.
  const last = Math.min(now, tried.get('index') ?? now);
  const wait = INDEX_EVERY_MS + Math.round(parts.random.fraction() * INDEX_SPREAD_MS);
  return last + (stuck.has('index') ? TRY_AGAIN_MS : wait);
}

function forgetIndex({ table, retries }: Plan): void {
  if (retries.at('index') === null) table.set('index', null);
}

function pushAfterChange(plan: Plan): void {
  const { parts, gate, retries, table, firstChange } = plan;
  if (firstChange === null || !plan.started || !gate.open || parts.schedule().push !== 'on-change') return;
  // While the store fails, its waiting time stands: a change is no reason to ask it sooner.
  if (retries.at('push') !== null) return;
  const at = Math.min(firstChange + QUIET_AT_MOST_MS, parts.clock.now() + QUIET_MS);
  // Later than it was: each further change moves it, up to the limit.
  table.set('push', null);
  due(plan, 'push', at, 'change');
}

function replan(plan: Plan): void {
  const { parts, gate, retries, table } = plan;
  if (!plan.started) return;
  gate.look();
  for (const chore of ['push', 'full', 'index', 'hooks', 'git'] as const) {
    const stays = gate.open && (retries.at(chore) !== null || chore === 'hooks' || chore === 'index');
    if (!stays) table.set(chore, null);
  }
  table.set('resume', gate.endsAt);
  planCalendar(plan);
  pushAfterChange(plan);
  parts.onChange();
}

/** Everything anew after a time in which nothing could be done; what was missed is done once. */
function catchUp(plan: Plan, cause: OperationCause, delay: number): void {
  const { parts, retries } = plan;
  const waited = retries.at('git') !== null;
  retries.forgetAll();
  // What changed meanwhile is part of it.
  if (parts.schedule().push === 'on-change') plan.firstChange = null;
  replan(plan);
  const at = parts.clock.now() + delay;
  if (parts.schedule().index === 'auto') {
    // What is overdue by the calendar would come at once, with all other machines that woke with this one.
    plan.table.set('index', null);
    due(plan, 'index', at, cause);
  }
  due(plan, 'hooks', at, cause);
  if (waited) due(plan, 'git', at, cause);
  if (parts.schedule().push === 'on-change') due(plan, 'push', at, cause);
}

function resume(plan: Plan): void {
  const was = plan.gate.paused !== null;
  plan.gate.lift();
  plan.gate.look();
  plan.table.set('resume', null);
  if (was) catchUp(plan, 'schedule', 0);
  plan.parts.onChange();
}

function powerChanged(plan: Plan, event: 'wake' | 'changed'): void {
  const { parts, gate, table } = plan;
  if (!plan.started) return;
  const changed = gate.look();
  const delay = WAKE_MS + Math.round(parts.random.fraction() * WAKE_SPREAD_MS);
  if (event === 'wake') {
    // What became due in the sleep runs once, by the catching up; a pause may have ended meanwhile.
    catchUp(plan, 'wake', delay);
    table.recheck();
  } else if (changed === 'online') catchUp(plan, 'online', delay);
  else if (changed === 'lifted') catchUp(plan, 'schedule', WAKE_MS);
  else if (changed === 'closed') replan(plan);
  parts.onChange();
}

function ended(
  plan: Plan,
  chore: Exclude<Chore, 'resume'>,
  end: Pick<OperationEnd, 'outcome' | 'error'>,
): void {
  const { parts, retries, table, tried } = plan;
  tried.set(chore, parts.clock.now());
  const waited = retries.at(chore) !== null;
  if (end.outcome === 'failed') plan.stuck.add(chore);
  else plan.stuck.delete(chore);
  const again = retries.ended(chore, end);
  if (again !== null) {
    table.set(chore, null);
    due(plan, chore, again, 'retry');
    return;
  }
  // A person's run has done what was still to be tried again.
  if (waited) table.set(chore, null);
  // The next look is counted from this one.
  if (chore === 'index' && plan.causes.get('index') === 'schedule') table.set('index', null);
  planCalendar(plan);
  if (chore === 'push' || chore === 'full') pushAfterChange(plan);
}
