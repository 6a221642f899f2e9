import type { WorkspaceSchedule } from '../../../../shared/domain/settings.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { TreeMode } from '../../workflows/sync-work-trees.ts';
import type { Bus } from '../bus.ts';
import type { PresentSettings } from '../settings/present-settings.ts';
import type { TreeMemory } from '../status/tree-memory.ts';
import type { AutoSync } from './auto-sync.ts';
import { createTimetable } from './timetable.ts';

/** Starts the scheduled git syncs of registered workspaces. */
export interface WorkspaceTimer {
  /** When a tree is due, epoch milliseconds; null if never. */
  next(path: string): number | null;
  /** The earliest; null when none is due. */
  readonly earliest: number | null;
  stop(): Promise<void>;
}

export interface WorkspaceTimerParts {
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly settings: Pick<PresentSettings, 'now'>;
  /** Whether automatic work may run: not paused, not offline. */
  readonly auto: Pick<AutoSync, 'open'>;
  readonly trees: Pick<TreeMemory, 'last'>;
  readonly bus: Bus;
}

const MINUTE_MS = 60_000;
/** Overdue work waits this long at a start or after a pause, plus as much again at random. */
const OVERDUE_MS = MINUTE_MS;
/** Plus or minus a tenth, so that a team's machines do not meet at their remote. */
const SPREAD = 0.2;

/** An automatically synced tree, and since when its time is set. */
interface Planned {
  readonly mode: TreeMode;
  readonly minutes: number;
}

/** @returns a timer that plans nothing before the first `schedule.changed` */
export function createWorkspaceTimer(parts: WorkspaceTimerParts): WorkspaceTimer {
  const { clock, random, auto, bus } = parts;
  const planned = new Map<string, Planned>();
  const table = createTimetable<string>(clock, runDue, () => {
    planned.clear();
    replan();
  });

  function runDue(path: string): void {
    const plan = planned.get(path);
    planned.delete(path);
    if (plan === undefined || !auto.open) return;
    void bus.emit('workspace.due', { path, mode: plan.mode });
    // Replanned at once: a run that never reports its end must not be the last.
    place(path, plan, clock.now());
  }

  function place(path: string, plan: Planned, since: number | null): void {
    const now = clock.now();
    const every = plan.minutes * MINUTE_MS * (1 + (random.fraction() - 0.5) * SPREAD);
    const soonest = now + Math.round(OVERDUE_MS * (1 + random.fraction()));
    const due = since === null ? soonest : Math.min(since, now) + Math.round(every);
    planned.set(path, plan);
    table.set(path, Math.max(soonest, due));
  }

  function wanted(): ReadonlyMap<string, Planned> {
    const { git } = parts.settings.now;
    const trees = [...git.workspaces, ...(git.vault === '' ? [] : [git.vault])];
    const found = new Map<string, Planned>();
    for (const path of trees) {
      const schedule: WorkspaceSchedule | undefined = git.schedule[path];
      if (schedule !== undefined && schedule.mode !== 'off')
        found.set(path, { mode: schedule.mode, minutes: schedule.minutes });
    }
    return auto.open ? found : new Map();
  }

  /** Looks again at what is registered, how often, and whether anything may run now. Cheap. */
  function replan(): void {
    const next = wanted();
    for (const path of planned.keys()) {
      if (next.has(path)) continue;
      planned.delete(path);
      table.set(path, null);
    }
    for (const [path, plan] of next) {
      const before = planned.get(path);
      if (before?.mode === plan.mode && before.minutes === plan.minutes) continue;
      place(path, plan, parts.trees.last(path));
    }
  }

  bus.on('schedule.changed', replan);
  // Whoever requested a run: the next counts from it.
  bus.on('tree.synced', ({ path }) => {
    const plan = planned.get(path);
    if (plan !== undefined) place(path, plan, clock.now());
  });
  return {
    next: (path) => table.due(path),
    get earliest() {
      const times = [...planned.keys()].map((path) => table.due(path)).filter((at) => at !== null);
      return times.length === 0 ? null : Math.min(...times);
    },
    stop: () => table.stop(),
  };
}
