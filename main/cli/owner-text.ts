import type { LockOwner } from '../core/ports/lock.ts';

/**
 * Describes who holds a lock. An unreadable record (another user's, a file system without permissions) names nobody; then a person needs to
 * know the owner of the lock folder.
 */
export function ownerText({ who, host, pid, uid }: Pick<LockOwner, 'who' | 'host' | 'pid' | 'uid'>): string {
  const name = who !== '' ? who : uid === undefined ? 'somebody who cannot be named' : `the user ${uid}`;
  return `${name}${host === '' ? '' : ` on ${host}`}${pid > 0 ? ` (process ${pid})` : ''}`;
}
