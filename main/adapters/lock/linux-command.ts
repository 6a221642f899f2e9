import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseProcStat, type ProcStat } from './linux-host.ts';

/**
 * Finds a command's processes by the variable in their environment. A process whose environment we cannot read (`sudo`, and anything
 * else not dumpable) counts if it is in the same session and younger than this process, which existed before it.
 * @param variable `NAME=value`, as passed to the command
 * @param session of the command's parent, from `/proc/<pid>/stat`; null if unknown
 * @param proc for tests
 * @returns process ids
 */
export async function findMarked(
  variable: string,
  session: string | null,
  proc = '/proc',
): Promise<readonly number[]> {
  const self = await statOf(proc, 'self');
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await environmentOf(proc, pid);
      if (environment !== 'unreadable') return environment.includes(variable);
      const stat = await statOf(proc, pid);
      return (
        stat !== null && self !== null && stat.session === session && Number(stat.start) >= Number(self.start)
      );
    }),
  );
  return pids.filter((_, at) => found[at]).map(Number);
}

/** @returns the session of a process; null when it is gone */
export async function sessionOf(pid: number): Promise<string | null> {
  return (await statOf('/proc', String(pid)))?.session ?? null;
}

async function environmentOf(proc: string, pid: string): Promise<readonly string[] | 'unreadable'> {
  try {
    return (await readFile(join(proc, pid, 'environ'), 'utf8')).split('\0');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    return code === 'ENOENT' || code === 'ESRCH' ? [] : 'unreadable';
  }
}

async function statOf(proc: string, pid: string): Promise<ProcStat | null> {
  return parseProcStat(await readFile(join(proc, pid, 'stat'), 'utf8').catch(() => ''));
}
