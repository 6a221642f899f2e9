import * as fc from 'fast-check';
import { entrySchema } from '../core/sync/read-entry.ts';
import { sampleShard } from './sample-shards.ts';

/** Entries as our own program writes them. */
export const samples = (({ head, segments }) => [...head, ...segments.flatMap(({ entries }) => entries)])(
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
export const mutated = fc
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
