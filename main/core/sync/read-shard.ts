import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, ShardHead } from '../../../shared/domain/log-entry.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { SEEN_LIMIT, type Mark } from '../../../shared/domain/marks.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { ShardEntries } from '../ports/log-index.ts';
import { parseBoundedJson } from '../store/bounded-json.ts';
import { SEGMENT_NAME } from '../store/layout.ts';
import { scanSegment } from './scan-segment.ts';
import { anyList, count, hash, readEntry, text, twinCheck } from './read-entry.ts';
import { MARK_LIMIT, RECEIPT_LIMIT, REFUSED_LIMIT, refusedShard, SEGMENT_LIMIT } from './shard-limits.ts';

/** A note's receipt, in a shard and `state/receipts.json`. */
export const receipt = v.object({
  note: hash,
  reader: text(200),
  at: v.pipe(v.number(), v.safeInteger()),
  state: v.picklist(['read', 'done']),
});
const moment = v.pipe(v.number(), v.safeInteger());
/** Becomes a file name: only a path of a log. */
const logPath = v.pipe(
  v.string(),
  v.check((value) => parseLogPath(value).ok),
);
/** A mark, in a shard and `state/marks.json`. */
export const mark = v.variant('kind', [
  v.object({
    kind: v.literal('task'),
    task: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    reader: text(200),
    at: moment,
    state: v.picklist(['done', 'open']),
  }),
  v.object({
    kind: v.literal('look'),
    reader: text(200),
    at: moment,
    upTo: moment,
    seen: v.pipe(
      // Counted before any is parsed.
      v.custom<Record<string, unknown>>(
        (value) => typeof value === 'object' && value !== null && Object.keys(value).length <= SEEN_LIMIT,
      ),
      v.record(v.pipe(v.string(), v.maxLength(64)), moment),
    ),
  }),
  v.object({ kind: v.literal('harmless'), reader: text(200), at: moment, digest: hash }),
  v.object({
    kind: v.literal('forget'),
    reader: text(200),
    at: moment,
    log: logPath,
    what: v.picklist(['log', 'secret']),
    session: v.exactOptional(text(200)),
  }),
  v.object({
    kind: v.literal('forgotten'),
    reader: text(200),
    at: moment,
    owner: v.pipe(
      v.string(),
      v.check((value) => parseMachineUuid(value).ok),
    ),
    log: logPath,
    asked: moment,
  }),
]) satisfies v.GenericSchema<unknown, Mark>;
const segment = v.object({
  name: v.pipe(v.string(), v.regex(SEGMENT_NAME)),
  month: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}$/)),
  count,
  sha256: hash,
});
const head = v.object({
  schema: v.literal(1),
  machine: v.string(),
  host: text(255),
  writer: text(200),
  seq: count,
  updated: v.pipe(v.number(), v.safeInteger()),
  totals: v.object({ logs: count, bytes: count }),
  segments: v.pipe(
    // Counted before any is parsed.
    v.custom<unknown[]>((value) => Array.isArray(value) && value.length <= SEGMENT_LIMIT),
    v.array(segment),
    v.check((segments) => new Set(segments.map(({ name }) => name)).size === segments.length),
  ),
  entries: anyList,
  receipts: anyList,
  marks: v.optional(v.unknown()),
  // Parsed by pack readers only: errors in them do not affect the index.
  texts: v.optional(v.unknown()),
});

/** A list of entries, and what was dropped. */
export interface ReadEntries {
  readonly entries: readonly LogEntry[];
  /** Why single entries were refused; the rest stands. */
  readonly refused: readonly string[];
}

/**
 * Reads a shard head that another machine wrote: hostile until parsed.
 * @param json the decompressed object
 * @param machine from the object's name
 * @returns `corrupt` when it is not a head of that machine
 */
export function readHead(
  json: Uint8Array,
  machine: MachineUuid,
): Result<{ readonly head: ShardHead; readonly refused: readonly string[] }, AppError> {
  const parsed = v.safeParse(head, parseBoundedJson(json));
  const uuid = parsed.success ? parseMachineUuid(parsed.output.machine) : null;
  const read = parsed.success ? readEntries(parsed.output.entries) : null;
  if (!parsed.success || read === null || !uuid?.ok || uuid.value !== machine)
    return err(notUnderstood(machine));
  const { entries, refused } = read;
  const receipts = parsed.output.receipts.slice(0, RECEIPT_LIMIT).flatMap((value) => {
    const read = v.safeParse(receipt, value);
    return read.success ? [read.output] : [];
  });
  const marks = readMarks(parsed.output.marks);
  return ok({ head: { ...parsed.output, machine, entries, receipts, marks } satisfies ShardHead, refused });
}

/** Reads a head's marks; skips invalid ones. */
function readMarks(values: unknown): readonly Mark[] {
  if (!Array.isArray(values)) return [];
  return values.slice(0, MARK_LIMIT).flatMap((value: unknown) => {
    const read = v.safeParse(mark, value);
    return read.success ? [read.output] : [];
  });
}

/** For an invalid or oversized head. */
export function notUnderstood(machine: MachineUuid): AppError {
  return refusedShard(
    `The index of machine ${machine} cannot be understood.`,
    'It is left out until that machine publishes again: run `session-log sync --full` there.',
  );
}

/** Reads a segment; same caution as {@link readHead}. */
export function readSegment(json: Uint8Array, name: string): Result<ReadEntries, AppError> {
  const { schema, entries } = (parseBoundedJson(json) ?? {}) as { schema?: unknown; entries?: unknown };
  const read = schema === 1 && Array.isArray(entries) ? readEntries(entries) : null;
  return read === null
    ? err(
        refusedShard(
          `The index segment ${name} cannot be understood.`,
          'Run `session-log sync --full` on the machine that wrote it.',
        ),
      )
    : ok(read);
}

/**
 * Reads a segment for the index only: the same entries as {@link readSegment}, but left as text where possible.
 * @param json whose bytes are given away
 */
export function readSegmentForIndex(
  json: Uint8Array,
  name: string,
  { oneByteText }: Pick<Bytes, 'oneByteText'>,
): Result<{ readonly entries: ShardEntries; readonly refused: readonly string[] }, AppError> {
  const text = oneByteText(json);
  const scanned = text === null ? null : scanSegment(json, text);
  return scanned ? ok(scanned) : readSegment(json, name);
}

/** @returns null when so many are invalid that the list is not ours */
function readEntries(values: readonly unknown[]): ReadEntries | null {
  const entries: LogEntry[] = [];
  const refused: string[] = [];
  const twin = twinCheck();
  for (const value of values) {
    const read = readEntry(value);
    const why = 'refused' in read ? read.refused : twin(read.entry.path);
    if (why !== null) refused.push(why);
    else if ('entry' in read) entries.push(read.entry);
    if (refused.length > REFUSED_LIMIT) return null;
  }
  return { entries, refused };
}
