import { gitCli } from '../adapters/git/git-cli.ts';
import { acquireKept, MARK_VARIABLE, type KeptLock } from '../adapters/lock/kept-lock.ts';
import { findMarked, sessionOf } from '../adapters/lock/linux-command.ts';
import { keepLock } from '../adapters/lock/lock-process.ts';
import { nodeLocks, nodeProcesses } from '../adapters/lock/node-locks.ts';
import type { Answer } from '../../shared/app-error.ts';
import type { Git } from '../core/ports/git.ts';
import type { LockRequest, Locks } from '../core/ports/lock.ts';
import { userName } from './user-name.ts';

export type { KeptLock } from '../adapters/lock/kept-lock.ts';

/** Git and the lock, for commands that need no data folder: they must work where there is none. */
export function openGitTools(): { readonly git: Git; readonly locks: Locks } {
  return { git: gitCli(), locks: nodeLocks({ who: userName() }) };
}

/** Takes a lock that outlives this process, for a command it runs; see {@link acquireKept}. */
export function acquireForCommand(request: LockRequest): Answer<KeptLock> {
  return acquireKept([process.execPath, process.argv[1] ?? '', 'lock-process'], request);
}

/** Makes this process the lock process of a lock, as {@link acquireForCommand} starts it. */
export function keepLockHere(): Promise<void> {
  // Of the parent process, which may soon be gone.
  const session = sessionOf(process.ppid);
  return keepLock(nodeLocks({ who: userName() }), nodeProcesses(), async (mark) =>
    findMarked(`${MARK_VARIABLE}=${mark}`, await session),
  );
}
