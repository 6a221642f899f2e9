/**
 * Processor time of this process so far, milliseconds: what bounds the work of a function on a machine that does other things as well. For
 * functions that do not wait; one test at a time runs in a process.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
