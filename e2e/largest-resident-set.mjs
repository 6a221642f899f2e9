import { readFileSync } from 'node:fs';

/**
 * The largest resident set that this process had, in KiB. Linux hands what `resourceUsage` says down from the process that started this
 * one (exec(2) keeps the parent's high-water mark), so that a small child of a large benchmark looks large; `/proc` tells of this process
 * alone.
 */
export function largestResidentSet() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found ? Number(found[1]) : process.resourceUsage().maxRSS;
}
