/**
 * Bytes that can be read more than once from the start, as an upload that retries must.
 * Small bodies are in memory; large ones are read from disk chunk by chunk.
 */
export interface ByteSource {
  readonly size: number;
  /** CRC32C of all bytes as an unsigned number: the receiver checks what arrives against it. */
  readonly crc32c: number;
  /** The whole body, when it is in memory anyway. */
  readonly bytes?: Uint8Array;
  /** A fresh pass over the bytes. Throws `ByteSourceChanged` when the file no longer holds `size` bytes. */
  stream(): AsyncIterable<Uint8Array>;
}

/** The file behind a source was cut or replaced while it was read. The one throw a store must expect from a source. */
export class ByteSourceChanged extends Error {
  override readonly name = 'ByteSourceChanged';
}
