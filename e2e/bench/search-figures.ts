import { existsSync, readFileSync } from 'node:fs';
import type { BenchRow } from './bench-row.ts';

/** What something took: by the clock, and of the processor, which says the same on a machine that others use too. */
export interface Spent {
  wallMs: number;
  cpuMs: number;
}

export async function spend<T>(spent: Spent, work: () => T | Promise<T>): Promise<T> {
  const [before, started] = [process.cpuUsage(), performance.now()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  spent.wallMs += performance.now() - started;
  spent.cpuMs += (user + system) / 1_000;
  return value;
}

export function row(
  name: string,
  value: number,
  unit: string,
  target: string,
  most = Number.POSITIVE_INFINITY,
): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target, ok: value <= most };
}

/** A figure without a target. */
export function said(name: string, value: number, unit: string): BenchRow {
  return row(name, value, unit, '\u2013');
}

export function least(name: string, value: number, unit: string, bound: number): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target: `at least ${bound}`, ok: value >= bound };
}

/** The value at a share of a sorted list. */
export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Of the processor, milliseconds that programs took which this one has started and which have ended; 0 where `/proc` does not tell it. */
export function childrenMs(): number {
  const stat = existsSync('/proc/self/stat') ? readFileSync('/proc/self/stat', 'utf8') : '';
  // Fields are counted behind the name, which may hold spaces: times in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[13] ?? 0) + Number(fields[14] ?? 0));
}
