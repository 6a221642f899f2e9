/** Lists and objects inside each other. An index has five: head, entries, entry, notes, note. */
const DEPTH_LIMIT = 16;
/** Values of any kind. 50,000 logs have a million. */
const VALUE_LIMIT = 2_000_000;
/** Lists and objects: each costs many times the two characters that an empty one takes. */
const LIST_LIMIT = 500_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Parses JSON of strangers, in UTF-8. It is looked through before, because a parser takes memory and time by what it makes of a text: 200 MB
 * of `[` took 11 GB.
 * @returns undefined for what is no JSON, and for what has more or deeper values than an index can have
 */
export function parseBoundedJson(bytes: Uint8Array): unknown {
  if (!isBounded(bytes)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function isBounded(bytes: Uint8Array): boolean {
  let [depth, values, lists] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA) values++;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth++;
      lists++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (depth > DEPTH_LIMIT || values > VALUE_LIMIT || lists > LIST_LIMIT) return false;
  }
  return true;
}

/** Where the quote stands that ends the string which begins at `from`; the last byte when none does. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return bytes.length;
}
