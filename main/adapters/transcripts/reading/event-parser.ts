import type { TranscriptEvent } from '../../../../shared/transcripts/events.ts';
import { parseJson } from '../../../../shared/json.ts';
import type { ParserState, TranscriptFile, TranscriptParser } from '../../../core/ports/transcript-source.ts';
import { createJsonCutter } from './cut-json.ts';
import { createLineReader, type ReadLine } from './line-reader.ts';

/** A file as its parser knows it. */
export interface ParsedFile extends Pick<TranscriptFile, 'name' | 'role' | 'subagent'> {
  readonly session: string;
}

/** What all events of one line share, and where they go. */
export interface LineContext {
  readonly file: ParsedFile;
  /** Name of the line, for events without an id of their own: the same on every reading. */
  readonly lineKey: string;
  /** Emits an event, with the line's `at` and `by` by default. */
  readonly emit: (event: EventBody, more?: EventMore) => void;
}

export interface EventMore {
  readonly key?: string;
  readonly at?: number | null;
  readonly by?: string | null;
}

type WithoutBase<E> = E extends unknown ? Omit<E, 'key' | 'at' | 'place' | 'by'> : never;
/** An event without the common fields. */
export type EventBody = WithoutBase<TranscriptEvent>;

/** How an agent's lines become events. `Memory` is plain JSON: it is stored between two sweeps. */
export interface LineRules<Memory> {
  readonly version: string;
  start(): Memory;
  /**
   * Reads one line.
   * @returns the line's own type when it was not understood; null when it was (or is known to be irrelevant)
   */
  line(value: unknown, context: LineContext, memory: Memory): string | null;
}

/** Converts bytes to values with their positions. */
interface ValueReader {
  push(bytes: Uint8Array, take: (line: ReadLine) => void): void;
  end(take: (line: ReadLine) => void): void;
  offset(): number;
}

/** A parser of files with one JSON object per line. */
export function lineParser<Memory>(
  rules: LineRules<Memory>,
  file: ParsedFile,
  from: ParserState | null,
): TranscriptParser {
  const state = from?.version === rules.version ? from : null;
  const memory = state === null ? rules.start() : (structuredClone(state.memory) as Memory);
  return parserOver(rules, file, createLineReader(state?.offset ?? 0), memory);
}

/** A parser of files that are one JSON value, read at its end. */
export function objectParser<Memory>(rules: LineRules<Memory>, file: ParsedFile): TranscriptParser {
  return parserOver(rules, file, createObjectReader(), rules.start());
}

/** A parser of files of either kind: one object over many lines, or one per line. The first line decides. */
export function eitherParser<Memory>(
  rules: LineRules<Memory>,
  file: ParsedFile,
  from: ParserState | null,
): TranscriptParser {
  const state = from?.version === rules.version && from.offset > 0 ? from : null;
  if (state !== null) return lineParser(rules, file, state);
  let inner: TranscriptParser | null = null;
  let head = Buffer.alloc(0);
  const choose = (): TranscriptParser => {
    const line = head.toString('utf8').trimStart().split('\n', 1)[0] ?? '';
    // An object written over many lines opens with its bracket alone.
    const isObject =
      /^[{[]\s*$/.test(line) || (head.length < ENOUGH && parseJson(head.toString('utf8')) !== undefined);
    return isObject ? objectParser(rules, file) : lineParser(rules, file, null);
  };
  return {
    push(bytes) {
      if (inner !== null) return inner.push(bytes);
      head = Buffer.concat([head, bytes]);
      if (head.length < ENOUGH && !head.toString('latin1').trimStart().includes('\n')) return [];
      inner = choose();
      return inner.push(head);
    },
    end() {
      if (inner !== null) return inner.end();
      inner = choose();
      return [...inner.push(head), ...inner.end()];
    },
    state: () => inner?.state() ?? { version: rules.version, offset: 0, memory: rules.start() },
  };
}

/** Enough of a first line to classify it. */
const ENOUGH = 4_096;

/** A parser of small files whose whole text is one value. */
export function textParser<Memory>(rules: LineRules<Memory>, file: ParsedFile): TranscriptParser {
  let text = Buffer.alloc(0);
  const reader: ValueReader = {
    push: (bytes) => void (text = Buffer.concat([text, bytes]).subarray(0, MOST_TEXT)),
    end: (take) => take({ value: text.toString('utf8'), problem: null, offset: 0, length: text.length }),
    offset: () => text.length,
  };
  return parserOver(rules, file, reader, rules.start());
}

const MOST_TEXT = 1 << 16;

/** Events of lines, whatever splits them. */
export function parserOver<Memory>(
  rules: LineRules<Memory>,
  file: ParsedFile,
  reader: ValueReader,
  memory: Memory,
): TranscriptParser {
  let events: TranscriptEvent[] = [];
  const take = ({ value, problem, offset, length }: ReadLine): void => {
    const place = { file: file.name, offset, length };
    const lineKey = `${file.name}@${offset}`;
    let count = 0;
    const emit: LineContext['emit'] = (event, more = {}) => {
      const key = more.key ?? `${lineKey}#${count++}`;
      const by = more.by === undefined ? file.subagent : more.by;
      events.push({ ...event, key, at: more.at ?? null, place, by });
    };
    const unknown = problem ?? rules.line(value, { file, lineKey, emit }, memory);
    if (unknown !== null) emit({ kind: 'unknown', what: unknown.slice(0, 80) });
  };
  const given = (): readonly TranscriptEvent[] => {
    const now = events;
    events = [];
    return now;
  };
  return {
    push(bytes) {
      reader.push(bytes, take);
      return given();
    },
    end() {
      reader.end(take);
      return given();
    },
    state: () => ({
      version: rules.version,
      offset: reader.offset(),
      memory: structuredClone(memory),
    }),
  };
}

const LONGEST_TEXT = 1 << 18;
const MOST_KEPT = 64 << 20;

function createObjectReader(): ValueReader {
  const cutter = createJsonCutter(LONGEST_TEXT, MOST_KEPT);
  let length = 0;
  let isDone = false;
  return {
    push(bytes) {
      length += bytes.length;
      cutter.push(bytes);
    },
    end(take) {
      if (isDone || length === 0) return;
      isDone = true;
      const problem = cutter.isTooLarge ? 'too-large' : 'torn';
      for (const { start, end, json } of cutter.values) {
        const value = parseJson(json);
        const isRead = value !== undefined && !cutter.isTooLarge;
        take({ value, problem: isRead ? null : problem, offset: start, length: end - start });
      }
      const rest = cutter.rest();
      if (rest !== null) take({ value: undefined, problem, offset: rest, length: length - rest });
    },
    offset: () => (isDone ? length : 0),
  };
}
