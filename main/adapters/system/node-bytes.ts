import { isUtf8 } from 'node:buffer';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { createGzip, gunzip, gzip } from 'node:zlib';
import type { Bytes, Gzipping } from '../../core/ports/bytes.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** zlib's default; its `constants` would load it at the start of every command. */
const SMALL_PIECE = 16 * 1024;
const LARGEST_PIECE = 1024 * 1024;

/** Key objects that are kept: as many as the epochs and purposes that one listing of a store meets. */
const KEPT_KEYS = 16;
const NONCE = 12;
const TAG = 16;

/**
 * Digests by node:crypto, compression by node:zlib (on the thread pool). Keys are passed as objects: for bare bytes, Node 24 makes and
 * drops an error with its stack each time. The last ones are kept, because a listing uses the same key for each of its objects.
 */
export function createNodeBytes(): Bytes {
  const keyOf = createKeys();
  return {
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    sha256Stream: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
    },
    hmac: (key, text) => createHmac('sha256', keyOf(key, 'utf8')).update(text).digest('hex'),
    lock: (key, text) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', keyOf(key, 'hex'), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    unlock: (key, text) => {
      const all = Buffer.from(text, 'base64');
      if (all.length < NONCE + TAG) return null;
      const cipher = createDecipheriv('aes-256-gcm', keyOf(key, 'hex'), all.subarray(0, NONCE));
      cipher.setAuthTag(all.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([cipher.update(all.subarray(NONCE + TAG)), cipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
    gzip: (bytes, level = 6) => zip(bytes, { level, chunkSize: pieceFor(bytes.length >> 2) }),
    gzipParts,
    gunzip: async (bytes, limit) => {
      // zlib requires a limit of at least one byte.
      if (limit < 1) return null;
      try {
        return await unzip(bytes, { maxOutputLength: limit, chunkSize: pieceFor(unpackedLength(bytes)) });
      } catch {
        // Truncated, corrupt, not gzip, or larger than the limit: all the same to the caller, unusable.
        return null;
      }
    },
    oneByteText: (bytes) =>
      isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') : null,
  };
}

function createKeys(): (key: string, encoding: 'utf8' | 'hex') => KeyObject {
  const kept = new Map<string, KeyObject>();
  return (key, encoding) => {
    const name = `${encoding}:${key}`;
    const found = kept.get(name);
    if (found !== undefined) return found;
    if (kept.size === KEPT_KEYS) kept.clear();
    const made = createSecretKey(key, encoding);
    kept.set(name, made);
    return made;
  };
}

function gzipParts(level: number): Gzipping {
  const zip = createGzip({ level, chunkSize: SMALL_PIECE });
  const parts: Buffer[] = [];
  zip.on('data', (part: Buffer) => parts.push(part));
  const done = (then: (over: () => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      zip.once('error', reject);
      then(() => {
        zip.off('error', reject);
        resolve();
      });
    });
  return {
    add: (bytes) => done((over) => zip.write(bytes, over)),
    end: async () => {
      await done((over) => zip.once('end', over).end());
      return Buffer.concat(parts);
    },
  };
}

/** Room for the whole result at once if it is modest: a trip to the thread pool per 16 KB costs more than the compression. */
function pieceFor(expected: number): number {
  // One byte more than needed: a full buffer would be taken for one with a successor.
  return Math.max(SMALL_PIECE, Math.min(expected + 1, LARGEST_PIECE));
}

/** The length in the gzip trailer; trusted only as far as its memory does no harm. */
function unpackedLength(bytes: Uint8Array): number {
  if (bytes.length < 4) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
}
