import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { sampleShard } from '../../testing/sample-shards.ts';
import { entrySchema, plainEntry, readEntry } from './read-entry.ts';

const samples = (({ head, segments }) => [...head, ...segments.flatMap(({ entries }) => entries)])(
  sampleShard(3, 400),
);
const noted = samples.filter((entry) => entry.notes.length > 0);

/** Values that sit on both sides of every limit, and some that are of another kind altogether. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    '',
    '0',
    [],
    {},
    0,
    -0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER + 1,
    '2026-02-29',
    '2024-02-29',
    '2026-01-06\n',
    'a'.repeat(64),
    'A'.repeat(64),
    `${'a'.repeat(64)}\n`,
    '1'.repeat(20),
    '1'.repeat(21),
    'x'.repeat(16),
    'x'.repeat(17),
    'x'.repeat(200),
    'x'.repeat(201),
    'x'.repeat(500),
    'x'.repeat(501),
    '../x.md',
    'con.md',
    'ä/x.MD',
    'x.txt',
    'half \ud800.md',
    { size: 1, crc32c: '', generation: '', more: 1 },
    { size: 1, crc32c: '' },
  ),
  fc.jsonValue(),
);
const FIELDS = [...Object.keys(entrySchema.entries), 'unknown', '__proto__', 'constructor'];
const PARTS = ['size', 'crc32c', 'generation', 'other'];

/** An entry of our own with some of its fields replaced, taken away or added, as JSON would bring it. */
const mutated = fc
  .record({
    base: fc.constantFrom(...samples, ...noted),
    fields: fc.dictionary(fc.constantFrom(...FIELDS), strange, { maxKeys: 2 }),
    stored: fc.option(fc.dictionary(fc.constantFrom(...PARTS), strange, { maxKeys: 2 }), { freq: 3 }),
    without: fc.option(fc.constantFrom(...FIELDS), { freq: 3 }),
  })
  .map(({ base, fields, stored, without }) => {
    const value: Record<string, unknown> = { ...base, ...fields };
    if (stored) value['stored'] = { ...base.stored, ...stored };
    if (without) delete value[without];
    return value;
  });

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
