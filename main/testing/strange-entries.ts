import * as fc from 'fast-check';
import type { CalendarDate } from '../../shared/domain/ids.ts';
import type { LogEntry, SessionPart } from '../../shared/domain/log-entry.ts';
import { entrySchema } from '../core/sync/read-entry.ts';
import { sampleShard } from './sample-shards.ts';

/** Entries as our own program writes them. */
export const samples = (({ head, segments }) => [...head, ...segments.flatMap(({ entries }) => entries)])(
  sampleShard(3, 400),
);
const noted = samples.filter((entry) => entry.notes.length > 0);

/** A session as a daily log's entry carries it. */
export const samplePart: SessionPart = {
  id: '019ac1f0-7d2e-7b61-9c1e-3f1d6a1b2c3d',
  time: 1_767_608_000_000,
  date: '2026-01-05' as CalendarDate,
  title: 'Cut the parser',
  author: 'Zoë Äquator',
  user: 'zoe',
  project: 'atlas',
  client: null,
  line: 12,
  notes: 1,
};
/** Entries that say more than most, as our own program writes them. */
export const telling: readonly LogEntry[] = samples.slice(0, 6).map((entry, at) => ({
  ...entry,
  ...(at % 2 === 0 ? { session: samplePart.id, time: 1_767_608_000_000 + at } : {}),
  ...(at > 3 ? { dateFrom: 'file' } : {}),
  ...(at > 1 ? { user: at === 2 ? null : 'zoë "z"', project: 'atlas' } : {}),
  ...(at === 3 ? { client: null } : {}),
  ...(at === 4 ? { tags: ['cache', 'web ui'] } : {}),
  ...(at === 5 ? { parts: [samplePart, { ...samplePart, id: 'entry-2', time: null }] } : {}),
}));

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
    8.64e15,
    8.64e15 + 2,
    'file',
    'name',
    'entry-1',
    'x'.repeat(128),
    ['a', 7, 'x'.repeat(61), null],
    [samplePart, samplePart, { ...samplePart, id: 'a b' }, { ...samplePart, date: '2026-02-30' }, null],
    [{ id: 'a', date: '2026-01-05', line: 1, notes: 0, title: 'x'.repeat(501), more: 1 }],
  ),
  fc.jsonValue(),
);
/** What an entry may say beside what every entry says. */
export const MORE = ['session', 'time', 'dateFrom', 'user', 'project', 'client', 'tags', 'parts'] as const;
const FIELDS = [...Object.keys(entrySchema.entries), ...MORE, 'unknown', '__proto__', 'constructor'];
const PARTS = ['size', 'crc32c', 'generation', 'other'];

/** An entry of our own with some of its fields replaced, taken away or added, as JSON would bring it. */
export const mutated = fc
  .record({
    base: fc.constantFrom(...samples, ...noted, ...telling, ...telling),
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
