import { attempt } from './lock-fs.ts';
import type { FsFailure } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { dropSideFolder } from './side-folder.ts';
import type { SideFolder } from './side-folder.ts';

/**
 * Why this guarantees exclusion and recovery:
 * I1  The lock folder holds at most one record, because only a rename into an absent or empty folder puts one there.
 * I2  A record is removed only by its owner, or by somebody who judged that exact name dead. Dead is stable and no
 *     name ever comes back, so acting late is harmless.
 * I3  Nobody removes a folder that is not empty.
 * I4  A crash leaves nothing, a stray side folder, an empty lock folder, or a lock folder with a dead record; each
 *     of them is cleaned up by the next process.
 */
export type Taking =
  | { readonly kind: 'taken' }
  /** The name is in use; the side folder is as it was. */
  | { readonly kind: 'busy' }
  /** Somebody was faster; the side folder is gone. */
  | { readonly kind: 'beaten' }
  /** The file system refuses; nothing of ours is left. */
  | { readonly kind: 'failed'; readonly doing: string; readonly failure: FsFailure };

/** Steps A1 to A3. */
export async function takeLock(site: LockSite, side: SideFolder): Promise<Taking> {
  return site.deps.platform === 'posix' ? takePosix(site, side) : takeWindows(site, side);
}

async function takePosix(site: LockSite, side: SideFolder): Promise<Taking> {
  const { fs } = site.deps;
  // A1, the gate. Rename alone would replace the empty folder of a program that knows only mkdir.
  const gate = await attempt(fs.mkdir(site.path));
  if (!gate.ok) {
    if (gate.error.code === 'EEXIST') return { kind: 'busy' };
    await dropSideFolder(site, side);
    return { kind: 'failed', doing: 'making the lock folder', failure: gate.error };
  }
  // A2, the moment of acquisition: rename replaces an empty folder and refuses a full one.
  const renamed = await attempt(fs.rename(side.path, site.path));
  if (renamed.ok) return { kind: 'taken' };
  const taking = await settle(site, side, renamed.error);
  // Nobody raced us, the file system refused: remove our gate again (rmdir removes only an empty folder, I3).
  if (taking.kind === 'failed') await attempt(fs.rmdir(site.path));
  return taking;
}

async function takeWindows(site: LockSite, side: SideFolder): Promise<Taking> {
  const { fs, clock, timings } = site.deps;
  for (let n = 1; ; n++) {
    const renamed = await attempt(fs.rename(side.path, site.path));
    if (renamed.ok) return { kind: 'taken' };
    const refused = ['EPERM', 'EACCES', 'EBUSY'].includes(renamed.error.code);
    const there = refused ? await attempt(fs.lstat(site.path)) : null;
    // Refused without an obstacle: a virus scanner is examining our new folder.
    const scanner = there !== null && !there.ok && there.error.code === 'ENOENT';
    if (!scanner || n >= timings.windowsTries) {
      return settle(site, side, there?.ok === true ? { ...renamed.error, code: 'EEXIST' } : renamed.error);
    }
    await clock.sleep(timings.windowsTryMs);
  }
}

/** Lost races, and NFS's response when it repeats a rename whose first reply was lost. */
const RACE = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR']);

/** A3: after any refusal of the rename, check whether it worked all the same. */
async function settle(site: LockSite, side: SideFolder, failure: FsFailure): Promise<Taking> {
  const { fs } = site.deps;
  const listed = await attempt(fs.readdir(site.path));
  if (listed.ok && listed.value.includes(side.record)) return { kind: 'taken' };
  // The listing may be stale, from a network cache. If our record is in there after all, it holds nothing.
  site.memory.abandoned.add(side.record);
  if (!listed.ok && listed.error.code !== 'ENOENT' && listed.error.code !== 'ENOTDIR') {
    await attempt(fs.unlink(site.recordPath(side.record)));
    await dropSideFolder(site, side);
    return { kind: 'failed', doing: 'looking into the lock folder', failure: listed.error };
  }
  await dropSideFolder(site, side);
  if (RACE.has(failure.code)) return { kind: 'beaten' };
  return { kind: 'failed', doing: 'renaming into the lock folder', failure };
}
