import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { entryText } from './stored-entry.ts';

/**
 * Entries as they travel to the worker: column by column, each entry already in the text form in which it is stored, so that it is
 * turned into text once and copied cheaply. `days` are `yyyymmdd` as numbers.
 */
export interface PackedEntries {
  readonly paths: readonly string[];
  readonly entries: readonly string[];
  readonly days: Int32Array;
  readonly mtimes: Float64Array;
  readonly sizes: Float64Array;
  /** 1: the store has it; 2: it holds notes. */
  readonly marks: Uint8Array;
}

export const STORED = 1;
export const NOTED = 2;

// SQLite would give such a path back cut off or changed, and the row would never be found again.
const UNFIT = /^$|[\0\ud800-\udfff]/u;

/** @returns the packed entries, or the path of the first entry that has no place in an index */
export function packEntries(entries: readonly LogEntry[]): PackedEntries | { readonly unfit: string } {
  const count = entries.length;
  const packed = {
    paths: Array.from<string>({ length: count }),
    entries: Array.from<string>({ length: count }),
    days: new Int32Array(count),
    mtimes: new Float64Array(count),
    sizes: new Float64Array(count),
    marks: new Uint8Array(count),
  };
  for (const [at, entry] of entries.entries()) {
    const day = dayNumber(entry.date);
    if (
      day === null ||
      !Number.isSafeInteger(entry.mtime) ||
      !Number.isSafeInteger(entry.size) ||
      UNFIT.test(entry.path)
    )
      return { unfit: entry.path };
    packed.paths[at] = entry.path;
    packed.entries[at] = entryText(entry);
    packed.days[at] = day;
    packed.mtimes[at] = entry.mtime;
    packed.sizes[at] = entry.size;
    packed.marks[at] = (entry.stored.generation === '' ? 0 : STORED) | (entry.notes.length > 0 ? NOTED : 0);
  }
  return packed;
}

/** `2026-01-06` -> 20260106; null when it does not have that form. */
export function dayNumber(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  return Number(date.slice(0, 4)) * 10_000 + Number(date.slice(5, 7)) * 100 + Number(date.slice(8));
}

/** 20260106 -> `2026-01-06` */
export function dayText(day: number): string {
  const digits = String(day).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
