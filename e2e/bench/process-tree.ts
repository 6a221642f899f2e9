import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second; 100 on every Linux that is built for desktops. */
const TICKS = 100;

/** A process and all below it. Linux only. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const fields = Number.isInteger(pid) ? statOf(pid) : null;
    if (fields === null) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0;) {
    const pid = queue.shift() ?? 0;
    found.push(pid);
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

/** Fields of `/proc/<pid>/stat` from the state on; the name before them may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Memory of a process and all below it, bytes; what they share is counted once. */
export function totalPss(root: number): number {
  let sum = 0;
  for (const pid of treeOf(root)) {
    try {
      const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
      sum += Number(kilobytes ?? 0) * 1024;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

/** Processor time that a process and all below it have used so far, seconds. */
export function cpuSeconds(root: number): number {
  return treeOf(root).reduce((sum, pid) => {
    const fields = statOf(pid);
    return sum + (Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0)) / TICKS;
  }, 0);
}
