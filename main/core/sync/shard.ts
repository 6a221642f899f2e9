import type {
  LogEntry,
  NoteReceipt,
  SegmentRef,
  ShardHead,
  TextPackRef,
} from '../../../shared/domain/log-entry.ts';
import type { Mark } from '../../../shared/domain/marks.ts';
import { entryJson } from '../ports/packed-entries.ts';
import { stretchOf } from '../store/stretch.ts';
import type { Self } from './sync-deps.ts';

/** Entries kept in the head beside the current month: small enough to rewrite after every session (about 12 KB compressed). */
const HEAD_ENTRIES = 200;
/** UTF-16 units of a head's or segment's entries: at most three times as many bytes, and a reader accepts 32 MiB. */
const MOST_UNITS = 8 * 1024 * 1024;

/** Entries of a stretch of months that leave the head for a new, immutable segment. */
export interface NewSegment {
  /** The first month of the range, with or without entries. */
  readonly month: string;
  /** Built on demand: the text of all segments at once would be the largest part of a first push's memory. */
  readonly json: () => string;
  readonly sha256: string;
  readonly count: number;
}

export interface ShardSplit {
  readonly entries: readonly LogEntry[];
  /** Segments still up to date. */
  readonly keptSegments: readonly SegmentRef[];
  readonly newSegments: readonly NewSegment[];
}

/**
 * Splits a machine's entries into the head and segments of one range each ({@link stretchOf}), or several if one would be too large. A
 * range with a segment stays in one, so that segments are rarely rewritten and readers can cache them for ever; those without one leave the
 * head, oldest first, when the head grows too large.
 * @param entries all entries of the machine, any order
 * @param segments those of the shard as last published
 * @param month the current month, `YYYY-MM`: it and later ones always stay in the head
 */
export function splitShard(
  entries: readonly LogEntry[],
  segments: readonly SegmentRef[],
  month: string,
  sha256: (bytes: Uint8Array) => string,
): ShardSplit {
  const stretches = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const key = stretchOf(entry.date.slice(0, 7), month);
    const list = stretches.get(key);
    if (list) list.push(entry);
    else stretches.set(key, [entry]);
  }
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
      for (const entry of list) inHead.push(entry);
      headUnits = units;
      continue;
    }
    for (const part of partsOf(list)) {
      const json = (): string => `{"schema":1,"month":"${key}","entries":[${part.map(entryJson).join()}]}`;
      const digest = sha256(new TextEncoder().encode(json()));
      const same = segments.find((segment) => segment.month === key && segment.sha256 === digest);
      if (same) keptSegments.push(same);
      else newSegments.push({ month: key, json, sha256: digest, count: part.length });
    }
  }
  return { entries: inHead, keptSegments, newSegments };
}

function unitsOf(list: readonly LogEntry[]): number {
  return list.reduce((sum, entry) => sum + entryJson(entry).length, 0);
}

/** Splits a range's entries where a segment is full. */
function partsOf(list: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const parts: LogEntry[][] = [];
  let units = Number.POSITIVE_INFINITY;
  for (const entry of list) {
    const { length } = entryJson(entry);
    if (units + length > MOST_UNITS) {
      parts.push([]);
      units = 0;
    }
    parts.at(-1)?.push(entry);
    units += length;
  }
  return parts;
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
    readonly all: readonly LogEntry[];
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
    totals: { logs: facts.all.length, bytes: facts.all.reduce((sum, entry) => sum + entry.size, 0) },
    segments: facts.segments,
    entries: facts.entries,
    receipts: facts.receipts,
    ...(facts.marks.length > 0 ? { marks: facts.marks } : {}),
    ...(facts.texts ? { texts: facts.texts } : {}),
  };
}
