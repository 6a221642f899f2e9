import type { OperationCause } from '../../../../shared/ipc/operation.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Power } from '../../ports/power.ts';
import type { Bus } from '../bus.ts';
import type { PresentSettings } from '../settings/present-settings.ts';
import type { DiskLook } from '../status/disk-look.ts';
import type { TreeMemory } from '../status/tree-memory.ts';
import type { PauseGate } from './pause-gate.ts';
import type { Retries } from './retries.ts';
import type { Timetable } from './timetable.ts';
import type { Chore } from '../news.ts';

export interface AutoSyncParts {
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly power: Pick<Power, 'state' | 'wantMetered' | 'subscribe'>;
  readonly settings: Pick<PresentSettings, 'now'>;
  /** The journal has the last successes. */
  readonly disk: DiskLook;
  readonly trees: Pick<TreeMemory, 'waiting' | 'setRetry'>;
  readonly bus: Bus;
}

/** The policy's state. */
export interface Plan {
  readonly parts: AutoSyncParts;
  readonly gate: PauseGate;
  readonly retries: Retries<Chore>;
  readonly table: Timetable<Chore | 'resume'>;
  readonly causes: Map<Chore, OperationCause>;
  /** Last attempt of each. */
  readonly tried: Map<Chore, number>;
  /** Last failures that are not transient. */
  readonly stuck: Set<Chore>;
  started: boolean;
  startedAt: number;
  /** The first change not covered by a push yet. */
  firstChange: number | null;
}

/** Changes of logs are pushed after this long without another. */
export const QUIET_MS = 2_000;
const QUIET_AT_MOST_MS = 30_000;
/** Interval of pulling other machines' logs and notes; jittered, so that a team does not run in step. */
const INDEX_EVERY_MS = 10 * 60_000;
const INDEX_SPREAD_MS = 5 * 60_000;
/** Retry interval of scheduled work that a person must repair first. */
const TRY_AGAIN_MS = 60 * 60_000;
/** The app's start is no time for its heaviest work. */
const FULL_AFTER_MS = 2 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Reports changes of `scheduled` or `paused`. */
export function tell({ parts: { bus, power, settings } }: Plan): void {
  power.wantMetered(settings.now.schedule.pauseOnMetered);
  void bus.emit('schedule.changed', null);
}

/** Sets a chore, never later than already due. */
export function due(plan: Plan, chore: Chore, at: number, cause: OperationCause): void {
  const { gate, table, causes, started } = plan;
  if (!started || !gate.open) return;
  const before = table.due(chore);
  if (before !== null && before <= at) return;
  causes.set(chore, cause);
  table.set(chore, at);
  tell(plan);
}

/** Schedules calendar work; called when the calendar may change. */
export function planCalendar(plan: Plan): void {
  const { parts, retries, tried, table, causes } = plan;
  const { schedule } = parts.settings.now;
  const marks = parts.disk.facts.journal?.marks;
  const now = parts.clock.now();
  const set = (chore: 'push' | 'index' | 'full', at: number): void => {
    if (retries.at(chore) !== null) return;
    // The earlier schedule was based on older successes.
    if (causes.get(chore) === 'schedule') table.set(chore, null);
    // A permanent failure (a missing permission) stays overdue; it is not retried every second.
    const earliest = chore === 'index' ? now : (tried.get(chore) ?? -Infinity) + TRY_AGAIN_MS;
    due(plan, chore, Math.max(now, at, earliest), 'schedule');
  };
  if (schedule.push !== 'manual') set('push', (marks?.push.success ?? 0) + DAY_MS);
  if (schedule.full !== 'manual')
    set('full', Math.max(plan.startedAt + FULL_AFTER_MS, (marks?.full.success ?? 0) + 7 * DAY_MS));
  if (schedule.index === 'manual') return forgetIndex(plan);
  // Planned once per pull: constant changes would otherwise move it with every random draw.
  const known = causes.get('index') === 'schedule' ? table.due('index') : null;
  if (known === null || known - now > INDEX_EVERY_MS + INDEX_SPREAD_MS) set('index', nextIndex(plan, now));
}

/** Counted from the last pull, whoever requested it; hourly if only a person can help. */
function nextIndex({ parts, tried, stuck }: Plan, now: number): number {
  // A clock set back leaves the last pull in the future.
  const last = Math.min(now, tried.get('index') ?? now);
  const wait = INDEX_EVERY_MS + Math.round(parts.random.fraction() * INDEX_SPREAD_MS);
  return last + (stuck.has('index') ? TRY_AGAIN_MS : wait);
}

function forgetIndex({ table, retries }: Plan): void {
  if (retries.at('index') === null) table.set('index', null);
}

/** Schedules the push of local changes. */
export function pushAfterChange(plan: Plan): void {
  const { parts, gate, retries, table, firstChange } = plan;
  if (firstChange === null || !plan.started || !gate.open || parts.settings.now.schedule.push !== 'on-change')
    return;
  // While the store fails, its backoff stands: a change is no reason to retry sooner.
  if (retries.at('push') !== null) return;
  const at = Math.min(firstChange + QUIET_AT_MOST_MS, parts.clock.now() + QUIET_MS);
  // Later than before: each further change moves it, up to the limit.
  table.set('push', null);
  due(plan, 'push', at, 'change');
}

/** Schedule, store or power changed. */
export function replan(plan: Plan): void {
  const { gate, retries, table } = plan;
  if (!plan.started) return;
  gate.look();
  for (const chore of ['push', 'full', 'index', 'hooks', 'git'] as const) {
    const stays = gate.open && (retries.at(chore) !== null || chore === 'hooks' || chore === 'index');
    if (!stays) table.set(chore, null);
  }
  table.set('resume', gate.endsAt);
  planCalendar(plan);
  pushAfterChange(plan);
  tell(plan);
}

/** Replans everything after a blocked period; missed work runs once. */
export function catchUp(plan: Plan, cause: OperationCause, delay: number): void {
  const { parts, retries } = plan;
  const waited = retries.at('git') !== null;
  retries.forgetAll();
  // It includes what changed meanwhile.
  if (parts.settings.now.schedule.push === 'on-change') plan.firstChange = null;
  replan(plan);
  const at = parts.clock.now() + delay;
  if (parts.settings.now.schedule.index === 'auto') {
    // Overdue calendar work would run at once, with all other machines that woke with this one.
    plan.table.set('index', null);
    due(plan, 'index', at, cause);
  }
  due(plan, 'hooks', at, cause);
  if (waited) due(plan, 'git', at, cause);
  if (parts.settings.now.schedule.push === 'on-change') due(plan, 'push', at, cause);
}
