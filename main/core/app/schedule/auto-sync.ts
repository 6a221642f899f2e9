import type { PauseStatus, ScheduleStatus } from '../../../../shared/ipc/status.ts';
import { createPauseGate } from './pause-gate.ts';
import {
  catchUp,
  due,
  planCalendar,
  pushAfterChange,
  QUIET_MS,
  replan,
  tell,
  type AutoSyncParts,
  type Plan,
} from './plan.ts';
import { createRetries } from './retries.ts';
import { createTimetable } from './timetable.ts';
import type { Chore, OperationEnd } from '../news.ts';

/**
 * Decides when the app syncs automatically: after changes, by day and week, again after failures; and when not: paused, on battery, on a
 * metered or missing network. One timer for everything, and none while nothing is due.
 */
export interface AutoSync {
  /** Starts: reads the index and sets what the calendar makes due. */
  start(): void;
  /** A window opened: reads the index unless just done. */
  windowOpened(): void;
  /** @param until epoch milliseconds; null until `resume` */
  pause(until: number | null): void;
  resume(): void;
  /** Whether automatic work may run now. */
  readonly open: boolean;
  readonly paused: PauseStatus | null;
  readonly scheduled: Omit<ScheduleStatus, 'lastFull'>;
  /** When a failed chore is retried; null for never. */
  retryAt(chore: Chore): number | null;
  stop(): Promise<void>;
}

/** Reading the index again within this time finds nothing new. */
const INDEX_AGAIN_MS = 60_000;
const HOOKS_MS = 1_000;
/** After a wake the network needs a moment, and a team's machines should not all come at once. */
const WAKE_MS = 5_000;
const WAKE_SPREAD_MS = 10_000;

type End = Pick<OperationEnd, 'outcome' | 'error'>;

/** Makes the policy; nothing runs before `start`. */
export function createAutoSync(parts: AutoSyncParts): AutoSync {
  const { clock, settings } = parts;
  const gate = createPauseGate(clock, parts.power, settings);
  const retries = createRetries<Chore>(clock, parts.random);
  const table = createTimetable<Chore | 'resume'>(
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
  let endPower: () => void = () => undefined;
  listen(plan);
  return {
    start() {
      start(plan);
      endPower = parts.power.subscribe((event) => powerChanged(plan, event));
    },
    windowOpened() {
      if (settings.now.schedule.index === 'manual') return;
      const fresh = clock.now() - (plan.tried.get('index') ?? -Infinity) < INDEX_AGAIN_MS;
      if (!fresh && retries.at('index') === null) due(plan, 'index', clock.now(), 'start');
    },
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
      const { push, index, full } = settings.now.schedule;
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
    stop() {
      endPower();
      parts.power.wantMetered(false);
      return table.stop();
    },
  };
}

/** What makes it replan. */
function listen(plan: Plan): void {
  const { bus, disk, trees, clock } = plan.parts;
  const changed = (): void => {
    plan.firstChange ??= clock.now();
    pushAfterChange(plan);
  };
  bus.on('logs.touched', changed);
  // Receipts go out with the next push.
  bus.on('notes.marked', changed);
  bus.on('marks.changed', changed);
  bus.on('queue.touched', () => {
    if (plan.retries.at('hooks') === null) due(plan, 'hooks', clock.now() + HOOKS_MS, 'hook');
  });
  bus.on('settings.changed', () => replan(plan));
  bus.on('core.opened', async () => {
    await disk.look();
    replan(plan);
  });
  bus.on('run.ended', async ({ kind, end }) => {
    // The journal first: the calendar needs it.
    await disk.look();
    if (kind === 'push' || kind === 'index' || kind === 'full') ended(plan, kind, end);
  });
  bus.on('trees.ended', ({ problem }) => {
    const isLeft = trees.waiting('logs').length + trees.waiting('notes').length > 0;
    ended(plan, 'git', { outcome: isLeft ? 'deferred' : 'done', error: problem });
    trees.setRetry(plan.retries.at('git'));
  });
  bus.on('queue.drained', (end) => ended(plan, 'hooks', end));
}

function start(plan: Plan): void {
  const { parts, gate, table } = plan;
  const now = parts.clock.now();
  plan.started = true;
  plan.startedAt = now;
  gate.look();
  if (parts.settings.now.schedule.index === 'auto') due(plan, 'index', now, 'start');
  due(plan, 'hooks', now, 'start');
  // Logs may be new since the app last ran.
  if (parts.settings.now.schedule.push === 'on-change') due(plan, 'push', now + QUIET_MS, 'start');
  planCalendar(plan);
  if (gate.endsAt !== null) table.set('resume', gate.endsAt);
}

function runDue(plan: Plan, chore: Chore | 'resume'): void {
  if (chore === 'resume') return resume(plan);
  plan.retries.begun(chore);
  if (!plan.gate.open) return;
  if (chore === 'push') plan.firstChange = null;
  plan.tried.set(chore, plan.parts.clock.now());
  void plan.parts.bus.emit('chore.due', { chore, cause: plan.causes.get(chore) ?? 'schedule' });
}

function resume(plan: Plan): void {
  const was = plan.gate.paused !== null;
  plan.gate.lift();
  plan.gate.look();
  plan.table.set('resume', null);
  if (was) catchUp(plan, 'schedule', 0);
  tell(plan);
}

function powerChanged(plan: Plan, event: 'wake' | 'changed'): void {
  const { parts, gate, table } = plan;
  if (!plan.started) return;
  const changed = gate.look();
  const delay = WAKE_MS + Math.round(parts.random.fraction() * WAKE_SPREAD_MS);
  if (event === 'wake') {
    // What became due during sleep runs once, by catching up; a pause may have ended meanwhile.
    catchUp(plan, 'wake', delay);
    table.recheck();
  } else if (changed === 'online') catchUp(plan, 'online', delay);
  else if (changed === 'lifted') catchUp(plan, 'schedule', WAKE_MS);
  else if (changed === 'closed') replan(plan);
  tell(plan);
}

/** Handles the end of any run. */
function ended(plan: Plan, chore: Chore, end: End): void {
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
  // A person's run has done what was to be retried.
  if (waited) table.set(chore, null);
  // Counts the next pull from this one.
  if (chore === 'index' && plan.causes.get('index') === 'schedule') table.set('index', null);
  planCalendar(plan);
  if (chore === 'push' || chore === 'full') pushAfterChange(plan);
}
