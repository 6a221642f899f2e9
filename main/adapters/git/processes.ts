import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { runSystemProgram } from '../process/system-program.ts';

/** Time-out for listing processes, in milliseconds. */
const LIST_MS = 10_000;

/** A running process, as far as the system reports it. */
export interface RunningProcess {
  readonly pid: number;
  /** Arguments joined by NUL (Linux) or as printed by the system. */
  readonly command: string;
  /** Current folder, links resolved; null if the system does not give it cheaply. */
  readonly cwd: string | null;
}

/** Lists the processes that may be a git of ours or of another session. */
export async function listProcesses(platform = process.platform): Promise<readonly RunningProcess[]> {
  if (platform === 'linux') return linuxProcesses();
  const output =
    platform === 'win32'
      ? await printed('powershell', [
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          'Get-CimInstance Win32_Process -Filter "Name LIKE \'git%\'" | ForEach-Object { "$($_.ProcessId) $($_.CommandLine)" }',
        ])
      : await printed('ps', ['-axww', '-o', 'pid=,command=']);
  return parseProcessTable(output);
}

/** Parses lines of `<pid> <command>`. */
export function parseProcessTable(text: string): readonly RunningProcess[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(\d+)\s+(\S.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), command: match[2] ?? '', cwd: null }] : [];
  });
}

function linuxProcesses(): readonly RunningProcess[] {
  const found: RunningProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // Empty for a zombie, which has ended and holds nothing.
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (/(?:^|\/)git[^/\0]*(?:\0|$)/.test(command.slice(0, 4_096)))
        found.push({ pid: Number(name), command, cwd: folderOf(name) });
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return found;
}

function folderOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

async function printed(program: string, args: readonly string[]): Promise<string> {
  const { stdout, problem } = await runSystemProgram(program, args, LIST_MS);
  return problem === null ? stdout : '';
}

/** Nobody reads the output of a killed session's git, so most end by themselves within milliseconds. */
const LEAVE_MS = 1_000;
const ASK_MS = 3_000;
const FORCE_MS = 5_000;
const LOOK_MS = 20;

/**
 * Ends processes and their groups: first waits for them to exit, then asks, so that git removes its lock files, then kills. Not asked at
 * once, because a signal that reaches git between creating a lock file and registering it leaves the file forever, in the remote too when
 * that is a folder.
 * @returns pids that still exist
 */
export async function endProcesses(
  find: () => Promise<readonly RunningProcess[]>,
): Promise<{ readonly found: number; readonly left: readonly number[] }> {
  let running = await find();
  const found = running.length;
  for (const [signal, patienceMs] of [
    [null, LEAVE_MS],
    ['SIGTERM', ASK_MS],
    ['SIGKILL', FORCE_MS],
  ] as const) {
    if (running.length === 0) break;
    if (signal !== null) for (const { pid } of running) sendSignal(pid, signal);
    const until = performance.now() + patienceMs;
    do {
      await wait(LOOK_MS);
      running = await find();
    } while (running.length > 0 && performance.now() < until);
  }
  return { found, left: running.map(({ pid }) => pid) };
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  // Each of our children leads its own group; a negative pid reaches its ssh, hooks and filters too.
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, signal);
    } catch {
      // Not a leader, or already gone.
    }
  }
}
