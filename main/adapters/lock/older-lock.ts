import { basename, dirname, join } from 'node:path';

import type { AppError } from '../../../shared/app-error.ts';
import type { Blocked } from './contend.ts';
import { foreignKind } from './contend.ts';
import { failureError, foreignError } from './lock-errors.ts';
import { attempt } from './lock-fs.ts';
import type { FsFailure } from './lock-fs.ts';
import type { LockSite } from './lock-site.ts';
import { olderFacts, readOlderOwner } from './older-owner.ts';
import type { OlderOwner } from './older-owner.ts';
import { isDesktopJunk, parseRecordName } from './record-name.ts';

/*
 * An older program takes its lock with a plain `mkdir` of another name. We hold that name too while we hold ours,
 * and only then, so among ourselves nobody else touches it. Four things are written, in this order:
 *   <older>.<record>   a claim beside it: "if that folder is empty, a crash of ours may have left it"
 *   <older>/           by mkdir, which is what the older program respects
 *   <older>/<record>   our token: removing it is a compare-and-remove, as in our own lock
 *   <older>/pid        for an older program that checks whether the owner lives
 * If either of two programs removes whatever looks stale, neither is entirely safe; to be safe, run the older program
 * under our lock.
 */

const PID_FILE = 'pid';

/** What exists at an older name. */
type Sight =
  | { readonly kind: 'free' }
  /** One of us created it: our own lock decides. */
  | { readonly kind: 'ours'; readonly records: readonly string[] }
  | { readonly kind: 'theirs'; readonly by: OlderOwner }
  | { readonly kind: 'failed'; readonly error: AppError };

export type OlderOutcome =
  | { readonly kind: 'clear' }
  | Blocked
  | { readonly kind: 'failed'; readonly error: AppError };

/** Before trying our own lock: is an older program at work that is not provably dead? */
export async function olderInTheWay(site: LockSite, older: string): Promise<OlderOutcome> {
  const sight = await look(site, older);
  if (sight.kind === 'failed') return sight;
  if (sight.kind === 'theirs' && sight.by.owner.verdict !== 'dead') return blockedBy(older, sight.by);
  return { kind: 'clear' };
}

/** Takes the older name while our own lock is held. */
export async function holdOlder(site: LockSite, older: string, record: string): Promise<OlderOutcome> {
  const { fs } = site.deps;
  const claim = claimPath(older, record);
  const claimed = await attempt(fs.writeNew(claim, ''));
  if (!claimed.ok) return failed(older, 'claiming the older lock name', claimed.error);
  for (;;) {
    const made = await attempt(fs.mkdir(older));
    if (made.ok) return furnish(site, older, record);
    const outcome =
      made.error.code === 'EEXIST'
        ? await makeRoom(site, older)
        : failed(older, 'making the older lock folder', made.error);
    if (outcome.kind === 'clear') continue;
    await attempt(fs.unlink(claim));
    return outcome;
  }
}

/** The older name is taken although nobody holds our lock: by an older program, or left by a crash. */
async function makeRoom(site: LockSite, older: string): Promise<OlderOutcome> {
  const sight = await look(site, older);
  if (sight.kind === 'failed') return sight;
  if (sight.kind === 'free') return { kind: 'clear' };
  if (sight.kind === 'theirs' && sight.by.owner.verdict !== 'dead') return blockedBy(older, sight.by);
  if (await clear(site, older, sight)) return { kind: 'clear' };
  if (sight.kind === 'theirs') return blockedBy(older, sight.by);
  return { kind: 'failed', error: foreignError(older, 'a folder with unknown files') };
}

function blockedBy(older: string, by: OlderOwner): Blocked {
  const generation = `${older} ${by.owner.pid} ${by.owner.since}`;
  const block = { path: older, givenUpMs: by.givenUpMs };
  return { kind: 'blocked', owner: by.owner, older: block, generation, napMs: Number.POSITIVE_INFINITY };
}

function failed(older: string, doing: string, failure: FsFailure): OlderOutcome {
  return { kind: 'failed', error: failureError(older, doing, failure) };
}

async function furnish(site: LockSite, older: string, record: string): Promise<OlderOutcome> {
  const { fs } = site.deps;
  const marked = await attempt(fs.writeNew(join(older, record), ''));
  if (!marked.ok) {
    await attempt(fs.rmdir(older));
    await attempt(fs.unlink(claimPath(older, record)));
    return failed(older, 'marking the older lock folder', marked.error);
  }
  await attempt(fs.writeNew(join(older, PID_FILE), `${site.self.pid}\n`));
  // We created the folder ourselves, so every other claim is left from a crash. A remaining claim could one day make
  // an older program's empty folder look like ours.
  const stale = (await claims(site, older)).filter((claim) => claim !== record);
  for (const claim of stale) await attempt(fs.unlink(claimPath(older, claim)));
  return { kind: 'clear' };
}

