/**
 * Processor time of this process so far, milliseconds: what bounds the work of a function on a machine that does other things as well. For
 * functions that do not wait; one test at a time runs in a process.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const TICK_MS = 10;

/**
 * Starts a stopwatch for what waits as well, on a machine that does other things too: it counts the hundredths of a second in which this
 * process had its turn, and gives its processor time where that is more.
 * @returns stops it; milliseconds
 */
export function startStopwatch(): () => number {
  const before = processorTime();
  let ticks = 0;
  const timer = setInterval(() => ticks++, TICK_MS);
  return () => {
    clearInterval(timer);
    return Math.max(ticks * TICK_MS, processorTime() - before);
  };
}
