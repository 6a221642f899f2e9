import { gitCli } from '../adapters/git-cli/git-cli.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import type { Git } from '../core/ports/git.ts';
import type { Locks } from '../core/ports/lock.ts';
import { userName } from './user-name.ts';

/** Git and the lock, for commands that need nothing of the data folder: they must work where there is none. */
export function openGitTools(): { readonly git: Git; readonly locks: Locks } {
  return { git: gitCli(), locks: nodeLocks({ who: userName() }) };
}