/**
 * Releases an older name.
 * @returns false when our token was gone: somebody else had removed it, and nothing more is touched
 */
export async function dropOlder(site: LockSite, older: string, record: string): Promise<boolean> {
  const { fs } = site.deps;
  const token = await attempt(fs.unlink(join(older, record)));
  if (token.ok) {
    await attempt(fs.unlink(join(older, PID_FILE)));
    await attempt(fs.rmdir(older));
  }
  await attempt(fs.unlink(claimPath(older, record)));
  return token.ok;
}

/** Whether our token is still in the folder of the older name. */
export async function holdsOlder(site: LockSite, older: string, record: string): Promise<boolean> {
  return (await attempt(site.deps.fs.lstat(join(older, record)))).ok;
}

/** A heartbeat for an older program that judges by age. */
export async function touchOlder(site: LockSite, older: string): Promise<void> {
  await attempt(site.deps.fs.touch(older));
}

function claimPath(older: string, record: string): string {
  return `${older}.${record}`;
}

async function look(site: LockSite, older: string): Promise<Sight> {
  const { fs } = site.deps;
  const entry = await attempt(fs.lstat(older));
  if (!entry.ok && entry.error.code === 'ENOENT') return { kind: 'free' };
  if (!entry.ok)
    return { kind: 'failed', error: failureError(older, 'looking at the older lock', entry.error) };
  const foreign = foreignKind(entry.value);
  if (foreign !== null) return { kind: 'failed', error: foreignError(older, foreign) };
  const listed = await attempt(fs.readdir(older));
  if (!listed.ok && listed.error.code === 'ENOENT') return { kind: 'free' };
  if (!listed.ok)
    return { kind: 'failed', error: failureError(older, 'reading the older lock', listed.error) };
  const names = listed.value.filter((name) => !isDesktopJunk(name));
  const records = names.filter((name) => parseRecordName(name) !== null);
  if (records.length > 0) return { kind: 'ours', records };
  const by = await readOlderOwner(site, older, names);
  if (names.every((name) => name === PID_FILE)) {
    if (await leftByUs(site, older, by.files.get(PID_FILE))) return { kind: 'ours', records: [] };
  }
  return { kind: 'theirs', by };
}

/** Whether one of us may have left a folder without a token: its claim is then beside it, and its owner is dead. */
async function leftByUs(site: LockSite, older: string, pidText: string | undefined): Promise<boolean> {
  for (const claim of await claims(site, older)) {
    const pid = parseRecordName(claim)?.pid;
    const fits = pidText === undefined || pidText.trim() === String(pid);
    if (fits && (await site.judge(claim)) === 'dead') return true;
  }
  return false;
}

/** The records with claims beside an older lock. */
async function claims(site: LockSite, older: string): Promise<readonly string[]> {
  const prefix = `${basename(older)}.`;
  const names = await attempt(site.deps.fs.readdir(dirname(older)));
  if (!names.ok) return [];
  return names.value
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((name) => parseRecordName(name) !== null);
}

/** Removes what a crash left at an older name, file by file and by name. Only the holder of our lock does this. */
async function clear(
  site: LockSite,
  older: string,
  sight: Extract<Sight, { kind: 'ours' | 'theirs' }>,
): Promise<boolean> {
  const { fs } = site.deps;
  if (sight.kind === 'theirs') {
    // Check once more, as late as possible: the program itself may have replaced its dead lock meanwhile.
    for (const [name, text] of sight.by.files) {
      const now = await attempt(fs.read(join(older, name)));
      if (!now.ok || now.value !== text) return false;
    }
    // The file with the pid goes last, so that a crash in between leaves the lock provably dead.
    const names = [...sight.by.files.keys()];
    const bearsPid = (name: string): boolean =>
      olderFacts(new Map([[name, sight.by.files.get(name) ?? '']])).pid !== null;
    const ordered = [...names.filter((name) => !bearsPid(name)), ...names.filter(bearsPid)];
    for (const name of ordered) await attempt(fs.unlink(join(older, name)));
  } else {
    for (const record of sight.records) await attempt(fs.unlink(join(older, record)));
    await attempt(fs.unlink(join(older, PID_FILE)));
  }
  const removed = await attempt(fs.rmdir(older));
  const gone = removed.ok || removed.error.code === 'ENOENT';
  return gone;
}
