import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import type { NoteEntry, SessionPart } from '../../../shared/domain/log-entry.ts';
import { entryText, type StoredEntry } from '../../core/ports/packed-entries.ts';
import { parseEntry } from './stored-entry.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\n', '\u007f', '\u2028', '\ud800'),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 1e21, 2 ** 53, Number.NaN),
);
const date = text as fc.Arbitrary<CalendarDate>;
// Typed by the interface: a new field does not compile before it is given here, and then fails below until it is written.
const fields: { readonly [K in keyof Required<StoredEntry>]: fc.Arbitrary<Required<StoredEntry>[K]> } = {
  size: number,
  mtime: number,
  sha256: text,
  stored: fc.record({ size: number, crc32c: text, generation: text }),
  date,
  title: fc.option(text),
  author: fc.option(text),
  sessions: number,
  notes: fc.array(
    fc.record<NoteEntry>({
      hash: text,
      to: text,
      from: text,
      date,
      line: number,
      text,
      truncated: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  session: text,
  time: number,
  dateFrom: fc.constant('file'),
  user: fc.option(text),
  project: fc.option(text),
  client: fc.option(text),
  tags: fc.array(text, { maxLength: 2 }),
  parts: fc.array(
    fc.record<SessionPart>({
      id: text,
      time: fc.option(number),
      date,
      title: fc.option(text),
      author: fc.option(text),
      user: fc.option(text),
      project: fc.option(text),
      client: fc.option(text),
      line: number,
      notes: number,
    }),
    { maxLength: 2 },
  ),
  commit: text,
};
const OPTIONAL = [
  'session',
  'time',
  'dateFrom',
  'user',
  'project',
  'client',
  'tags',
  'parts',
  'commit',
] as const;

describe('entryText', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.record(fields), fc.subarray([...OPTIONAL]), (whole, left) => {
        const entry: Partial<Record<keyof StoredEntry, unknown>> = { ...whole };
        for (const field of left) delete entry[field];
        expect(entryText(entry as StoredEntry)).toBe(JSON.stringify(entry));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves out the path, and parseEntry reads it again', () => {
    const entry: StoredEntry = {
      size: 1,
      mtime: 2,
      sha256: 'a'.repeat(64),
      stored: { size: 3, crc32c: 'yZRlqg==', generation: '4' },
      date: '2026-01-06' as CalendarDate,
      title: 'Ein "Titel"',
      author: null,
      sessions: 1,
      notes: [],
    };
    const withPath = { path: 'x.md', ...entry };
    expect(parseEntry(entryText(withPath))).toEqual(entry);
  });
});
