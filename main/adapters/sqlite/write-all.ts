import { writeSync } from 'node:fs';

/**
 * Writes all bytes to an open file.
 * @param at where; after what was written last unless given
 */
export function writeAll(fd: number, bytes: Uint8Array, at: number | null = null): void {
  // A full disk may take a part of a write without an error; only the next one fails.
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
}
