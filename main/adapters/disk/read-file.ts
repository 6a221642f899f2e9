import { constants } from 'node:fs';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { FileFacts } from '../../core/ports/files.ts';
import { errnoOf } from './errno.ts';
import type { AsyncDiskCalls, DiskStat } from './disk.ts';
import { diskError, showPath } from './disk-error.ts';

/** More is never read into memory at once; it is also near the limit of a Node buffer on every platform. */
const MAX_WHOLE = 1024 * 1024 * 1024;

/** A file open for reading, and its facts at opening. */
export interface OpenedFile {
  readonly fd: number;
  readonly facts: DiskStat;
}

/**
 * Opens a regular file without following a final link. O_NONBLOCK because opening a pipe without a writer would otherwise
 * wait forever.
 * @returns null when it does not exist
 */
export async function openForReading(disk: AsyncDiskCalls, path: string): Answer<OpenedFile | null> {
  let fd: number;
  try {
    if (constants.O_NOFOLLOW === undefined && (await disk.lstat(path)).isSymbolicLink())
      throw Object.assign(new Error('symbolic link'), { code: 'ELOOP' });
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    fd = await uninterrupted(() => disk.open(path, flags, 0));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(null);
    return err(diskError('read', path, error));
  }
  try {
    const facts = await uninterrupted(() => disk.fstat(fd));
    if (facts.isFile()) return ok({ fd, facts });
    await closeQuietly(disk, fd);
    return err(notAFile(path, facts));
  } catch (error) {
    await closeQuietly(disk, fd);
    return err(diskError('read', path, error));
  }
}

/** Whole content, or its first `limit` bytes; null when there is no such file. */
export async function readFile(
  disk: AsyncDiskCalls,
  path: string,
  limit?: number,
): Answer<Uint8Array | null> {
  const opened = await openForReading(disk, path);
  if (!opened.ok || opened.value === null) return opened as Result<null, AppError>;
  const { fd, facts } = opened.value;
  try {
    if (limit !== undefined) return ok(await readUpTo(disk, fd, Math.min(limit, facts.size)));
    if (facts.size > MAX_WHOLE) return err(tooLarge(path, facts.size));
    const start = await readUpTo(disk, fd, facts.size);
    if (start.length < facts.size) return ok(start);
    // It may have grown since fstat, and kernel files report 0 and contain more.
    const parts = [start];
    for (let total = start.length; ;) {
      const more = await readUpTo(disk, fd, 64 * 1024);
      if (more.length === 0) break;
      parts.push(more);
      total += more.length;
      if (total > MAX_WHOLE) return err(tooLarge(path, total));
    }
    return ok(parts.length === 1 ? start : Buffer.concat(parts));
  } catch (error) {
    return err(diskError('read', path, error));
  } finally {
    await closeQuietly(disk, fd);
  }
}

/** Reads bytes from a position, fewer at the end of the file; null when there is no such file. */
export async function readRange(
  disk: AsyncDiskCalls,
  path: string,
  from: number,
  length: number,
): Answer<Uint8Array | null> {
  const opened = await openForReading(disk, path);
  if (!opened.ok || opened.value === null) return opened as Result<null, AppError>;
  const { fd, facts } = opened.value;
  try {
    const room = Math.max(0, Math.min(length, facts.size - from));
    return ok(await readUpTo(disk, fd, room, undefined, from));
  } catch (error) {
    return err(diskError('read', path, error));
  } finally {
    await closeQuietly(disk, fd);
  }
}

/**
 * Reads from a position until `length` bytes are read or the file ends.
 * @param buffer at least `length` bytes to read into; the result is a view of it
 * @param from position in the file; the current one by default
 */
export async function readUpTo(
  disk: AsyncDiskCalls,
  fd: number,
  length: number,
  buffer: Uint8Array = new Uint8Array(length),
  from: number | null = null,
): Promise<Uint8Array> {
  const bytes = buffer.length === length ? buffer : buffer.subarray(0, length);
  let done = 0;
  while (done < length) {
    const at = done;
    const got = await uninterrupted(() =>
      disk.read(fd, bytes, at, length - at, from === null ? null : from + at),
    );
    if (got === 0) break;
    done += got;
  }
  return done === length ? bytes : bytes.subarray(0, done);
}

/** Repeats a call interrupted by a signal; for calls that change nothing. */
export async function uninterrupted<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 16; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (errnoOf(error) !== 'EINTR' || left === 0) throw error;
    }
  }
}

/** Closes a descriptor that was only read from: a failure loses nothing. */
export async function closeQuietly(disk: AsyncDiskCalls, fd: number): Promise<void> {
  try {
    await disk.close(fd);
  } catch {
    // The descriptor is released in any case.
  }
}

/** Converts the result of `lstat` or `fstat` to the port's type. */
export function toFacts(facts: DiskStat): FileFacts {
  return {
    kind: facts.isFile()
      ? 'file'
      : facts.isDirectory()
        ? 'folder'
        : facts.isSymbolicLink()
          ? 'symlink'
          : 'other',
    size: facts.size,
    mtimeMs: facts.mtimeMs,
    ino: facts.ino,
    mode: facts.mode & 0o7777,
  };
}

function notAFile(path: string, facts: DiskStat): AppError {
  const kind = facts.isDirectory() ? 'a folder' : 'a device, pipe or socket';
  return appError(
    'invalid-input',
    `Could not read ${showPath(path)}: it is ${kind}, not a file.`,
    'Rename or move it away.',
    { details: { path } },
  );
}

function tooLarge(path: string, size: number): AppError {
  return appError(
    'invalid-input',
    `${showPath(path)} has ${size} bytes; at most ${MAX_WHOLE} can be read at once.`,
    'Split the file.',
    { details: { path, size } },
  );
}
