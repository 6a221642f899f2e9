import { dayNumber } from '../../../shared/domain/day-number.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { ShardEntries } from '../../core/ports/log-index.ts';
import { entryText, marksOf, type PackedEntries } from '../../core/ports/packed-entries.ts';

// SQLite would return such a path truncated or changed, and the row would never be found again.
const UNFIT = /^$|[\0\ud800-\udfff]/u;

/** @returns the packed entries, or the path of the first entry that an index cannot store */
export function packEntries(entries: ShardEntries): PackedEntries | { readonly unfit: string } {
  if ('bytes' in entries) {
    const unfit = entries.paths.find((path) => UNFIT.test(path));
    return unfit === undefined ? entries : { unfit };
  }
  const count = entries.length;
  const [days, mtimes, sizes] = [new Int32Array(count), new Float64Array(count), new Float64Array(count)];
  const marks = new Uint8Array(count);
  for (const [at, entry] of entries.entries()) {
    const day = dayNumber(entry.date);
    if (
      day === null ||
      !Number.isSafeInteger(entry.mtime) ||
      !Number.isSafeInteger(entry.size) ||
      UNFIT.test(entry.path)
    )
      return { unfit: entry.path };
    days[at] = day;
    mtimes[at] = entry.mtime;
    sizes[at] = entry.size;
    marks[at] = marksOf(entry);
  }
  return {
    paths: entries.map((entry) => entry.path),
    ...packTexts(entries),
    days,
    mtimes,
    sizes,
    marks,
  };
}

function packTexts(entries: readonly LogEntry[]): Pick<PackedEntries, 'bytes' | 'starts' | 'ends'> {
  const texts = entries.map(entryText);
  const [starts, ends] = [new Int32Array(texts.length), new Int32Array(texts.length)];
  const whole = texts.join('');
  const bytes = Buffer.from(whole);
  const isAscii = bytes.length === whole.length;
  let end = 0;
  for (const [at, text] of texts.entries()) {
    starts[at] = end;
    end += isAscii ? text.length : Buffer.byteLength(text);
    ends[at] = end;
  }
  return { bytes, starts, ends };
}

/** Packed entries whose text can be read quickly. */
export type ReadableEntries = PackedEntries & { readonly bytes: Buffer };

/** The same entries in the same memory; cloning between threads turns a buffer into a plain array. */
export function withBuffer(entries: PackedEntries): ReadableEntries {
  const { buffer, byteOffset, byteLength } = entries.bytes;
  return { ...entries, bytes: Buffer.from(buffer, byteOffset, byteLength) };
}

/** Returns the text of one entry. */
export function textAt({ bytes, starts, ends }: ReadableEntries, at: number): string {
  return bytes.toString('utf8', starts[at], ends[at]);
}
