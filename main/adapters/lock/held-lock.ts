import type { Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { HeldLock, Released } from '../../core/ports/lock.ts';
import { removeEmptied } from './contend.ts';
import { failureError, lostError } from './lock-errors.ts';
import { attempt } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { dropOlder, holdsOlder, touchOlder } from './older-lock.ts';

/**
 * Step A4 and after: heartbeat, fence and release of a held lock.
 * @param record our token, a file in the lock folder
 * @param olders older names that we hold as well
 */
export async function holdLock(site: LockSite, record: string, olders: readonly string[]): Promise<HeldLock> {
  const stopBeating = startHeartbeat(site, record, olders);
  const sitDown = await site.deps.witness?.stand(record);
  let ended: Promise<Released> | undefined;
  return {
    fence: async () => (ended === undefined ? fence(site, record, olders) : err(lostError(site.path))),
    release: () => {
      ended ??= (async () => {
        stopBeating();
        sitDown?.();
        return release(site, record, olders);
      })();
      return ended;
    },
  };
}

function startHeartbeat(site: LockSite, record: string, olders: readonly string[]): () => void {
  const { fs, clock, timings } = site.deps;
  let beating = false;
  const beat = async (): Promise<void> => {
    // The heartbeat does not report a missing record: the fence detects it before it matters.
    await attempt(fs.touch(site.recordPath(record)));
    for (const older of olders) await touchOlder(site, older);
    beating = false;
  };
  return clock.every(timings.heartbeatMs, () => {
    // On a stalled network disk, heartbeats must not pile up.
    if (beating) return;
    beating = true;
    void beat();
  });
}

async function fence(site: LockSite, record: string, olders: readonly string[]): Answer<void> {
  const listed = await attempt(site.deps.fs.readdir(site.path));
  if (!listed.ok) {
    const gone = listed.error.code === 'ENOENT' || listed.error.code === 'ENOTDIR';
    return err(gone ? lostError(site.path) : failureError(site.path, 'looking for our record', listed.error));
  }
  if (!listed.value.includes(record)) return err(lostError(site.path));
  for (const older of olders) if (!(await holdsOlder(site, older, record))) return err(lostError(older));
  return ok(undefined);
}

/** Releases the older names, then ours. Removes our record's name, never "whatever is there". */
export async function release(site: LockSite, record: string, olders: readonly string[]): Promise<Released> {
  let kept = true;
  for (const older of olders) kept = (await dropOlder(site, older, record)) && kept;
  const { fs, clock, platform, timings } = site.deps;
  for (let n = 1; ; n++) {
    const removed = await attempt(fs.unlink(site.recordPath(record)));
    if (removed.ok) break;
    // Somebody removed our record. What is there now is not ours, and we must not remove the folder either.
    if (removed.error.code === 'ENOENT' || removed.error.code === 'ENOTDIR') return 'lost';
    const scanner = platform === 'windows' && ['EPERM', 'EACCES', 'EBUSY'].includes(removed.error.code);
    if (scanner && n < timings.windowsTries) {
      await clock.sleep(timings.windowsTryMs);
      continue;
    }
    // It stays until this process ends and is then dead for everybody; this process knows it already.
    site.memory.abandoned.add(record);
    return 'stuck';
  }
  await removeEmptied(site);
  return kept ? 'released' : 'lost';
}
