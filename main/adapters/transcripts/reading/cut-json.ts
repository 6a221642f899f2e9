/** Ends a text that was too long; the length of the whole in bytes stands after it. No client writes a lone U+0000. */
export const CUT_MARK = '\u0000cut:';
/** The mark as it stands in JSON. */
const MARK_JSON = '\\u0000cut:';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** One value of the top level, its long texts cut. */
export interface CutValue {
  /** Bytes from the first byte that was pushed. */
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

export interface JsonCutter {
  push(bytes: Uint8Array): void;
  /** Objects and lists that were closed so far, in order. */
  readonly values: readonly CutValue[];
  /** Where what is not closed (or is no value) begins; null when there is nothing but space after the last value. */
  rest(): number | null;
  /** True when more was kept than may be: then the values are incomplete. */
  readonly isTooLarge: boolean;
}

/**
 * Reads JSON of any size in bounded memory: texts longer than `longest` keep their beginning and {@link CUT_MARK}. It follows quotes and
 * brackets alone, so it also says where one object ends and another begins without a line break between them.
 * @param longest bytes kept of a text
 * @param most bytes kept in all
 */
export function createJsonCutter(longest: number, most: number): JsonCutter {
  const values: CutValue[] = [];
  let parts: Buffer[] = [];
  let [kept, total, depth, start] = [0, 0, 0, -1];
  let [inText, oddSlashes, textBytes, textKept] = [false, false, 0, 0];
  let isTooLarge = false;

  const keep = (bytes: Buffer): void => {
    if (kept + bytes.length > most) isTooLarge = true;
    if (isTooLarge || bytes.length === 0) return;
    // A copy: the caller may use its buffer again.
    parts.push(Buffer.from(bytes));
    kept += bytes.length;
  };
  const keepText = (bytes: Buffer): void => {
    const room = longest - textKept;
    textBytes += bytes.length;
    if (room <= 0) return;
    textKept += Math.min(room, bytes.length);
    keep(bytes.subarray(0, room));
  };
  const endText = (): void => {
    inText = false;
    if (textBytes <= longest) return;
    const whole = Buffer.concat(parts);
    const sound = soundEnd(whole);
    const mark = Buffer.from(`${MARK_JSON}${textBytes}`);
    parts = [whole.subarray(0, sound), mark];
    kept += sound - whole.length + mark.length;
  };
  const endValue = (end: number): void => {
    values.push({ start, end, json: isTooLarge ? '' : Buffer.concat(parts).toString('utf8') });
    [parts, kept, start] = [[], 0, -1];
  };
  /** @returns where the text ends, its quote included; the length when it goes on */
  const text = (bytes: Buffer, from: number): number => {
    let at = from;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const end = quote === -1 ? bytes.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= at && bytes[end - 1 - slashes] === BACKSLASH) slashes++;
      const isOdd = (slashes % 2 === 1) !== (slashes === end - at && oddSlashes);
      keepText(bytes.subarray(at, end));
      oddSlashes = isOdd && quote === -1;
      if (quote === -1) return bytes.length;
      if (!isOdd) {
        endText();
        return quote;
      }
      keepText(bytes.subarray(quote, quote + 1));
      at = quote + 1;
    }
  };

  return {
    values,
    get isTooLarge() {
      return isTooLarge;
    },
    rest: () => (start === -1 ? null : start),
    push(given) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      let from = 0;
      for (let at = 0; at < bytes.length; at++) {
        if (inText) {
          at = text(bytes, at);
          from = at;
          if (at >= bytes.length) break;
          continue;
        }
        const byte = bytes[at] as number;
        if (start === -1) {
          if (byte <= 0x20) {
            from = at + 1;
            continue;
          }
          [start, from] = [total + at, at];
        }
        if (byte === QUOTE) {
          keep(bytes.subarray(from, at + 1));
          [inText, oddSlashes, textBytes, textKept] = [true, false, 0, 0];
        } else if (OPEN.has(byte)) depth += 1;
        else if (CLOSE.has(byte) && depth > 0 && --depth === 0) {
          keep(bytes.subarray(from, at + 1));
          endValue(total + at + 1);
          from = at + 1;
        }
      }
      if (!inText && from < bytes.length) keep(bytes.subarray(from));
      total += bytes.length;
    },
  };
}

/** The longest beginning that does not end within a character or an escape. */
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
