import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { Locks } from '../../core/ports/lock.ts';
import { createLocks } from './create-locks.ts';
import { runProgram } from './host-probe.ts';
import { linuxIdentity, linuxOnNetwork, linuxProcesses } from './linux-host.ts';
import type { LockClock, LockDeps } from './lock-site.ts';
import { LOCK_TIMINGS } from './lock-timings.ts';
import { macosIdentity, macosOnNetwork, macosSighting } from './macos-host.ts';
import { nodeLockFs } from './node-lock-fs.ts';
import { rememberingProcesses } from './remembering-processes.ts';
import { socketWitness } from './socket-witness.ts';
import type { Processes } from './verdict.ts';
import { windowsIdentity, windowsOnNetwork, windowsSighting } from './windows-host.ts';

export interface NodeLocksOptions {
  /** The user running this, shown to waiters. */
  readonly who: string;
  /** Host name for people; the system's by default. */
  readonly hostname?: string;
}

/** Part of the hash of the machine's id; every program that shares a lock must use the same one. */
const APP_KEY = 'session-log';

/** The lock on the real file system, clock and process list of this platform. */
export function nodeLocks(options: NodeLocksOptions): Locks {
  return createLocks(nodeLockDeps(options));
}

/** The lock's real dependencies, for callers that want to wrap some of them. */
export function nodeLockDeps(options: NodeLocksOptions): LockDeps {
  const name = options.hostname ?? hostname();
  const windows = process.platform === 'win32';
  return {
    fs: nodeLockFs(),
    clock: nodeClock(),
    platform: windows ? 'windows' : 'posix',
    ...hostOf(process.platform, APP_KEY, name),
    nonce: () => randomBytes(8).toString('hex'),
    jitter: Math.random,
    who: options.who,
    hostname: name,
    // Elsewhere, checking for a process is as cheap as checking its socket.
    ...(windows ? { witness: socketWitness((token) => String.raw`\\.\pipe\session-log-` + token) } : {}),
    timings: LOCK_TIMINGS,
  };
}

/** The processes of this host. */
export function nodeProcesses(): Processes {
  return hostOf(process.platform, APP_KEY, hostname()).processes;
}

/** Selects the implementation for a platform. */
export function hostOf(
  platform: NodeJS.Platform,
  appKey: string,
  name: string,
): Pick<LockDeps, 'identity' | 'processes' | 'onNetwork'> {
  const now = (): number => performance.now();
  if (platform === 'win32') {
    return {
      identity: () => windowsIdentity(appKey, name, runProgram),
      processes: rememberingProcesses((pid) => windowsSighting(pid, runProgram), now),
      onNetwork: oncePerFolder(windowsOnNetwork),
    };
  }
  if (platform === 'darwin') {
    return {
      identity: () => macosIdentity(appKey, name, runProgram),
      processes: rememberingProcesses((pid) => macosSighting(pid, runProgram), now),
      onNetwork: oncePerFolder((folder) => macosOnNetwork(folder, runProgram)),
    };
  }
  return {
    identity: () => linuxIdentity(appKey, name),
    processes: linuxProcesses(),
    onNetwork: oncePerFolder(linuxOnNetwork),
  };
}

/** A folder does not change its file system while a program runs. */
function oncePerFolder(ask: (folder: string) => Promise<boolean>): (folder: string) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  return (folder) => {
    const answer = answers.get(folder) ?? ask(folder);
    answers.set(folder, answer);
    return answer;
  };
}

export function nodeClock(): LockClock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener('abort', done, { once: true });
      }),
    every: (ms, beat) => {
      const timer = setInterval(beat, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
