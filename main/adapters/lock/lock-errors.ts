import { appError } from '../../../shared/app-error.ts';
import type { AppError, ErrorCode } from '../../../shared/app-error.ts';
import type { LockOwner } from '../../core/ports/lock.ts';
import type { OlderBlock } from './contend.ts';
import type { FsFailure } from './lock-fs.ts';
import { LOCK_TIMINGS } from './lock-timings.ts';

/**
 * The wait timed out: a state, not a fault. Nothing was changed.
 * @param older the obstacle, if it is not our lock
 */
export function heldError(path: string, owner: LockOwner, older: OlderBlock | null = null): AppError {
  const at = older?.path ?? path;
  const givenUpMs = older === null ? LOCK_TIMINGS.unknownAgeMs : older.givenUpMs;
  return appError(
    'lock-held',
    `Deferred: ${describeOwner(owner)} holds the lock ${at}.${owner.verdict === 'unknown' ? unsure(givenUpMs) : ''}`,
    owner.verdict === 'unknown' && givenUpMs === null
      ? `Nothing is lost. When no such program runs any more, remove ${at} by hand and run the command again.`
      : 'Nothing is lost. Run the command again later, or wait longer with --wait <seconds>.',
    { action: 'lock status', details: { path: at, owner } },
  );
}

function unsure(givenUpMs: number | null): string {
  const cannotTell = ' This machine cannot tell whether that owner still runs';
  if (givenUpMs === null)
    return `${cannotTell}, and what lies in its lock is nothing that may be taken over.`;
  const minutes = Math.round(givenUpMs / 60_000);
  const time = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  const watch = Math.round(LOCK_TIMINGS.unknownWatchMs / 1_000);
  return `${cannotTell}; its lock is taken over, by a run that waits ${watch} seconds or more, once it has shown no sign of life for ${time}.`;
}

/** Describes who, where, since when and doing what, in one clause. */
export function describeOwner(owner: LockOwner): string {
  const who = owner.who === '' ? 'an unnamed owner' : owner.who;
  const host = owner.host === '' ? 'an unnamed host' : owner.host;
  const pid = owner.pid === 0 ? '' : ` (pid ${owner.pid})`;
  const since = owner.since === 0 ? '' : `, since ${new Date(owner.since).toISOString()}`;
  const command = owner.command === '' ? '' : `, doing ${owner.command},`;
  return `${who} on ${host}${pid}${since}${command}`;
}

/** Somebody removed our record: this run may no longer be alone. */
export function lostError(path: string): AppError {
  return appError(
    'lock-lost',
    `The lock ${path} is no longer ours: our record in it has been removed.`,
    'Nothing further was changed. Run the command again; it continues from the current state.',
    { details: { path } },
  );
}

/** The caller gave up waiting. */
export function cancelledError(path: string): AppError {
  return appError('cancelled', `Cancelled before the lock ${path} was taken.`, 'Run the command again.', {
    details: { path },
  });
}

/** The lock's name belongs to something that is not a lock. We never remove it. */
export function foreignError(path: string, what: string): AppError {
  return appError(
    'attention',
    `Foreign object: ${path} is ${what}, not a lock folder of ours. It was left alone.`,
    `Find out who put it there and remove it by hand, then run the command again.`,
    { details: { path } },
  );
}

const KINDS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['disk-full', 'Free some space on that disk and run the command again.'],
  EDQUOT: ['disk-full', 'Free some of your quota on that disk and run the command again.'],
  EACCES: ['denied', 'Make the folder readable and writable for your user and run the command again.'],
  EPERM: ['denied', 'Make the folder readable and writable for your user and run the command again.'],
  EROFS: ['denied', 'The disk is mounted read-only: mount it writable and run the command again.'],
  ENOENT: ['not-found', 'Check that the folder exists and run the command again.'],
  ENOTDIR: ['not-found', 'Check that the folder exists and run the command again.'],
};

/** The file system refused a step in a way that waiting does not resolve. */
export function failureError(path: string, doing: string, failure: FsFailure): AppError {
  const [code, remedy] = KINDS[failure.code] ?? ['io', 'Check the disk and run the command again.'];
  return appError(code, `The lock ${path} could not be used: ${doing} failed with ${failure.code}.`, remedy, {
    // Running out of file handles passes when other work ends.
    transient: failure.code === 'EMFILE' || failure.code === 'ENFILE',
    details: { path, errno: failure.code },
  });
}
