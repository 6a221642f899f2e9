import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Result } from '../../../shared/result.ts';
import type { LockOwner } from '../../core/ports/lock.ts';
import { failureError, foreignError } from './lock-errors.ts';
import { attempt } from './lock-fs.ts';
import type { Entry, FsFailure } from './lock-fs.ts';
import { unmovedFor } from './lock-site.ts';
import type { LockSite } from './lock-site.ts';
import { parseOwnerNote } from './owner-note.ts';
import { isDesktopJunk, parseRecordName } from './record-name.ts';
import { dropSideFolder, makeSideFolder } from './side-folder.ts';
import type { Verdict } from './verdict.ts';

/** Somebody else currently holds the name. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly owner: LockOwner;
  /** The lock of an older name, if that is the obstacle. */
  readonly older?: OlderBlock;
  /** Changes with any progress: the next nap then starts short again. */
  readonly generation: string;
  /** Do not sleep longer than this many milliseconds: something becomes due then. */
  readonly napMs: number;
}

/** An older program's lock that cannot be judged from here. */
export interface OlderBlock {
  /** Absolute path of its folder. */
  readonly path: string;
  /** It is taken over after being unchanged for this long; null if never. */
  readonly givenUpMs: number | null;
}

export type Contention =
  /** Nothing is there any more: back to A0. */
  { readonly kind: 'clear' } | Blocked | { readonly kind: 'failed'; readonly error: AppError };

const CLEAR: Contention = { kind: 'clear' };

/** Steps C1 to C3: examines an existing lock folder, and cleans up after a crash. */
export async function contend(site: LockSite): Promise<Contention> {
  const seen = await listLock(site);
  if (!seen.ok) return { kind: 'failed', error: seen.error };
  if (seen.value === null) return CLEAR;
  const { records, junk, mtimeMs } = seen.value;
  if (records.length === 0) return healEmpty(site, mtimeMs, junk);
  for (const record of records) {
    const verdict = await site.judge(record);
    const removable =
      verdict === 'dead' ||
      (verdict === 'unknown' &&
        (await isSilent(site, site.recordPath(record), site.deps.timings.unknownAgeMs)));
    if (removable) return removeDead(site, record);
    if (verdict === 'alive') return blockedBy(site, record, verdict);
  }
  return blockedBy(site, records[0] ?? '', 'unknown');
}

/** The contents of a lock folder. */
export interface LockListing {
  readonly records: readonly string[];
  readonly junk: readonly string[];
  readonly mtimeMs: number;
}

/**
 * C1: lists the lock.
 * @returns null when the name is free; `attention` when it is not a folder
 */
export async function listLock(site: LockSite): Answer<LockListing | null> {
  const { fs } = site.deps;
  const entry = await attempt(fs.lstat(site.path));
  if (!entry.ok) return absentOr(site, 'looking at the lock folder', entry.error);
  const foreign = foreignKind(entry.value);
  if (foreign !== null) return err(foreignError(site.path, foreign));
  const names = await attempt(fs.readdir(site.path));
  if (!names.ok) return absentOr(site, 'looking into the lock folder', names.error);
  return ok({
    records: names.value.filter((name) => !isDesktopJunk(name)).sort(),
    junk: names.value.filter(isDesktopJunk),
    mtimeMs: entry.value.mtimeMs,
  });
}

/** The kind of an object that should have been a folder; null when it is one. */
export function foreignKind(entry: Entry): string | null {
  if (entry.kind === 'folder') return null;
  return entry.kind === 'other' ? 'a special file' : `a ${entry.kind}`;
}

function absentOr(site: LockSite, doing: string, failure: FsFailure): Result<null, AppError> {
  return failure.code === 'ENOENT' ? ok(null) : err(failureError(site.path, doing, failure));
}

