import * as v from 'valibot';
import { expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import type { Files } from '../ports/files.ts';
import { knownOf, readState, stateObject } from './state-file.ts';
import { readRows } from './state-rows.ts';
import { writeRows } from './write-rows.ts';

const PATH = '/state/rows.json';
const FORMAT = { item: v.object({ n: v.number(), text: v.string() }), list: 'rows' };
/** What is read, with the rows. */
async function read(disk: Files) {
  const found: unknown[] = [];
  const result = unwrap(await readRows(disk, PATH, FORMAT, (row) => void found.push(row)));
  return result === null ? null : { head: result.head, rows: found };
}
const files = () => createMemoryFiles(createStillClock(0));
/** Longer than a piece, with letters of several bytes on its borders. */
const rows = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `漢字 ${'x'.repeat(n % 100)}\n` }));

it('rows are read as they were written, piece by piece, and as any other state file', async () => {
  const disk = files();
  unwrap(await writeRows(disk, PATH, { schema: 1, lookedAt: 7 } as const, 'rows', rows));
  expect(disk.text(PATH)!.length).toBeGreaterThan(1 << 20);
  expect(await read(disk)).toEqual({ head: { schema: 1, lookedAt: 7, rows: [] }, rows });
  const whole = { schema: stateObject({ rows: knownOf(FORMAT.item) }), maxBytes: 1 << 24 };
  expect(unwrap(await readState(disk, PATH, whole))!.rows).toEqual(rows);
  unwrap(await writeRows(disk, PATH, { schema: 1 } as const, 'rows', []));
  expect(await read(disk)).toMatchObject({ rows: [] });
});

it('of rows that a later version wrote those that are understood are read', async () => {
  const disk = files();
  disk.put(
    PATH,
    '{"schema":1,"more":{},"rows":[\n{"n":1,"text":"a","new":1},\n{"n":"2"},\n7,\n{"n":3,"text":"b"}\n]}\n',
  );
  expect(await read(disk)).toMatchObject({ rows: [{ n: 1 }, { n: 3 }] });
});

it.each([
  '{"schema":1,"rows":[{"n":1,"text":"a"}]}\n',
  '{"schema":2,"rows":[\n{"n":1,"text":"a"}\n]}\n',
  '{"schema":1,"rows":[\n{"n":1,"text":"a"},\n',
  '{"schema":1,"rows":[\n{"n":1,"te\n]}\n',
  '{"schema":1,"rows":[\n{"n":1,"text":"a"}\n]}\n{"more"',
  '{"schema":1,"other":[\n]}\n',
  'no json\n',
  '',
])('what is another form or damaged is left to whoever reads it whole: %j', async (text) => {
  const disk = files();
  disk.put(PATH, text);
  expect(await read(disk)).toBeNull();
});

it('a file that is replaced while it is read is left to whoever reads it whole', async () => {
  const disk = files();
  unwrap(await writeRows(disk, PATH, { schema: 1 } as const, 'rows', rows));
  let reads = 0;
  const replaced = {
    ...disk,
    async readRange(...words: Parameters<typeof disk.readRange>) {
      if (++reads === 2) unwrap(await writeRows(disk, PATH, { schema: 1 } as const, 'rows', rows.slice(1)));
      return disk.readRange(...words);
    },
  };
  expect(await read(replaced)).toBeNull();
});
