import { join } from 'node:path';

import type { LockOwner } from '../../core/ports/lock.ts';
import { attempt } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { parseOwnerNote } from './owner-note.ts';
import { parseRecordName } from './record-name.ts';
import type { SideFolder } from './side-folder.ts';

/** A live process of this host that has waited for the same lock since before us. */
export interface Elder {
  readonly folder: string;
  readonly owner: LockOwner;
}

/**
 * Lists the others' side folders.
 * @returns names inside the lock's parent; empty when it cannot be read, since nothing depends on it
 */
export async function otherSideFolders(site: LockSite, own: SideFolder): Promise<readonly string[]> {
  const names = await attempt(site.deps.fs.readdir(site.folder));
  if (!names.ok) return [];
  return names.value.filter(
    (name) => name.startsWith(site.sidePrefix) && join(site.folder, name) !== own.path,
  );
}

/**
 * The queue. A waiter keeps its side folder, so that newcomers can see it and briefly leave the free lock to it. This
 * is a courtesy, never part of the exclusion: a process that is wrong about it, or does not know it, still goes
 * through the same gate. Without it a program that releases and takes again at once would always beat the sleepers.
 * @returns the first live earlier waiter found, or null
 */
export async function findElder(
  site: LockSite,
  own: SideFolder,
  others: readonly string[],
): Promise<Elder | null> {
  if (others.length === 0) return null;
  const { fs } = site.deps;
  const mine = await attempt(fs.lstat(own.path));
  if (!mine.ok) return null;
  for (const name of others) {
    if (site.memory.sleepers.has(name)) continue;
    const folder = join(site.folder, name);
    const entry = await attempt(fs.lstat(folder));
    if (!entry.ok || entry.value.kind !== 'folder') continue;
    const { mtimeMs } = entry.value;
    const ownName = own.path.slice(-name.length);
    const earlier = mtimeMs < mine.value.mtimeMs || (mtimeMs === mine.value.mtimeMs && name < ownName);
    if (!earlier) continue;
    const record = await recordIn(site, folder);
    if (record === null || (await site.judge(record)) !== 'alive') continue;
    const text = await attempt(fs.read(join(folder, record)));
    const note = text.ok ? parseOwnerNote(text.value) : {};
    const owner: LockOwner = { host: '', pid: 0, since: 0, command: '', who: '', ...note, verdict: 'alive' };
    return { folder: name, owner };
  }
  return null;
}

/**
 * Removes dead processes' side folders older than ten minutes. Only a holder does this, so that it is done once and
 * not by every waiter. A folder without a record lost its creator between two calls.
 */
export async function sweepSideFolders(
  site: LockSite,
  ownRecord: string,
  others: readonly string[],
): Promise<void> {
  if (others.length === 0) return;
  const { fs, timings } = site.deps;
  const now = await attempt(fs.lstat(site.recordPath(ownRecord)));
  if (!now.ok) return;
  for (const name of others) {
    const folder = join(site.folder, name);
    const entry = await attempt(fs.lstat(folder));
    if (!entry.ok || entry.value.kind !== 'folder') continue;
    if (now.value.mtimeMs - entry.value.mtimeMs <= timings.sweepAgeMs) continue;
    const record = await recordIn(site, folder);
    // The record of a suspended but living process must stay: renamed without it, its folder would be an empty lock.
    if (record !== null && (await site.judge(record)) !== 'dead') continue;
    if (record !== null) await attempt(fs.unlink(join(folder, record)));
    await attempt(fs.rmdir(folder));
  }
}

async function recordIn(site: LockSite, folder: string): Promise<string | null> {
  const names = await attempt(site.deps.fs.readdir(folder));
  return names.ok ? (names.value.find((name) => parseRecordName(name) !== null) ?? null) : null;
}
