import { createHash } from 'node:crypto';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { err, ok } from '../../../shared/result.ts';
import { ByteSourceChanged, type ByteSource } from '../../core/ports/byte-source.ts';
import type { Measured } from '../../core/ports/files.ts';
import type { AsyncDiskCalls } from './disk.ts';
import { diskError, showPath } from './disk-error.ts';
import { closeQuietly, openForReading, readUpTo } from './read-file.ts';

const IN_MEMORY = 4 * 1024 * 1024;
/** Large enough that call overhead is negligible, small enough that the event loop is free again within a millisecond. */
const CHUNK = 256 * 1024;
const ATTEMPTS = 3;

/** Options of {@link measureFile}. */
export interface MeasureOptions {
  readonly prefixLength?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a file in one pass: SHA-256, CRC32C, and the CRC32C of a prefix. Uses the size at opening: bytes appended
 * meanwhile are left to the next run, which the modification time, taken at the same moment, will trigger.
 */
export async function measureFile(
  disk: AsyncDiskCalls,
  path: string,
  options: MeasureOptions = {},
): Answer<Measured | null> {
  for (let attempt = 1; ; attempt++) {
    const opened = await openForReading(disk, path);
    if (!opened.ok) return opened;
    if (opened.value === null) return ok(null);
    const { fd, facts } = opened.value;
    try {
      const sums = await sumUp(disk, fd, facts.size, options);
      if (sums === 'aborted') return err(cancelled(path));
      if (sums !== 'cut')
        return ok({ size: facts.size, mtimeMs: facts.mtimeMs, ...sums.digests, source: sums.source(path) });
      if (attempt === ATTEMPTS) return err(unsteady(path));
    } catch (error) {
      return err(diskError('read', path, error));
    } finally {
      await closeQuietly(disk, fd);
    }
  }
}

interface Sums {
  readonly digests: Pick<Measured, 'sha256' | 'crc32c' | 'prefixCrc32c'>;
  source(path: string): ByteSource;
}

async function sumUp(
  disk: AsyncDiskCalls,
  fd: number,
  size: number,
  { prefixLength, signal }: MeasureOptions,
): Promise<Sums | 'aborted' | 'cut'> {
  const hash = createHash('sha256');
  const prefix = prefixLength !== undefined && prefixLength <= size ? prefixLength : null;
  let crc = 0;
  let prefixCrc: number | null = prefix === 0 ? 0 : null;
  // One buffer for the whole pass: fresh ones would pile up until garbage collection.
  const buffer = new Uint8Array(size <= IN_MEMORY ? size : CHUNK);
  for (let done = 0; done < size;) {
    if (signal?.aborted) return 'aborted';
    const want = Math.min(buffer.length, size - done);
    const bytes = await readUpTo(disk, fd, want, buffer);
    if (bytes.length < want) return 'cut';
    hash.update(bytes);
    if (prefix !== null && done < prefix && prefix <= done + bytes.length) {
      prefixCrc = crc32c(bytes.subarray(0, prefix - done), crc);
      crc = crc32c(bytes.subarray(prefix - done), prefixCrc);
    } else {
      crc = crc32c(bytes, crc);
    }
    done += bytes.length;
  }
  return {
    digests: { sha256: hash.digest('hex'), crc32c: crc, prefixCrc32c: prefixCrc },
    source: (path) => (size <= IN_MEMORY ? memorySource(buffer, crc) : fileSource(disk, path, size, crc)),
  };
}

function memorySource(bytes: Uint8Array, crc: number): ByteSource {
  return {
    size: bytes.length,
    crc32c: crc,
    bytes,
    async *stream() {
      if (bytes.length > 0) yield bytes;
    },
  };
}

function fileSource(disk: AsyncDiskCalls, path: string, size: number, crc: number): ByteSource {
  return { size, crc32c: crc, stream: () => streamFile(disk, path, size, crc) };
}

/** The last chunk is held back until the overall checksum matches, so that no receiver ever has a complete corrupted body. */
async function* streamFile(
  disk: AsyncDiskCalls,
  path: string,
  size: number,
  expected: number,
): AsyncGenerator<Uint8Array> {
  const opened = await openForReading(disk, path);
  if (!opened.ok) throw new ByteSourceChanged(opened.error.message);
  if (opened.value === null) throw new ByteSourceChanged(`${showPath(path)} is gone`);
  const { fd } = opened.value;
  try {
    let crc = 0;
    for (let done = 0; done < size;) {
      const want = Math.min(CHUNK, size - done);
      let bytes: Uint8Array;
      try {
        bytes = await readUpTo(disk, fd, want);
      } catch (error) {
        throw new ByteSourceChanged(diskError('read', path, error).message, { cause: error });
      }
      if (bytes.length < want) throw new ByteSourceChanged(`${showPath(path)} was cut while it was read`);
      crc = crc32c(bytes, crc);
      done += bytes.length;
      if (done === size && crc !== expected)
        throw new ByteSourceChanged(`${showPath(path)} was changed while it was read`);
      yield bytes;
    }
  } finally {
    await closeQuietly(disk, fd);
  }
}

function cancelled(path: string): AppError {
  return appError('cancelled', `Reading ${showPath(path)} was cancelled.`, 'Repeat the command.', {
    details: { path },
  });
}

function unsteady(path: string): AppError {
  return appError(
    'io',
    `${showPath(path)} got shorter each time it was read (${ATTEMPTS} times).`,
    'Repeat the command when the program that writes it is done.',
    { transient: true, details: { path } },
  );
}
