import * as v from 'valibot';
import { parseCalendarDate, type CalendarDate } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import { TEXT_PACK_NAME } from '../store/layout.ts';
import { LOG_LIMIT, MACHINE_LIMIT, MERGED_LIMIT, PACK_LIMIT } from './pack-limits.ts';

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const day = v.pipe(
  v.string(),
  v.check((value) => parseCalendarDate(value).ok),
  v.transform((value) => value as CalendarDate),
);
const list = (limit: number) => v.custom<unknown[]>((value) => Array.isArray(value) && value.length <= limit);

const ref = v.object({
  name: v.pipe(v.string(), v.regex(TEXT_PACK_NAME)),
  from: day,
  to: day,
  logs: v.pipe(count, v.maxValue(LOG_LIMIT)),
  size: count,
  text: count,
  sha256: hash,
  merged: v.pipe(list(MERGED_LIMIT), v.array(hash)),
});
const refs = v.pipe(
  // Counted before any is parsed.
  list(PACK_LIMIT),
  v.array(ref),
  v.check((all) => isUnique(all.map(({ name }) => name)) && isUnique(all.map(({ sha256 }) => sha256))),
  v.check((all) => all.reduce((sum, { size }) => sum + size, 0) <= MACHINE_LIMIT),
);

/**
 * Parses a shard head's text packs: hostile until parsed.
 * @param value of the head's `texts`
 * @returns null when it is no list of packs; `[]` for a head of a program that makes none
 */
export function readPackRefs(value: unknown): readonly TextPackRef[] | null {
  if (value === undefined) return [];
  const read = v.safeParse(refs, value);
  return read.success ? read.output : null;
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
