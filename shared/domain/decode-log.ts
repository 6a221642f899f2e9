/** How the bytes of a log are read: UTF-8, or UTF-16 where they begin with its byte order mark, as Windows shells write it. */
export type LogEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The encoding that a log's first bytes tell. */
export function encodingOf(bytes: Uint8Array): LogEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** The text of a log, without a byte order mark. Never fails: what is no character becomes U+FFFD. */
export function decodeLog(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** As {@link decodeLog}; null when there is anything that is no character, so that nothing is written from a text that was not understood. */
export function decodeLogStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Text to be added to a log: in the encoding it has. Its byte order mark stands at its beginning already. */
export function encodeLog(text: string, encoding: LogEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++)
    view.setUint16(at * 2, text.charCodeAt(at), encoding === 'utf-16le');
  return bytes;
}

/** The bytes of a log as UTF-8: the very same where they are that already. */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  return encodingOf(bytes) === 'utf-8' ? bytes : new TextEncoder().encode(decodeLog(bytes));
}
