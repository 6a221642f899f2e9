import { parseJson } from '../../../../shared/json.ts';
import { createJsonCutter, type JsonCutter } from './cut-json.ts';

/** A line of a transcript, or one of several objects on one line. */
export interface ReadLine {
  /** Undefined if it could not be read: `problem` then gives the reason. */
  readonly value: unknown;
  readonly problem: 'torn' | 'not-json' | 'too-large' | null;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}

export interface LineReader {
  push(bytes: Uint8Array, take: (line: ReadLine) => void): void;
  /** A last line without a line break counts if it is complete. */
  end(take: (line: ReadLine) => void): void;
  /** Where the first line not yet emitted begins. */
  offset(): number;
}

const LINE_BREAK = 0x0a;
/** Longer lines have their long texts truncated while they arrive. */
const LONG_LINE = 1 << 20;
const LONGEST_TEXT = 1 << 16;
const MOST_KEPT = 8 << 20;
/** How an object begins in line-by-line formats: where reading can resume after a torn line. */
const BEGINNING =
  /\{"(?:type|parentUuid|timestamp|uuid|sessionId|session_id|id|role|record_type|\$set|logicalParentUuid|messageId|isSidechain)"/g;
const MOST_BEGINNINGS = 64;

/**
 * Splits bytes into lines of JSON. Two objects on one line are two lines, a torn line is `torn` and what follows it is read, a line of any
 * size takes bounded memory. The same bytes yield the same lines, however they are chunked.
 * @param from offset of the bytes in the file
 */
export function createLineReader(from: number): LineReader {
  let offset = from;
  let pending: Buffer[] = [];
  let length = 0;
  let cutter: JsonCutter | null = null;

  const add = (bytes: Buffer): void => {
    length += bytes.length;
    if (cutter !== null) {
      cutter.push(bytes);
      return;
    }
    pending.push(Buffer.from(bytes));
    if (length <= LONG_LINE) return;
    cutter = createJsonCutter(LONGEST_TEXT, MOST_KEPT);
    for (const part of pending) cutter.push(part);
    pending = [];
  };
  const finish = (take: (line: ReadLine) => void, skipped: number): void => {
    if (cutter !== null) takeCut(cutter, offset, length, take);
    else takeLine(Buffer.concat(pending), offset, take);
    offset += length + skipped;
    [pending, length, cutter] = [[], 0, null];
  };

  return {
    push(given, take) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      let at = 0;
      for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK, at)) {
        if (length === 0 && end - at <= LONG_LINE) {
          takeLine(bytes.subarray(at, end), offset, take);
          offset += end - at + 1;
        } else {
          add(bytes.subarray(at, end));
          finish(take, 1);
        }
        at = end + 1;
      }
      if (at < bytes.length) add(bytes.subarray(at));
    },
    end(take) {
      if (length > 0 && isWhole(cutter, pending)) finish(take, 0);
    },
    offset: () => offset,
  };
}

function isWhole(cutter: JsonCutter | null, pending: readonly Buffer[]): boolean {
  if (cutter !== null) return cutter.rest() === null && cutter.values.length > 0;
  const line = Buffer.concat(pending);
  const begin = line.toString('utf8', 0, 256).trimStart();
  if (begin === '') return line.length < 256;
  if (!begin.startsWith('{')) return false;
  if (parseJson(line.toString('utf8')) !== undefined) return true;
  const whole = createJsonCutter(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  whole.push(line);
  return whole.rest() === null;
}

function takeLine(bytes: Buffer, offset: number, take: (line: ReadLine) => void): void {
  const line = bytes.toString('utf8');
  const value = parseJson(line) ?? parseJson(line.replace(/^\ufeff/, ''));
  if (value !== undefined) {
    take({ value, problem: null, offset, length: bytes.length });
    return;
  }
  if (line.trim() === '') return;
  const cutter = createJsonCutter(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  cutter.push(bytes);
  const good = takeValues(cutter, offset, take);
  if (good < bytes.length) takeTorn(bytes, good, offset, take);
}

/** @returns the number of bytes read */
function takeValues(cutter: JsonCutter, offset: number, take: (line: ReadLine) => void): number {
  let read = 0;
  for (const { start, end, json } of cutter.values) {
    const value = parseJson(json);
    if (value === undefined) return read;
    take({ value, problem: null, offset: offset + start, length: end - start });
    read = end;
  }
  return cutter.rest() === null ? Number.MAX_SAFE_INTEGER : read;
}

/** The rest of a torn line: if another object begins in it, that one is read. */
function takeTorn(bytes: Buffer, from: number, offset: number, take: (line: ReadLine) => void): void {
  const rest = bytes.toString('latin1', from);
  if (rest.trim() === '') return;
  const starts = [...rest.matchAll(BEGINNING)].map(({ index }) => index).filter((index) => index > 0);
  for (const start of starts.slice(0, MOST_BEGINNINGS)) {
    const value = parseJson(bytes.toString('utf8', from + start));
    if (value === undefined) continue;
    take({ value: undefined, problem: 'torn', offset: offset + from, length: start });
    take({ value, problem: null, offset: offset + from + start, length: bytes.length - from - start });
    return;
  }
  const problem = rest.trimStart().startsWith('{') ? 'torn' : 'not-json';
  take({ value: undefined, problem, offset: offset + from, length: bytes.length - from });
}

function takeCut(cutter: JsonCutter, offset: number, length: number, take: (line: ReadLine) => void): void {
  if (cutter.isTooLarge) {
    take({ value: undefined, problem: 'too-large', offset, length });
    return;
  }
  const read = takeValues(cutter, offset, take);
  if (read < length)
    take({ value: undefined, problem: 'torn', offset: offset + read, length: length - read });
}
