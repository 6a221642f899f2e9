import type { Clock } from '../../ports/clock.ts';

/** Never a timer under a second: an idle app wakes nobody. */
const SHORTEST_MS = 1_000;
/** A machine that slept without telling, or whose clock was set, is noticed after this long at the latest. */
const LONGEST_MS = 10 * 60_000;

/** When what is due next, with one timer for all of it. */
export interface Timetable<Name extends string> {
  /** Sets when `name` is due, epoch milliseconds; null takes it out. */
  set(name: Name, at: number | null): void;
  /** When it is due; null when it is not in the table. */
  due(name: Name): number | null;
  /** Looks at the clock again at once: after a sleep of the machine. */
  recheck(): void;
  /** Ends it for good; resolves when the timer is gone. */
  stop(): Promise<void>;
}

/**
 * Makes an empty timetable; its timer runs only while something is in it. What is due several times over (the machine slept for a week)
 * runs once: an entry is taken out before it is run.
 * @param run starts what is due; must not throw
 * @param onJump the wall clock went back by more than a minute, so that times set before mean something else now
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
      // A fresh signal for each sleep, so that none collects listeners.
      wake = new AbortController();
      const slept = await clock.sleep(wait, wake.signal);
      if (slept && !stopped) runDue();
    }
    loop = null;
  }

  function start(): void {
    if (stopped || entries.size === 0) return;
    if (loop === null) loop = turn();
    // Only for what cannot wait for the present sleep: else changes every half second would put off for ever what is due already.
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
      // The sleep was reckoned by a clock that stood still.
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
