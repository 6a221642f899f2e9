import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, type Result } from '../../../shared/result.ts';

/** A change takes milliseconds; a turn held this long belongs to a killed process. */
const STALE_MS = 10_000;
/** How long to wait for others, in milliseconds. */
const WAIT_MS = 15_000;
const STEP_MS = 5;

/**
 * Reads, changes and writes the settings while no other process does. Settings are accessed synchronously, before there is an event loop
 * to wait in, so this is not the lock of the sync (docs/lock.md) but the smallest that works: a file beside them, created exclusively,
 * for a few milliseconds. A file left behind by a killed process is set aside after ten seconds.
 * @param path absolute path of the settings file itself, not of a link to it
 * @returns the result of `run`; `lock-held` when others did not finish
 */
export function takeSettingsTurn<T>(path: string, run: () => Result<T, AppError>): Result<T, AppError> {
  const lock = `${path}.lock`;
  const mine = randomBytes(8).toString('hex');
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const taken = tryTake(lock, mine);
    // If no file can be created, the write itself gives the reason, in better words.
    if (taken === 'impossible') return run();
    if (taken === 'taken') break;
    if (Date.now() > end) return err(held(lock));
    setStaleAside(lock);
    sleep(STEP_MS + Math.random() * STEP_MS);
  }
  try {
    return run();
  } finally {
    release(lock, mine);
  }
}

/** Ends this turn, and nobody else's: a process suspended for longer than a turn finds another's file there. */
function release(lock: string, mine: string): void {
  try {
    if (readFileSync(lock, 'utf8') === mine) rmSync(lock, { force: true });
  } catch {
    // Already set aside, by somebody who took us for dead.
  }
}

function tryTake(lock: string, mine: string): 'taken' | 'held' | 'impossible' {
  for (const madeFolder of [false, true]) {
    try {
      sign(openSync(lock, 'wx', 0o600), lock, mine);
      return 'taken';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Windows returns EPERM for a file that is just being removed.
      if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return 'held';
      if (code !== 'ENOENT' || madeFolder) return 'impossible';
      try {
        mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
      } catch {
        return 'impossible';
      }
    }
  }
  return 'impossible';
}

/** Writes the owner of a turn into a newly created file. Throws disk errors, after removing the file. */
function sign(fd: number, lock: string, mine: string): void {
  try {
    writeSync(fd, mine);
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** By renaming, which only one of several can do to one file. The renamed file is checked again: by now it may be another's fresh one. */
function setStaleAside(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    if (!isStale(lock)) return;
    renameSync(lock, aside);
    if (!isStale(aside)) renameSync(aside, lock);
  } catch {
    // Its owner or another waiter was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}

function isStale(path: string): boolean {
  const age = Date.now() - statSync(path).mtimeMs;
  // Setting back the clock leaves files from the future.
  return age > STALE_MS || age < -STALE_MS;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function held(lock: string): AppError {
  return appError(
    'lock-held',
    'Another process has been changing the settings for too long.',
    `Repeat it. If no other Session Log runs, remove ${quote(lock)}.`,
    { details: { path: lock } },
  );
}
