/** The encoding of a log: UTF-8, or UTF-16 if it begins with that byte order mark, as Windows shells write it. */
export type LogEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Detects the encoding from a log's first bytes. */
export function encodingOf(bytes: Uint8Array): LogEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Decodes a log, without its byte order mark. Never fails: invalid bytes become U+FFFD. */
export function decodeLog(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Like {@link decodeLog}, but null on any invalid byte, so that nothing is written from text that was misread. */
export function decodeLogStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Encodes text to append to a log, in the log's encoding, without a byte order mark: the log already has it. */
export function encodeLog(text: string, encoding: LogEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++)
    view.setUint16(at * 2, text.charCodeAt(at), encoding === 'utf-16le');
  return bytes;
}

/** Returns the log as UTF-8: the same array if it already is. */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  return encodingOf(bytes) === 'utf-8' ? bytes : new TextEncoder().encode(decodeLog(bytes));
}
