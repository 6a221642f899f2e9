import { crc32c } from '../../../shared/domain/checksum.ts';
import type { ByteSource } from '../ports/byte-source.ts';

/** A small body in memory. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    crc32c: crc32c(bytes),
    bytes,
    stream: async function* () {
      yield bytes;
    },
  };
}
