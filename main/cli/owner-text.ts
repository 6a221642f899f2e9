import type { LockOwner } from '../core/ports/lock.ts';

/**
 * Who holds a lock, in words. A record that cannot be read (another user's, a file system without rights) names nobody; then whose the lock
 * folder is is what a person needs to know.
 */
export function ownerText({ who, host, pid, uid }: Pick<LockOwner, 'who' | 'host' | 'pid' | 'uid'>): string {
  const name = who !== '' ? who : uid === undefined ? 'somebody who cannot be named' : `the user ${uid}`;
  return `${name}${host === '' ? '' : ` on ${host}`}${pid > 0 ? ` (process ${pid})` : ''}`;
}
