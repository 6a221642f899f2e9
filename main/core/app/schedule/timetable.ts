import type { Clock } from '../../ports/clock.ts';

/** No timer under a second: an idle app wakes nobody. */
const SHORTEST_MS = 1_000;
/** An unreported sleep or clock change is noticed after this long at the latest. */
const LONGEST_MS = 10 * 60_000;

/** What is due when, with one timer for all of it. */
export interface Timetable<Name extends string> {
  /** Sets when `name` is due, epoch milliseconds; null removes it. */
  set(name: Name, at: number | null): void;
  /** When it is due; null when absent. */
  due(name: Name): number | null;
  /** Checks the clock at once: after the machine slept. */
  recheck(): void;
  /** Stops it; resolves when the timer is gone. */
  stop(): Promise<void>;
}

/**
 * Creates an empty timetable; its timer runs only while it has entries. Work due several times (the machine slept for a week) runs once: an
 * entry is removed before it runs.
 * @param run starts what is due; must not throw
 * @param onJump the wall clock went back by more than a minute, so that earlier times are now wrong
 */
export function createTimetable<Name extends string>(
  clock: Clock,
  run: (name: Name) => void,
  onJump: () => void = () => undefined,
): Timetable<Name> {
  const entries = new Map<Name, number>();
  let wake = new AbortController();
  let loop: Promise<void> | null = null;
  let stopped = false;
  let latest = clock.now();
  let sleepsUntil = 0;

  const earliest = (): number => Math.min(...entries.values());

  function runDue(): void {
    const now = clock.now();
    if (now < latest - 60_000) onJump();
    latest = now;
    const due = [...entries].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    for (const [name] of due) {
      entries.delete(name);
      run(name);
    }
  }

  async function turn(): Promise<void> {
    while (!stopped && entries.size > 0) {
      const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, earliest() - clock.now()));
      sleepsUntil = clock.now() + wait;
      // A fresh signal per sleep, so that no listeners accumulate.
      wake = new AbortController();
      const slept = await clock.sleep(wait, wake.signal);
      if (slept && !stopped) runDue();
    }
    loop = null;
  }

  function start(): void {
    if (stopped || entries.size === 0) return;
    if (loop === null) loop = turn();
    // Only for what cannot wait for the current sleep: else changes every half second would postpone what is due for ever.
    else if (Math.max(earliest(), clock.now() + SHORTEST_MS) < sleepsUntil) wake.abort();
  }

  return {
    set(name, at) {
      const before = entries.get(name);
      if (at === null) entries.delete(name);
      else entries.set(name, at);
      if (before !== (at ?? undefined)) start();
    },
    due: (name) => entries.get(name) ?? null,
    recheck: () => {
      if (stopped) return;
      runDue();
      // The sleep was computed with a stopped clock.
      if (loop === null) start();
      else wake.abort();
    },
    async stop() {
      stopped = true;
      wake.abort();
      await loop;
    },
  };
}
