import { userInfo } from 'node:os';
import { gitCli } from '../adapters/git-cli/git-cli.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import type { Git } from '../core/ports/git.ts';
import type { Locks } from '../core/ports/lock.ts';

/** Git and the lock, for commands that need nothing of the data folder: they must work where there is none. */
export function openGitTools(): { readonly git: Git; readonly locks: Locks } {
  return { git: gitCli(), locks: nodeLocks({ who: userName() }) };
}

/** The user's name for whoever waits for a lock; a container may run under a user id that has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
