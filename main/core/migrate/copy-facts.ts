import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { localDay } from '../logs/describe-log.ts';
import type { SourceVersion } from './plan-migration.ts';

/** Date range of logs. */
export interface CopyDays {
  readonly first: CalendarDate;
  readonly last: CalendarDate;
}

/** Logs with no known machine. */
export interface Unnamed {
  readonly logs: number;
  /** Their committers, at most {@link AUTHORS}. */
  readonly authors: readonly string[];
}

const AUTHORS = 5;
/** The day is near a log's top. */
const HEAD = 16 * 1024;

/** The first and the last day of logs: the stated day, else that of the commit that added the log. */
export function daysOf(versions: readonly SourceVersion[]): CopyDays | null {
  let [first, last]: [CalendarDate | null, CalendarDate | null] = [null, null];
  for (const version of versions) {
    const day = dayOf(version);
    if (day === null) continue;
    if (first === null || day < first) first = day;
    if (last === null || day > last) last = day;
  }
  return first === null || last === null ? null : { first, last };
}

function dayOf({ path, bytes, written }: SourceVersion): CalendarDate | null {
  const said = readLogText(new TextDecoder().decode(bytes.subarray(0, HEAD)), path).day?.date;
  return said ?? written.day ?? (written.atMs > 0 ? localDay(written.atMs) : null);
}

/** The logs among these without a known machine, and their committers. */
export function unnamedAmong(versions: readonly SourceVersion[]): Unnamed {
  const paths = new Set<string>();
  const authors = new Set<string>();
  for (const { path, assignment } of versions) {
    if (assignment.kind !== 'unknown') continue;
    paths.add(path);
    if (authors.size < AUTHORS) authors.add(assignment.author);
  }
  return { logs: paths.size, authors: [...authors] };
}
