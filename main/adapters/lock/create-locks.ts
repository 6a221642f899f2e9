import { err, ok } from '../../../shared/result.ts';
import type { Locks } from '../../core/ports/lock.ts';
import { acquireLock } from './acquire-lock.ts';
import { listLock, readOwner } from './contend.ts';
import { lockSite } from './lock-site.ts';
import type { LockDeps, LockMemory, LockSite } from './lock-site.ts';
import type { OwnerIdentity } from './record-name.ts';

/**
 * The lock of docs/lock.md on a given file system, clock and process list.
 * @param deps everything outside the protocol; see `nodeLocks` for the real ones
 */
export function createLocks(deps: LockDeps): Locks {
  const memory: LockMemory = { abandoned: new Set(), watched: new Map(), sleepers: new Set() };
  let identity: Promise<OwnerIdentity> | undefined;
  const siteOf = async (path: string): Promise<LockSite> => {
    identity ??= deps.identity();
    return lockSite(deps, path, await identity, memory);
  };
  return {
    acquire: async (request) => acquireLock(await siteOf(request.path), request),
    status: async (path) => {
      const site = await siteOf(path);
      const listed = await listLock(site);
      if (!listed.ok) return err(listed.error);
      const [record] = listed.value?.records ?? [];
      return ok(record === undefined ? null : await readOwner(site, record, await site.judge(record)));
    },
  };
}