/** C2: an empty lock folder belongs to somebody between two calls, until it has been empty for the grace time. */
async function healEmpty(site: LockSite, mtimeMs: number, junk: readonly string[]): Promise<Contention> {
  const { clock, timings } = site.deps;
  const watched = unmovedFor(site, site.path, mtimeMs);
  // The wall clock only speeds this up. If it is wrong we remove somebody's gate too early, which costs nothing: the
  // rename works into an absent name as well (I1). If it runs backwards our own watch still ends.
  const age = Math.max(watched, clock.wall() - mtimeMs);
  if (age < timings.graceMs) {
    const owner: LockOwner = { host: '', pid: 0, since: 0, command: '', who: '', verdict: 'unknown' };
    return { kind: 'blocked', owner, generation: `empty ${mtimeMs}`, napMs: timings.graceMs - age };
  }
  for (const name of junk) await attempt(site.deps.fs.unlink(site.recordPath(name)));
  const removed = await attempt(site.deps.fs.rmdir(site.path));
  if (removed.ok || BENIGN.has(removed.error.code)) return CLEAR;
  return { kind: 'failed', error: failureError(site.path, 'removing an empty lock folder', removed.error) };
}

/** Somebody moved in, or somebody else removed it. Some systems return EEXIST for "not empty". */
const BENIGN = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT']);

/** C3: removes the record of a dead owner, by that owner's name and no other (I2). */
async function removeDead(site: LockSite, record: string): Promise<Contention> {
  const removed = await attempt(site.deps.fs.unlink(site.recordPath(record)));
  if (removed.ok) {
    site.memory.watched.delete(site.recordPath(record));
    site.memory.abandoned.delete(record);
    await removeEmptied(site);
    return CLEAR;
  }
  // That generation is gone, and we have not judged the current one: touch nothing.
  if (removed.error.code === 'ENOENT') return CLEAR;
  if (parseRecordName(record) === null) {
    return { kind: 'failed', error: foreignError(site.recordPath(record), 'something else') };
  }
  return {
    kind: 'failed',
    error: failureError(site.path, 'removing the record of a dead owner', removed.error),
  };
}

/** Removes the folder whose record we just removed, including desktop junk. Never a full one (I3). */
export async function removeEmptied(site: LockSite): Promise<void> {
  const { fs } = site.deps;
  const removed = await attempt(fs.rmdir(site.path));
  if (removed.ok || removed.error.code === 'ENOENT') return;
  const names = await attempt(fs.readdir(site.path));
  if (!names.ok || names.value.length === 0 || !names.value.every(isDesktopJunk)) return;
  for (const name of names.value) await attempt(fs.unlink(site.recordPath(name)));
  await attempt(fs.rmdir(site.path));
}

/**
 * The age rule for owners that cannot be judged from here. Both times compared come from the file system's clock, and
 * the watch uses our own monotonic clock, so no clock difference between hosts can evict a live owner that touches
 * its record.
 * @param path of a record, or of an older program's folder
 * @param ageMs milliseconds
 */
export async function isSilent(site: LockSite, path: string, ageMs: number): Promise<boolean> {
  const { fs, timings } = site.deps;
  const entry = await attempt(fs.lstat(path));
  if (!entry.ok) return false;
  if (unmovedFor(site, path, entry.value.mtimeMs) < timings.unknownWatchMs) return false;
  const probe = await makeSideFolder(site, 'clock');
  if (!probe.ok) return false;
  const now = await attempt(fs.lstat(probe.value.path));
  await dropSideFolder(site, probe.value);
  return now.ok && now.value.mtimeMs - entry.value.mtimeMs > ageMs;
}

async function blockedBy(site: LockSite, record: string, verdict: Verdict): Promise<Blocked> {
  const owner = await readOwner(site, record, verdict);
  return { kind: 'blocked', owner, generation: record, napMs: Number.POSITIVE_INFINITY };
}

/** What a record says about its owner, for people. */
export async function readOwner(site: LockSite, record: string, verdict: Verdict): Promise<LockOwner> {
  const text = await attempt(site.deps.fs.read(site.recordPath(record)));
  const note = text.ok ? parseOwnerNote(text.value) : {};
  const pid = parseRecordName(record)?.pid ?? 0;
  const named = { host: '', since: 0, command: '', who: '', pid, ...note, verdict };
  if (named.who !== '') return named;
  // Another user's record may be unreadable for us; its owner is visible all the same.
  const entry = await attempt(site.deps.fs.lstat(site.path));
  return entry.ok && entry.value.uid !== undefined ? { ...named, uid: entry.value.uid } : named;
}
