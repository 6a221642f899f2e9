import * as v from 'valibot';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseCalendarDate, parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import {
  NOTE_TEXT_LIMIT,
  type LogEntry,
  type NoteEntry,
  type ShardHead,
} from '../../../shared/domain/log-entry.ts';
import { foldPath, parseLogPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { SEGMENT_NAME } from './layout.ts';

/** A hostile shard may expand without end; a year of a busy machine is under 2 MB. */
export const SHARD_LIMIT = 256 * 1024 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const text = (limit: number): v.GenericSchema<string, string> =>
  v.pipe(
    v.string(),
    v.transform((value) => value.slice(0, limit)),
  );
const date = v.pipe(
  v.string(),
  v.check((value) => parseCalendarDate(value).ok),
);
const note = v.object({
  hash,
  to: text(200),
  from: text(200),
  date,
  line: count,
  text: text(NOTE_TEXT_LIMIT),
  truncated: v.boolean(),
});
const entry = v.object({
  path: v.pipe(
    v.string(),
    v.check((value) => parseLogPath(value).ok),
  ),
  size: count,
  mtime: v.pipe(v.number(), v.safeInteger()),
  sha256: hash,
  stored: v.object({
    size: count,
    crc32c: v.pipe(v.string(), v.maxLength(16)),
    generation: v.pipe(v.string(), v.regex(/^\d{0,20}$/)),
  }),
  date,
  title: v.nullable(text(500)),
  author: v.nullable(text(200)),
  sessions: count,
  notes: v.array(v.unknown()),
});
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
    const read = v.safeParse(entry, value);
    if (!read.success) {
      refused.push(
        v.flatten(read.issues).nested
          ? `an entry is not valid at ${Object.keys(v.flatten(read.issues).nested ?? {}).join(', ')}`
          : 'an entry is not valid',
      );
      continue;
    }
    const folded = foldPath(read.output.path);
    if (seen.has(folded)) {
      refused.push('two entries would land on one file on some machines');
      continue;
    }
    seen.add(folded);
    const notes = read.output.notes.flatMap((candidate) => {
      const parsed = v.safeParse(note, candidate);
      return parsed.success ? [parsed.output as NoteEntry] : [];
    });
    entries.push({ ...read.output, notes } as unknown as LogEntry);
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
