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
  /** The journal says when syncs last went well. */
  readonly disk: DiskLook;
  readonly trees: Pick<TreeMemory, 'waiting' | 'setRetry'>;
  readonly bus: Bus;
}

/** What the policy remembers. */
export interface Plan {
  readonly parts: AutoSyncParts;
  readonly gate: PauseGate;
  readonly retries: Retries<Chore>;
  readonly table: Timetable<Chore | 'resume'>;
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

/** Changes of logs are pushed when none has come for this long. */
export const QUIET_MS = 2_000;
const QUIET_AT_MOST_MS = 30_000;
/** How often other machines' logs and notes are looked for; spread out, so that a team does not come in step. */
const INDEX_EVERY_MS = 10 * 60_000;
const INDEX_SPREAD_MS = 5 * 60_000;
/** What the calendar asks for and a person must repair first is tried this often. */
const TRY_AGAIN_MS = 60 * 60_000;
/** The start of the app is not the moment for its heaviest work. */
const FULL_AFTER_MS = 2 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Tells that `scheduled` or `paused` may be others. */
export function tell({ parts: { bus, power, settings } }: Plan): void {
  power.wantMetered(settings.now.schedule.pauseOnMetered);
  void bus.emit('schedule.changed', null);
}

/** Sets a chore, never later than it is due already. */
export function due(plan: Plan, chore: Chore, at: number, cause: OperationCause): void {
  const { gate, table, causes, started } = plan;
  if (!started || !gate.open) return;
  const before = table.due(chore);
  if (before !== null && before <= at) return;
  causes.set(chore, cause);
  table.set(chore, at);
  tell(plan);
}

/** Sets what the calendar says; called when it may say something new. */
export function planCalendar(plan: Plan): void {
  const { parts, retries, tried, table, causes } = plan;
  const { schedule } = parts.settings.now;
  const marks = parts.disk.facts.journal?.marks;
  const now = parts.clock.now();
  const set = (chore: 'push' | 'index' | 'full', at: number): void => {
    if (retries.at(chore) !== null) return;
    // What the calendar said before was said with older successes.
    if (causes.get(chore) === 'schedule') table.set(chore, null);
    // What failed and does not pass by itself (a missing right) is overdue for ever; it is not asked for every second.
    const earliest = chore === 'index' ? now : (tried.get(chore) ?? -Infinity) + TRY_AGAIN_MS;
    due(plan, chore, Math.max(now, at, earliest), 'schedule');
  };
  if (schedule.push !== 'manual') set('push', (marks?.push.success ?? 0) + DAY_MS);
  if (schedule.full !== 'manual')
    set('full', Math.max(plan.startedAt + FULL_AFTER_MS, (marks?.full.success ?? 0) + 7 * DAY_MS));
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

/** Sets the push of what has changed here. */
export function pushAfterChange(plan: Plan): void {
  const { parts, gate, retries, table, firstChange } = plan;
  if (firstChange === null || !plan.started || !gate.open || parts.settings.now.schedule.push !== 'on-change')
    return;
  // While the store fails, its waiting time stands: a change is no reason to ask it sooner.
  if (retries.at('push') !== null) return;
  const at = Math.min(firstChange + QUIET_AT_MOST_MS, parts.clock.now() + QUIET_MS);
  // Later than it was: each further change moves it, up to the limit.
  table.set('push', null);
  due(plan, 'push', at, 'change');
}

/** Schedule, store or power are others now. */
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

/** Everything anew after a time in which nothing could be done; what was missed is done once. */
export function catchUp(plan: Plan, cause: OperationCause, delay: number): void {
  const { parts, retries } = plan;
  const waited = retries.at('git') !== null;
  retries.forgetAll();
  // What changed meanwhile is part of it.
  if (parts.settings.now.schedule.push === 'on-change') plan.firstChange = null;
  replan(plan);
  const at = parts.clock.now() + delay;
  if (parts.settings.now.schedule.index === 'auto') {
    // What is overdue by the calendar would come at once, with all other machines that woke with this one.
    plan.table.set('index', null);
    due(plan, 'index', at, cause);
  }
  due(plan, 'hooks', at, cause);
  if (waited) due(plan, 'git', at, cause);
  if (parts.settings.now.schedule.push === 'on-change') due(plan, 'push', at, cause);
}
