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

/** A change takes milliseconds; whoever holds a turn this long has been killed. */
const STALE_MS = 10_000;
/** How long somebody waits for the others, in milliseconds. */
const WAIT_MS = 15_000;
const STEP_MS = 5;

/**
 * Reads, changes and writes the settings while no other process does. Settings are read and written at once, before there is a loop that
 * could wait, so this is not the lock of the sync (docs/lock.md) but the smallest one that does: a file beside them that is made
 * exclusively, for a few milliseconds. A file that somebody left behind by being killed is set aside after ten seconds.
 * @param path absolute path of the settings file itself, not of a link to it
 * @returns what `run` gave; `lock-held` when others did not end
 */
export function takeSettingsTurn<T>(path: string, run: () => Result<T, AppError>): Result<T, AppError> {
  const lock = `${path}.lock`;
  const mine = randomBytes(8).toString('hex');
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const taken = tryTake(lock, mine);
    // Where no file can be made, the writing itself says why, in better words.
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

/** Ends this turn, and nobody else's: who was asleep for longer than a turn may last finds another's file there. */
function release(lock: string, mine: string): void {
  try {
    if (readFileSync(lock, 'utf8') === mine) rmSync(lock, { force: true });
  } catch {
    // Set aside already, by somebody who took us for dead.
  }
}

function tryTake(lock: string, mine: string): 'taken' | 'held' | 'impossible' {
  for (const madeFolder of [false, true]) {
    try {
      sign(openSync(lock, 'wx', 0o600), lock, mine);
      return 'taken';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Windows says EPERM of a file that is just being removed.
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

/** Writes whose turn it is into a file that was just made. Throws what the disk throws, and then the file is gone. */
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

/** By renaming, which only one of several can do to one file. What is renamed is looked at again: it may be another's fresh one by now. */
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
  // A clock that was set back makes files of the future.
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
