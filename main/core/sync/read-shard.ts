import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, ShardHead } from '../../../shared/domain/log-entry.ts';
import { foldPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { SEGMENT_NAME } from './layout.ts';
import { count, hash, readEntry, text } from './read-entry.ts';

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

function readEntries(values: readonly unknown[]): ReadEntries {
  const entries: LogEntry[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  for (const value of values) {
    const read = readEntry(value);
    if ('refused' in read) {
      refused.push(read.refused);
      continue;
    }
    const folded = foldPath(read.entry.path);
    if (seen.has(folded)) {
      refused.push('two entries would land on one file on some machines');
      continue;
    }
    seen.add(folded);
    entries.push(read.entry);
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
