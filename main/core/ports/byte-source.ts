/**
 * Bytes that can be read from the start more than once, as a retried upload must. Small bodies are in memory; large ones are read from disk
 * chunk by chunk.
 */
export interface ByteSource {
  readonly size: number;
  /** Unsigned CRC32C of all bytes; the receiver checks what arrives against it. */
  readonly crc32c: number;
  /** The whole body, if it is in memory anyway. */
  readonly bytes?: Uint8Array;
  /** Reads the bytes anew. Throws `ByteSourceChanged` when the file no longer holds `size` bytes. */
  stream(): AsyncIterable<Uint8Array>;
}

/** A source's file was truncated or replaced while being read. The one throw a store must expect from a source. */
export class ByteSourceChanged extends Error {
  override readonly name = 'ByteSourceChanged';
}
