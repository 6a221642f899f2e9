import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { appError, type AppError } from '../../../../shared/app-error.ts';

const PIECE = 256 * 1024;

/**
 * Reads a file as it is now: bytes appended meanwhile are left to the next reading. Changes neither the file nor, where the system
 * supports it, its access time. A chunk is valid until the next.
 * @throws AppError
 */
export async function* readFile(path: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    let at = offset;
    const piece = Buffer.allocUnsafe(Math.max(0, Math.min(PIECE, size - offset)));
    while (at < size) {
      if (signal?.aborted === true)
        throw appError('cancelled', `Reading ${path} was stopped.`, 'Start it again.');
      const wanted = Math.min(piece.length, size - at);
      const { bytesRead } = await reading(path, () => file.read(piece, 0, wanted, at));
      // It was truncated while being read.
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Reads a file's head and tail: all of it is in `head` when it is not longer than both. */
export async function readEnds(
  path: string,
  length: number,
): Promise<{ readonly head: Uint8Array; readonly tail: Uint8Array | null; readonly tailAt: number }> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    const isShort = size <= 2 * length;
    const head = await part(path, file, 0, isShort ? size : length);
    if (isShort) return { head, tail: null, tailAt: size };
    return { head, tail: await part(path, file, size - length, length), tailAt: size - length };
  } finally {
    await file.close();
  }
}

/** Reads some bytes of a file; fewer at its end. */
export async function readPart(path: string, at: number, length: number): Promise<Uint8Array> {
  const file = await opened(path);
  try {
    return await part(path, file, at, length);
  } finally {
    await file.close();
  }
}

async function part(path: string, file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await reading(path, () => file.read(bytes, 0, length, at));
  return bytes.subarray(0, bytesRead);
}

async function opened(path: string): Promise<FileHandle> {
  // Not every system has the other two, and undefined counts as 0 there.
  const { O_RDONLY, O_NOFOLLOW, O_NOATIME } = constants;
  const flags = O_RDONLY | O_NOFOLLOW;
  return reading(path, async () => {
    try {
      return await open(path, flags | O_NOATIME);
    } catch (error) {
      // Only a file's owner may leave its access time unchanged.
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      return open(path, flags);
    }
  });
}

async function reading<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw readError(path, error);
  }
}

/** Converts a failure with an agent's file to an error value. */
export function readError(path: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT')
    return appError('not-found', `${path} is gone.`, 'See which sessions there are: session-log sessions.');
  if (code === 'EACCES' || code === 'EPERM')
    return appError('denied', `${path} may not be read.`, 'Give yourself permission to read it.');
  return appError('io', `${path} cannot be read: ${message}`, 'Check the disk it lies on.', {
    transient: true,
  });
}
