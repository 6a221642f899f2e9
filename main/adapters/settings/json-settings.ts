import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';
import {
  formatRawSettings,
  parseRawSettings,
  settingsOver,
  type RawSettings,
  type RawSettingsFile,
  type WriteDurably,
} from './raw-settings.ts';

/** Far above any real one; a larger file is not ours. */
const MAX_BYTES = 1024 * 1024;

/** A file written more recently than this, in milliseconds, may be rewritten and look the same: times are coarse on some disks. */
const SETTLED_MS = 2_000;

/**
 * settings.json for the CLI and the browser view, without a package: `conf` would cost each command 80 ms and is not durable. Checks the
 * file each time, so that a change by the app is seen and nothing stale is written back; a push asks thousands of times, so it is reread
 * only when it has changed.
 * @param home absolute path of the data folder
 */
export function createJsonSettings(home: string, write: WriteDurably): SettingsStore {
  const path = join(home, 'settings.json');
  let known: { readonly print: string; readonly raw: Result<RawSettings, AppError> } | null = null;
  const file: RawSettingsFile = {
    path,
    target: () => linkTarget(path),
    read() {
      const print = printOf(path);
      if (known !== null && known.print === print) return known.raw;
      const target = linkTarget(path);
      const raw = target.ok ? readRaw(path) : target;
      known = print === null ? null : { print, raw };
      return raw;
    },
    // A person may keep settings.json in a dotfiles folder and link it here: the link stays.
    write(raw) {
      const target = linkTarget(path);
      return target.ok ? write(target.value, formatRawSettings(raw)) : target;
    },
  };
  return settingsOver(file, write);
}

/** The number of consecutive links that systems follow. */
const MOST_LINKS = 40;

/**
 * Resolves a link, even to a file yet to be written; the path itself when it is not a link.
 * @returns `io` for a link into a missing folder: it may be on an unmounted disk
 */
export function linkTarget(path: string): Result<string, AppError> {
  let at = path;
  try {
    for (let count = 0; count < MOST_LINKS; count++) {
      const facts = lstatSync(at, { throwIfNoEntry: false });
      if (facts === undefined)
        return at === path || existsSync(dirname(at)) ? ok(at) : err(leadsNowhere(path, at));
      if (!facts.isSymbolicLink()) return ok(realpathSync(at));
      at = resolve(dirname(at), readlinkSync(at));
    }
  } catch (error) {
    return err(unreadable(path, error));
  }
  return err(leadsNowhere(path, at));
}

function leadsNowhere(path: string, target: string): AppError {
  return appError(
    'io',
    `The settings in ${quote(path)} are a link to ${quote(target)}, which is not there.`,
    'Mount the disk it lies on, or remove the link to start from the defaults. It was left as it is.',
    { details: { path, target } },
  );
}

/** Identifies a file's state while nobody writes it; null when it is missing, or was just written. */
function printOf(path: string): string | null {
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined || Math.abs(Date.now() - facts.ctimeMs) < SETTLED_MS) return null;
    return [facts.dev, facts.ino, facts.size, facts.mtimeMs, facts.ctimeMs].join(' ');
  } catch {
    // Whoever reads it reports the problem.
    return null;
  }
}

function readRaw(path: string): Result<RawSettings, AppError> {
  let bytes: Uint8Array;
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return ok({});
    // Reading a pipe would wait forever.
    if (!facts.isFile() || facts.size > MAX_BYTES) return err(notAFile(path));
    bytes = readFileSync(path);
  } catch (error) {
    return err(unreadable(path, error));
  }
  return parseRawSettings(path, bytes);
}

function notAFile(path: string): AppError {
  return appError(
    'corrupt',
    `The settings in ${quote(path)} cannot be read: it is not a file, or far too large for one of settings.`,
    'Move it away to start from the defaults. It was left as it is.',
    { details: { path } },
  );
}

/**
 * The error for a file the system would not let us read.
 * @throws the original when it is not a system error
 */
export function unreadable(path: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^E[A-Z0-9]+$/.test(code)) throw error;
  const denied = code === 'EACCES' || code === 'EPERM';
  return appError(
    denied ? 'denied' : 'io',
    `The settings in ${quote(path)} cannot be read (${code}).`,
    denied
      ? `Give your user the right to read it: \`ls -l ${quote(path)}\` shows whose it is.`
      : 'Check the disk.',
    { details: { path, errno: code } },
  );
}
