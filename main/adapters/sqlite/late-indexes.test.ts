import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { LOG_PLACES, type LogQuery } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import { A, B, C, entry, newFolder, newIndex, put } from '../../testing/index-fixture.ts';
import { presentIndexes } from './late-indexes.ts';
import { createIndexEngine, type IndexEngine } from './index-engine.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';

const QUERIES: readonly LogQuery[] = [
  { users: ['hal'] },
  { users: ['hal', 'ana'], order: 'oldest' },
  { projects: ['atlas'] },
  { clients: ['acme'], users: ['ben'] },
  { kinds: ['daily', 'other'] },
  { places: ['cached'] },
  { places: ['local', 'store'], groupBy: 'machine' },
  { users: ['nobody'] },
];

/** A file with logs of three machines, none of them ever filtered; an engine and a second connection on it. */
async function filled(
  busyMs = 50,
  more: readonly LogEntry[] = [],
): Promise<{
  readonly engine: IndexEngine;
  readonly other: SqliteConnection;
  readonly end: () => Promise<void>;
}> {
  const file = join(newFolder(), 'state', 'index.db');
  const index = newIndex('caller', file);
  const by = { author: 'Somebody' };
  await put(index, A, [entry('SESSION-LOG-2026-01-01.md'), entry('2026-01-02-hal-a.md', by)]);
  await put(index, B, [
    entry('projects/atlas/2026-01-02-ana-b.md', by),
    entry('clients/acme/2026-01-03-ben-c.md', by),
  ]);
  await put(index, C, [entry('2026-01-03-hal-d.md', by), entry('free.md'), ...more]);
  unwrap(
    await index.setCached([
      { id: `${B}/projects/atlas/2026-01-02-ana-b.md` as LogId, sha256: 'a'.repeat(64) },
    ]),
  );
  await index.close();
  const engine = createIndexEngine({ file, own: A, busyMs, onRebuilt: () => expect.unreachable() });
  const other = openConnection(file, 50);
  const end = async (): Promise<void> => {
    other.close();
    await engine.close();
  };
  return { engine, other, end };
}

async function answers(engine: IndexEngine): Promise<readonly unknown[]> {
  const pages = [];
  for (const query of QUERIES) {
    const { rows, total } = unwrap(await engine.call('page', query));
    pages.push([rows.map((row) => row.id), total, unwrap(await engine.call('groups', query))]);
  }
  return pages;
}

describe('indexes that are made late', () => {
  it('of filters are made by the first that can use one, and by no other call', async () => {
    const { engine, other, end } = await filled();
    unwrap(await engine.call('page', { text: 'hal' }));
    unwrap(await engine.call('page', { machines: [B], places: [...LOG_PLACES] }));
    unwrap(await engine.call('facets', null));
    expect([...presentIndexes(other)].sort()).toEqual(['by_notes']);
    unwrap(await engine.call('page', { users: ['hal'], kinds: ['session'] }));
    expect([...presentIndexes(other)].sort()).toEqual(['by_notes', 'by_user']);
    await end();
  });

  it('are made one after the other when nothing is asked', async () => {
    const { engine, other, end } = await filled();
    unwrap(await engine.call('version', null));
    const before = presentIndexes(other).size;
    for (let made = 1; made <= 5; made++) {
      expect(engine.idle()).toBe(true);
      expect(presentIndexes(other).size).toBe(before + made);
    }
    while (engine.idle());
    expect(presentIndexes(other).size).toBe(before + 5);
    await end();
  });

  it('change no count', async () => {
    const paths = ['codex/2026-01-04-hal-e', 'codex/2026-01-04-ana-f', 'gemini/2026-01-04-hal-g', 'other/h'];
    const { engine, end } = await filled(
      50,
      paths.map((path) => entry(`captured/${path}.md`)),
    );
    const without = unwrap(await engine.call('facets', null));
    while (engine.idle());
    expect(unwrap(await engine.call('facets', null))).toEqual(without);
    expect(without).toMatchObject({ captured: 3, written: 7, places: { local: 2, cached: 1, store: 7 } });
    await end();
  });

  it('change no answer, and a filter is answered without them while another process writes', async () => {
    const { engine, other, end } = await filled(0);
    other.exec('begin immediate');
    const without = await answers(engine);
    other.exec('commit');
    expect(presentIndexes(other).has('by_user')).toBe(false);
    const withThem = await answers(engine);
    expect([...presentIndexes(other)].sort()).toEqual([
      'by_client',
      'by_kind',
      'by_notes',
      'by_project',
      'by_user',
    ]);
    expect(without).toEqual(withThem);
    expect(without.map((page) => (page as [string[], number])[1])).toEqual([2, 3, 1, 1, 2, 1, 5, 0]);
    await end();
  });

  it('of paths is made for many of them; a few are found without it', async () => {
    const { engine, other, end } = await filled();
    const path = '2026-01-03-hal-d.md';
    expect(unwrap(await engine.call('row', `${C}/${path}` as LogId))).toMatchObject({ path, place: 'store' });
    expect(unwrap(await engine.call('row', `${B}/${path}` as LogId))).toBeNull();
    unwrap(await engine.call('setCached', [{ id: `${C}/${path}` as LogId, sha256: 'b'.repeat(64) }]));
    expect([...presentIndexes(other)]).toEqual(['by_notes']);
    expect(unwrap(await engine.call('row', `${C}/${path}` as LogId))).toMatchObject({
      path,
      place: 'cached',
    });
    const missing = Array.from({ length: 100 }, (_, at) => ({ id: `${C}/${at}.md` as LogId, sha256: null }));
    unwrap(
      await engine.call('setCached', [...missing, { id: `${C}/free.md` as LogId, sha256: 'c'.repeat(64) }]),
    );
    expect([...presentIndexes(other)].sort()).toEqual(['by_notes', 'by_path']);
    expect(unwrap(await engine.call('row', `${C}/free.md` as LogId))).toMatchObject({ place: 'cached' });
    expect(
      other.number(`select count(*) from logs indexed by by_path where machine >= 0 and path = '${path}'`),
    ).toBe(1);
    await end();
  });

  it('follow the rows once they are there', async () => {
    const { engine, end } = await filled();
    unwrap(await engine.call('page', { users: ['hal'] }));
    unwrap(await engine.call('dropShard', C));
    expect(unwrap(await engine.call('page', { users: ['hal'] })).total).toBe(1);
    await end();
  });
});
