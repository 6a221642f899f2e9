import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ByteSource } from '../ports/byte-source.ts';

/**
 * Converts between a log's bytes and its stored bytes. The engine always keeps the two apart (`size` and `sha256` of the log, `stored` of
 * the object), so that sealing or encryption is just a new codec.
 */
export interface Codec {
  /** Written beside every object, so that readers can decode it. */
  readonly name: string;
  encode(log: ByteSource): Promise<Result<ByteSource, AppError>>;
  decode(stored: Uint8Array): Promise<Result<Uint8Array, AppError>>;
  /** For bodies that do not fit in memory. */
  decodeStream(stored: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Stores a log as it is. */
export const identityCodec: Codec = {
  name: 'identity',
  encode: async (log) => ok(log),
  decode: async (stored) => ok(stored),
  decodeStream: (stored) => stored,
};
