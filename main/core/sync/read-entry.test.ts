import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { mutated, samples } from '../../testing/strange-entries.ts';
import { entrySchema, plainEntry, readEntry } from './read-entry.ts';

const noted = samples.filter((entry) => entry.notes.length > 0);

describe('readEntry', () => {
  it('takes what our own program writes on the short way', () => {
    for (const entry of samples) {
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
        expect(Object.keys(short)).toEqual([...Object.keys(facts), 'notes']);
        expect(short).toEqual({ ...facts, notes: short.notes });
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

  it('leaves out what is no note', () => {
    const [base] = noted;
    if (!base) throw new Error('the samples have no note');
    expect(readEntry({ ...base, notes: [null, base.notes[0], { hash: 'x' }, 7] })).toEqual({ entry: base });
  });
});
