import type { Deferral } from '../../../../shared/ipc/operation.ts';
import type { LockOwner } from '../../ports/lock.ts';

/** Another's lock, in the pages' form. */
export function heldBy(owner: LockOwner): Deferral {
  return {
    who: owner.who,
    host: owner.host,
    pid: owner.pid,
    since: owner.since,
    doing: owner.command,
    retryAt: null,
  };
}
