/** Ends a truncated text, followed by the total length in bytes. No client writes a lone U+0000. */
export const CUT_MARK = '\u0000cut:';
/** The mark as encoded in JSON. */
const MARK_JSON = '\\u0000cut:';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** One top-level value, its long texts truncated. */
export interface CutValue {
  /** Offset in bytes from the first pushed byte. */
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

export interface JsonCutter {
  push(bytes: Uint8Array): void;
  /** Objects and lists closed so far, in order. */
  readonly values: readonly CutValue[];
  /** Where the unclosed or invalid rest begins; null if only space follows the last value. */
  rest(): number | null;
  /** True when more was kept than permitted: the values are then incomplete. */
  readonly isTooLarge: boolean;
}

/**
 * Reads JSON of any size in bounded memory: texts longer than `longest` keep their beginning and {@link CUT_MARK}. It only tracks quotes
 * and brackets, so it also detects where one object ends and another begins without a line break.
 * @param longest bytes kept of a text
 * @param most bytes kept in total
 */
export function createJsonCutter(longest: number, most: number): JsonCutter {
  const values: CutValue[] = [];
  const kept = createKept(longest, most);
  let [total, depth, start] = [0, 0, -1];
  let [inText, oddSlashes] = [false, false];

  /** @returns where the text ends, including its quote; the length when it continues */
  const readText = (bytes: Buffer, from: number): number => {
    let at = from;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const end = quote === -1 ? bytes.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= at && bytes[end - 1 - slashes] === BACKSLASH) slashes++;
      const isOdd = (slashes % 2 === 1) !== (slashes === end - at && oddSlashes);
      kept.addText(bytes.subarray(at, end));
      oddSlashes = isOdd && quote === -1;
      if (quote === -1) return bytes.length;
      if (!isOdd) {
        kept.endText();
        inText = false;
        return quote;
      }
      kept.addText(bytes.subarray(quote, quote + 1));
      at = quote + 1;
    }
  };
  /** Reads one byte outside of texts. @returns where unkept bytes begin */
  const readByte = (bytes: Buffer, at: number, from: number): number => {
    const byte = bytes[at] as number;
    if (start === -1 && byte <= 0x20) return at + 1;
    const since = start === -1 ? at : from;
    if (start === -1) start = total + at;
    if (byte === QUOTE) {
      kept.add(bytes.subarray(since, at + 1));
      kept.startText();
      [inText, oddSlashes] = [true, false];
      return at + 1;
    }
    if (OPEN.has(byte)) depth += 1;
    if (!CLOSE.has(byte) || depth === 0 || --depth > 0) return since;
    kept.add(bytes.subarray(since, at + 1));
    values.push({ start, end: total + at + 1, json: kept.take() });
    start = -1;
    return at + 1;
  };

  return {
    values,
    get isTooLarge() {
      return kept.isTooLarge();
    },
    rest: () => (start === -1 ? null : start),
    push(given) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      let [from, at] = [0, 0];
      while (at < bytes.length) {
        if (inText) {
          // The closing quote is kept with what follows.
          at = readText(bytes, at);
          from = at;
          at += 1;
        } else {
          from = readByte(bytes, at, from);
          at += 1;
        }
      }
      if (!inText && from < bytes.length) kept.add(bytes.subarray(from));
      total += bytes.length;
    },
  };
}

/** The kept part of a value, its long texts truncated. */
function createKept(longest: number, most: number) {
  let parts: Buffer[] = [];
  let [size, textBytes, textKept, isTooLarge] = [0, 0, 0, false];
  const add = (bytes: Buffer): void => {
    if (size + bytes.length > most) isTooLarge = true;
    if (isTooLarge || bytes.length === 0) return;
    // A copy: the caller may reuse its buffer.
    parts.push(Buffer.from(bytes));
    size += bytes.length;
  };
  return {
    add,
    isTooLarge: () => isTooLarge,
    startText: () => void ([textBytes, textKept] = [0, 0]),
    addText(bytes: Buffer): void {
      const room = longest - textKept;
      textBytes += bytes.length;
      if (room <= 0) return;
      textKept += Math.min(room, bytes.length);
      add(bytes.subarray(0, room));
    },
    endText(): void {
      if (textBytes <= longest) return;
      const whole = Buffer.concat(parts);
      const sound = soundEnd(whole);
      const mark = Buffer.from(`${MARK_JSON}${textBytes}`);
      parts = [whole.subarray(0, sound), mark];
      size += sound - whole.length + mark.length;
    },
    take(): string {
      const json = isTooLarge ? '' : Buffer.concat(parts).toString('utf8');
      [parts, size] = [[], 0];
      return json;
    },
  };
}

/** The longest prefix that does not end inside a character or an escape. */
function soundEnd(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] as number) & 0xc0) === 0x80) end--;
  if (end > 0 && (bytes[end - 1] as number) >= 0xc0) end--;
  const tail = bytes.toString('latin1', Math.max(0, end - 6), end);
  end -= /\\u[0-9a-fA-F]{0,3}$/.exec(tail)?.[0].length ?? 0;
  let slashes = 0;
  while (end - 1 - slashes >= 0 && bytes[end - 1 - slashes] === BACKSLASH) slashes++;
  return end - (slashes % 2);
}
