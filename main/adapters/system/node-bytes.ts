import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Bytes } from '../../core/ports/bytes.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Digests by node:crypto, compression by node:zlib (on the thread pool). */
export function createNodeBytes(): Bytes {
  return {
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    sha256Stream: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
    },
    gzip: (bytes) => zip(bytes, { level: constants.Z_DEFAULT_COMPRESSION }),
    gunzip: async (bytes, limit) => {
      // zlib takes a limit of at least one byte.
      if (limit < 1) return null;
      try {
        return await unzip(bytes, { maxOutputLength: limit });
      } catch {
        // Cut, corrupt, no gzip at all, or larger than the limit: for the caller it is the same, unusable.
        return null;
      }
    },
  };
}
