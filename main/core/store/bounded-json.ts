/** Nesting of lists and objects. An index has five: head, entries, entry, notes, note. */
const DEPTH_LIMIT = 16;
/** Values of any kind. 50,000 logs have a million. */
const VALUE_LIMIT = 2_000_000;
/** Lists and objects: each costs many times the two characters of an empty one. */
const LIST_LIMIT = 500_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Parses strangers' JSON, in UTF-8. Checked before parsing, because a parser's memory and time depend on what it creates: 200 MB of `[`
 * took 11 GB.
 * @returns undefined for invalid JSON, and for more or deeper values than an index can have
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

/** The closing quote of the string at `from`: one that no odd number of backslashes precedes. The last byte if unterminated. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let before = at;
    while (bytes[before - 1] === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
  return bytes.length;
}
