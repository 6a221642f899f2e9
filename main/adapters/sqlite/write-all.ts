import { writeSync } from 'node:fs';

/**
 * Writes all bytes to an open file.
 * @param at position; after the last write by default
 */
export function writeAll(fd: number, bytes: Uint8Array, at: number | null = null): void {
  // A full disk may accept part of a write without an error; only the next one fails.
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
}
