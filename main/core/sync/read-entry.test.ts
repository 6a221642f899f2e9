import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { MORE, mutated, samplePart, samples, telling } from '../../testing/strange-entries.ts';
import { entrySchema, plainEntry, readEntry } from './read-entry.ts';

const noted = samples.filter((entry) => entry.notes.length > 0);

/** What every entry says, and what this one says beside. */
function apart(entry: LogEntry): { readonly plain: object; readonly more: object } {
  const isMore = ([key]: [string, unknown]): boolean => (MORE as readonly string[]).includes(key);
  const fields = Object.entries(entry);
  return {
    plain: Object.fromEntries(fields.filter((field) => !isMore(field))),
    more: Object.fromEntries(fields.filter(isMore)),
  };
}

describe('readEntry', () => {
  it('takes what our own program writes on the short way', () => {
    for (const entry of [...samples, ...telling]) {
      expect(plainEntry(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
      expect(readEntry(JSON.parse(JSON.stringify(entry)))).toEqual({ entry });
    }
  });

  it('never takes on the short way what the schema refuses or reads otherwise', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: mutated }, fc.jsonValue()), (value) => {
        const short = plainEntry(value);
        if (short === null) return;
        taken++;
        const { notes, ...facts } = v.parse(entrySchema, value);
        const { plain, more } = apart(short);
        expect(Object.keys(short)).toEqual([...Object.keys(facts), 'notes', ...Object.keys(more)]);
        expect(plain).toEqual({ ...facts, notes: short.notes });
        // A title that is cut takes the long way; what is said beside it is the same.
        const long = readEntry({ ...(value as object), title: 'x'.repeat(501) });
        expect('entry' in long && apart(long.entry).more).toEqual(more);
        // The notes are read by the same schema on both ways; here none may be made up.
        expect(short.notes.length).toBeLessThanOrEqual(notes.length);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('answers as the schema does, whichever way was taken', () => {
    fc.assert(
      fc.property(mutated, (value) => {
        expect('entry' in readEntry(value)).toBe(v.is(entrySchema, value));
      }),
      { numRuns: 3_000 },
    );
  });

  it('cuts what is too long, drops what it does not know, and says where an entry is wrong', () => {
    const [base] = samples;
    const read = readEntry({ ...base, title: 'x'.repeat(600), extra: 1 });
    expect(read).toEqual({ entry: { ...base, title: 'x'.repeat(500) } });
    expect(readEntry({ ...base, size: -1, date: '2026-02-30' })).toEqual({
      refused: 'an entry is not valid at size, date',
    });
    expect(readEntry(null)).toEqual({ refused: 'an entry is not valid' });
  });

  it('leaves out what is not valid of what an entry may say beside, and keeps the entry', () => {
    const [base] = samples as [LogEntry];
    const hostile = {
      session: 'x'.repeat(10_240),
      time: 1.5,
      dateFrom: 'name',
      user: 7,
      project: ['atlas'],
      client: {},
      tags: 'cache',
      parts: { id: 'a' },
    };
    expect(readEntry({ ...base, ...hostile })).toEqual({ entry: base });
    for (const time of [8.64e15 + 2, -8.64e15 - 2, '5', null, Number.NaN])
      expect(readEntry({ ...base, time })).toEqual({ entry: base });
    for (const session of ['', 'a b', 'a#b', '../a', 'a'.repeat(129), null])
      expect(readEntry({ ...base, session })).toEqual({ entry: base });
    for (const list of [[], [7], [null]])
      expect(readEntry({ ...base, tags: list, parts: list })).toEqual({ entry: base });
    expect(readEntry({ ...base, user: null, project: 'x'.repeat(300) })).toEqual({
      entry: { ...base, user: null, project: 'x'.repeat(200) },
    });
    const tags = [7, ...Array.from({ length: 30 }, (_, at) => `${at}`.padEnd(80, 'x'))];
    const read = readEntry({ ...base, tags });
    expect('entry' in read && read.entry.tags?.map((tag) => tag.length)).toEqual(
      Array.from({ length: 19 }, () => 60),
    );
  });

  it('reads the sessions of a daily log: each id once, what is none left out, and never more than there is room for', () => {
    const [base] = samples as [LogEntry];
    const read = (parts: readonly unknown[]): LogEntry['parts'] => {
      const found = readEntry({ ...base, parts });
      return 'entry' in found ? found.entry.parts : [];
    };
    const second = { ...samplePart, id: 'b' };
    const bad = [
      null,
      7,
      { ...samplePart, id: 'a b' },
      { ...samplePart, id: 'c', date: '2026-02-30' },
      { ...samplePart, id: 'd', line: -1 },
      { ...samplePart, id: 'e', time: 'now' },
    ];
    expect(read([samplePart, ...bad, { ...samplePart, title: 'again' }, second])).toEqual([
      samplePart,
      second,
    ]);
    expect(read([{ ...samplePart, title: 'x'.repeat(600), extra: 1 }])?.[0]?.title).toHaveLength(500);
    const { id, date, line, notes } = samplePart;
    const empty = { time: null, title: null, author: null, user: null, project: null, client: null };
    expect(read([{ id, date, line, notes }])).toEqual([{ ...empty, id, date, line, notes }]);
    const million = Array.from({ length: 1_000_000 }, (_, at) => ({ ...samplePart, id: `s${at}` }));
    Object.defineProperty(million, 500, { get: () => expect.unreachable('one more was looked at') });
    expect(read(million)).toHaveLength(500);
  });

  it('leaves out what is no note', () => {
    const [base] = noted;
    if (!base) throw new Error('the samples have no note');
    expect(readEntry({ ...base, notes: [null, base.notes[0], { hash: 'x' }, 7] })).toEqual({ entry: base });
  });
});
