import type {
  LogEntry,
  NoteReceipt,
  SegmentRef,
  ShardHead,
  TextPackRef,
} from '../../../shared/domain/log-entry.ts';
import type { Mark } from '../../../shared/domain/marks.ts';
import { groupBy } from '../../../shared/group-by.ts';
import type { LedgerRow } from '../ledger/ledger.ts';
import type { Bytes } from '../ports/bytes.ts';
import { entryJson } from '../ports/packed-entries.ts';
import { stretchOf } from '../store/stretch.ts';
import type { Self } from './sync-deps.ts';

/** Entries kept in the head beside the current month: small enough to rewrite after every session (about 12 KB compressed). */
const HEAD_ENTRIES = 200;
/** UTF-16 units of a head's or segment's entries: at most three times as many bytes, and a reader accepts 32 MiB. */
const MOST_UNITS = 8 * 1024 * 1024;
/** Entries made into text at once. */
const PIECE = 256;

/** A log's row. Its entry is parsed when needed: all at once would be the largest part of a push's memory. */
export type ShardRow = Pick<LedgerRow, 'path' | 'entry'>;

/** Entries of a stretch of months that leave the head for a new, immutable segment. */
export interface NewSegment {
  /** The first month of the range, with or without entries. */
  readonly month: string;
  /** Its JSON in pieces, made on demand. */
  readonly json: () => Iterable<string>;
  readonly sha256: string;
  readonly count: number;
}

export interface ShardSplit {
  readonly entries: readonly LogEntry[];
  /** Segments still up to date. */
  readonly keptSegments: readonly SegmentRef[];
  readonly newSegments: readonly NewSegment[];
}

/** The shard as last published, and what changed since. */
export interface Published {
  readonly segments: readonly SegmentRef[];
  /** Logs whose rows are newer: without one of them, a segment is up to date unread; null when unknown. */
  readonly changed: ReadonlySet<string> | null;
}

/**
 * Splits a machine's entries into the head and segments of one range each ({@link stretchOf}), or several if one would be too large. A
 * range with a segment stays in one, so that segments are rarely rewritten and readers can cache them for ever; those without one leave the
 * head, oldest first, when the head grows too large.
 * @param rows all rows of the machine, any order
 * @param month the current month, `YYYY-MM`: it and later ones always stay in the head
 */
export function splitShard(
  rows: Iterable<ShardRow>,
  { segments, changed }: Published,
  month: string,
  sha256Stream: Bytes['sha256Stream'],
): ShardSplit {
  const stretches = groupBy(rows, ({ entry }) => stretchOf(entry.date.slice(0, 7), month));
  const inHead: LogEntry[] = [];
  const keptSegments: SegmentRef[] = [];
  const newSegments: NewSegment[] = [];
  let headUnits = 0;
  const hadSegment = new Set(segments.map((segment) => stretchOf(segment.month, month)));
  for (const [key, list] of [...stretches].sort(([a], [b]) => (a < b ? 1 : -1))) {
    const fits = !hadSegment.has(key) && inHead.length + list.length <= HEAD_ENTRIES;
    list.sort((a, b) => (a.path < b.path ? -1 : 1));
    const units = key >= month || fits ? headUnits + unitsOf(list) : Number.POSITIVE_INFINITY;
    if (units <= MOST_UNITS) {
      for (const { entry } of list) inHead.push(entry);
      headUnits = units;
      continue;
    }
    const before = segments.filter((segment) => segment.month === key);
    if (changed !== null && isUpToDate(before, list, changed)) {
      keptSegments.push(...before);
      continue;
    }
    for (const segment of segmentsOf(key, list, sha256Stream)) {
      const same = before.find(({ sha256 }) => sha256 === segment.sha256);
      if (same) keptSegments.push(same);
      else newSegments.push(segment);
    }
  }
  return { entries: inHead, keptSegments, newSegments };
}

/** Whether a range's segments have just these rows: none is newer, none came, and none left. */
function isUpToDate(
  before: readonly SegmentRef[],
  list: readonly ShardRow[],
  changed: ReadonlySet<string>,
): boolean {
  const count = before.reduce((sum, segment) => sum + segment.count, 0);
  return count === list.length && !list.some(({ path }) => changed.has(path));
}

function unitsOf(list: readonly ShardRow[]): number {
  return list.reduce((sum, { entry }) => sum + entryJson(entry).length, 0);
}

/** Splits a range's rows where a segment is full. */
function segmentsOf(
  month: string,
  list: readonly ShardRow[],
  sha256Stream: Bytes['sha256Stream'],
): readonly NewSegment[] {
  const made: NewSegment[] = [];
  for (let start = 0; start < list.length;) {
    const [from, digest] = [start, sha256Stream()];
    const add = (text: string): void => digest.update(new TextEncoder().encode(text));
    add(opening(month));
    for (let units = 0; start < list.length; start++) {
      const text = entryJson((list[start] as ShardRow).entry);
      units += text.length;
      if (units > MOST_UNITS && start > from) break;
      add(start === from ? text : `,${text}`);
    }
    add(CLOSING);
    const part = list.slice(from, start);
    made.push({ month, json: () => jsonOf(month, part), sha256: digest.hex(), count: part.length });
  }
  return made;
}

function* jsonOf(month: string, rows: readonly ShardRow[]): Generator<string> {
  yield opening(month);
  for (let at = 0; at < rows.length; at += PIECE) {
    const piece = rows.slice(at, at + PIECE).map(({ entry }) => entryJson(entry));
    yield at === 0 ? piece.join() : `,${piece.join()}`;
  }
  yield CLOSING;
}

const CLOSING = ']}';

function opening(month: string): string {
  return `{"schema":1,"month":"${month}","entries":[`;
}

/** Builds the head. */
export function buildHead(
  self: Self,
  facts: {
    readonly seq: number;
    readonly updated: number;
    readonly segments: readonly SegmentRef[];
    readonly entries: readonly LogEntry[];
    readonly receipts: readonly NoteReceipt[];
    readonly marks: readonly Mark[];
    readonly totals: ShardHead['totals'];
    readonly texts?: readonly TextPackRef[];
  },
): ShardHead {
  return {
    schema: 1,
    machine: self.uuid,
    host: self.hostname,
    writer: self.nonce,
    seq: facts.seq,
    updated: facts.updated,
    totals: facts.totals,
    segments: facts.segments,
    entries: facts.entries,
    receipts: facts.receipts,
    ...(facts.marks.length > 0 ? { marks: facts.marks } : {}),
    ...(facts.texts ? { texts: facts.texts } : {}),
  };
}
