import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import type { NoteEntry } from '../../../shared/domain/log-entry.ts';
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
const fields: { readonly [K in keyof Required<StoredEntry>]: fc.Arbitrary<StoredEntry[K]> } = {
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
};

describe('entryText', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.record(fields), (entry) => {
        expect(entryText(entry)).toBe(JSON.stringify(entry));
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
