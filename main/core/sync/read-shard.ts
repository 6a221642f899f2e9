import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { ShardEntries } from '../ports/log-index.ts';
import { SEGMENT_NAME } from './layout.ts';
import { scanSegment } from './scan-segment.ts';
import { count, hash, readEntry, text, twinCheck } from './read-entry.ts';

/** A hostile shard may expand without end; a year of a busy machine is under 2 MB. */
export const SHARD_LIMIT = 256 * 1024 * 1024;

const receipt = v.object({
  note: hash,
  reader: text(200),
  at: v.pipe(v.number(), v.safeInteger()),
  state: v.picklist(['read', 'done']),
});
const head = v.object({
  schema: v.literal(1),
  machine: v.string(),
  host: text(255),
  writer: text(200),
  seq: count,
  updated: v.pipe(v.number(), v.safeInteger()),
  totals: v.object({ logs: count, bytes: count }),
  segments: v.array(
    v.object({
      name: v.pipe(v.string(), v.regex(SEGMENT_NAME)),
      month: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}$/)),
      count,
      sha256: hash,
    }),
  ),
  entries: v.array(v.unknown()),
  receipts: v.array(v.unknown()),
});

/** A list of entries with what had to be left out of it. */
export interface ReadEntries {
  readonly entries: readonly LogEntry[];
  /** Why single entries were refused; the rest stands. */
  readonly refused: readonly string[];
}

/**
 * Reads a shard head that another machine wrote: hostile until parsed.
 * @param json the decompressed object
 * @param machine whose name the object bears
 * @returns `corrupt` when it is not a head of that machine
 */
export function readHead(
  json: Uint8Array,
  machine: MachineUuid,
): Result<{ readonly head: ShardHead; readonly refused: readonly string[] }, AppError> {
  const parsed = v.safeParse(head, parseJson(json));
  const uuid = parsed.success ? parseMachineUuid(parsed.output.machine) : null;
  if (!parsed.success || !uuid?.ok || uuid.value !== machine) {
    return err(
      appError(
        'corrupt',
        `The index of machine ${machine} cannot be understood.`,
        'It is left out until that machine publishes again: run `session-log sync --full` there.',
      ),
    );
  }
  const { entries, refused } = readEntries(parsed.output.entries);
  const receipts = parsed.output.receipts.flatMap((value) => {
    const read = v.safeParse(receipt, value);
    return read.success ? [read.output] : [];
  });
  return ok({ head: { ...parsed.output, machine, entries, receipts } satisfies ShardHead, refused });
}

/** Reads a segment; same caution as {@link readHead}. */
export function readSegment(json: Uint8Array, name: string): Result<ReadEntries, AppError> {
  const value = parseJson(json) as { schema?: unknown; entries?: unknown } | null;
  if (typeof value !== 'object' || value === null || value.schema !== 1 || !Array.isArray(value.entries)) {
    return err(
      appError(
        'corrupt',
        `The index segment ${name} cannot be understood.`,
        'Run `session-log sync --full` on the machine that wrote it.',
      ),
    );
  }
  return ok(readEntries(value.entries));
}

/**
 * Reads a segment for the index alone: the same entries as {@link readSegment}, but left as text where they can be.
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

function readEntries(values: readonly unknown[]): ReadEntries {
  const entries: LogEntry[] = [];
  const refused: string[] = [];
  const twin = twinCheck();
  for (const value of values) {
    const read = readEntry(value);
    const why = 'refused' in read ? read.refused : twin(read.entry.path);
    if (why !== null) refused.push(why);
    else if ('entry' in read) entries.push(read.entry);
  }
  return { entries, refused };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return null;
  }
}
