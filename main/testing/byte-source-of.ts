import { crc32c } from '../../shared/domain/checksum.ts';
import { ByteSourceChanged, type ByteSource } from '../core/ports/byte-source.ts';

/** A body that is in memory. */
export function byteSourceOf(body: Uint8Array | string): ByteSource {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    size: bytes.length,
    crc32c: crc32c(bytes),
    bytes,
    async *stream() {
      yield bytes;
    },
  };
}

export interface StreamedOptions {
  /** Bytes a chunk. */
  readonly chunk?: number;
  /** Told how many bytes went out, before the next chunk is asked for. */
  readonly onChunk?: (sent: number) => void | Promise<void>;
}

/** A body that exists only as a stream: byte n is a function of n, so that gigabytes need no memory. */
export function patternSource(size: number, options: StreamedOptions = {}): ByteSource {
  const chunk = options.chunk ?? 64 * 1024;
  const block = patternBytes(chunk);
  let sum = 0;
  for (let at = 0; at < size; at += chunk) sum = crc32c(block.subarray(0, Math.min(chunk, size - at)), sum);
  return {
    size,
    crc32c: sum,
    async *stream() {
      for (let at = 0; at < size; at += chunk) {
        const part = block.subarray(0, Math.min(chunk, size - at));
        yield part;
        await options.onChunk?.(at + part.length);
      }
    },
  };
}

/** The first `length` bytes of every chunk of {@link patternSource}. */
export function patternBytes(length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = (i * 31 + (i >> 8)) & 0xff;
  return out;
}

/** A source whose file was cut while it was read: half of the bytes, then the throw that the port announces. */
export function changingSource(size: number): ByteSource {
  const whole = patternSource(size);
  return {
    size,
    crc32c: whole.crc32c,
    async *stream() {
      yield patternBytes(Math.floor(size / 2));
      throw new ByteSourceChanged('the file was cut while it was read');
    },
  };
}

/** A source that does not give what it announces: its bytes belong to another checksum. */
export function lyingSource(size: number): ByteSource {
  const honest = byteSourceOf(patternBytes(size));
  return { ...honest, crc32c: honest.crc32c ^ 1 };
}

/** Reads a whole stream into memory. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
