import type { Deferral } from '../../../../shared/ipc/operation.ts';
import type { LockOwner } from '../../ports/lock.ts';

/** Somebody else's lock, as pages show it. */
export function heldBy(owner: LockOwner, retryAt: number | null = null): Deferral {
  return {
    who: owner.who,
    host: owner.host,
    pid: owner.pid,
    since: owner.since,
    doing: owner.command,
    retryAt,
  };
}
