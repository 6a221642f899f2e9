import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { lock, TAG, unlock } from './chacha.ts';

/** Bytes sealed as one chunk, set by the format. */
export const PIECE = 64 * 1024;
/** Bytes before the chunks, from which their key is derived. */
export const NONCE = 16;

/** HKDF-SHA256 to 32 bytes: how the format derives all of its keys. */
export function derive(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', createSecretKey(secret), salt, info, 32));
}

/** Seals the payload after a header, chunk by chunk. */
export function payloadSealer(fileKey: Uint8Array): {
  /** Precedes the first chunk. */
  readonly nonce: Uint8Array;
  /** @param piece of {@link PIECE} bytes; the last may be shorter, and empty if it is the only one */
  readonly seal: (piece: Uint8Array, isLast: boolean) => readonly Uint8Array[];
} {
  const nonce = randomBytes(NONCE);
  const key = derive(fileKey, nonce, 'payload');
  const next = pieceNonces();
  return { nonce, seal: (piece, isLast) => lock(key, next(isLast), piece) };
}

/**
 * Opens the output of {@link payloadSealer}.
 * @returns takes the chunks in order, each with its tag; throws when one is truncated, modified or swapped
 */
export function payloadOpener(
  fileKey: Uint8Array,
  nonce: Uint8Array,
): (piece: Uint8Array, isLast: boolean) => Uint8Array {
  if (nonce.length !== NONCE) throw new RangeError('cut before the first piece');
  const key = derive(fileKey, nonce, 'payload');
  const next = pieceNonces();
  let isFirst = true;
  return (piece, isLast) => {
    if (isLast && !isFirst && piece.length === TAG) throw new RangeError('an empty piece behind others');
    isFirst = false;
    return unlock(key, next(isLast), piece);
  };
}

/** Counts the chunks and marks the last, so that none can be omitted, swapped or truncated. */
function pieceNonces(): (isLast: boolean) => Uint8Array {
  let count = 0;
  return (isLast) => {
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(count++, 5, 6);
    nonce.writeUInt8(isLast ? 1 : 0, 11);
    return nonce;
  };
}

/** Splits bytes in memory into chunks. */
export function* piecesIn(
  bytes: Uint8Array,
  length: number,
): Generator<{ readonly piece: Uint8Array; readonly isLast: boolean }> {
  let at = 0;
  do {
    const end = Math.min(at + length, bytes.length);
    yield { piece: bytes.subarray(at, end), isLast: end === bytes.length };
    at = end;
  } while (at < bytes.length);
}

/** The same for a stream of bytes; each chunk is valid until the next is requested. */
export async function* piecesFrom(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<{ readonly piece: Uint8Array; readonly isLast: boolean }> {
  const held = new Uint8Array(length);
  let used = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (used === length) {
        yield { piece: held, isLast: false };
        used = 0;
      }
      const taken = Math.min(length - used, chunk.length - at);
      held.set(chunk.subarray(at, at + taken), used);
      [used, at] = [used + taken, at + taken];
    }
  }
  yield { piece: held.subarray(0, used), isLast: true };
}
