import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { LogPlace } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import { A, B, entry, newFolder, newIndex, put } from '../../testing/index-fixture.ts';
import { createMemoryLogIndex } from '../../testing/memory-log-index.ts';
import { createNodeFiles } from '../disk/node-files.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';

const DAY = '2026-01-04';
const DAILY = `SESSION-LOG-${DAY}.md` as LogPath;
const KEPT = 'kept.md' as LogPath;

const daily: LogEntry = entry(DAILY, {
  sessions: 1,
  parts: [
    {
      id: 's-1',
      time: null,
      date: DAY as LogEntry['date'],
      title: 'Retries',
      author: null,
      user: null,
      project: null,
      client: null,
      line: 1,
      notes: 0,
    },
  ],
});

async function places(index: LogIndex): Promise<Record<string, LogPlace>> {
  const page = unwrap(await index.page({}));
  return Object.fromEntries(page.rows.map((row) => [row.title ?? row.path, row.place]));
}

async function countAt(index: LogIndex, place: LogPlace): Promise<number> {
  return unwrap(await index.page({ places: [place] })).total;
}

describe.each([
  ['SQLite', () => newIndex()],
  ['memory', () => createMemoryLogIndex(A, createNodeFiles())],
])('logs that are deleted here, in the index in %s', (_, make) => {
  it('are in the store, with the sessions inside them, and come back', async () => {
    const index = make();
    await put(index, A, [daily, entry(KEPT)]);
    expect(await places(index)).toEqual({ Retries: 'local', [KEPT]: 'local' });
    unwrap(await index.setDeleted([DAILY]));
    expect(await places(index)).toEqual({ Retries: 'store', [KEPT]: 'local' });
    expect([await countAt(index, 'store'), await countAt(index, 'local')]).toEqual([1, 1]);
    const version = unwrap(await index.version());
    unwrap(await index.setDeleted([DAILY]));
    expect(unwrap(await index.version())).toBe(version);
    unwrap(await index.setDeleted([]));
    expect(await places(index)).toEqual({ Retries: 'local', [KEPT]: 'local' });
    expect(unwrap(await index.version())).toBeGreaterThan(version);
  });

  it('stay so when their shard is put again', async () => {
    const index = make();
    await put(index, A, [entry(KEPT)]);
    unwrap(await index.setDeleted([DAILY]));
    await put(index, A, [daily, entry(KEPT)]);
    expect(await places(index)).toEqual({ Retries: 'store', [KEPT]: 'local' });
  });

  it('do not hide a copy that is at hand elsewhere', async () => {
    const index = make();
    await put(index, A, [daily]);
    const log = entry(`session-logs/${DAY}-mike-retries.md`, { session: 's-1', title: 'Retries' });
    unwrap(
      await index.putShard(
        {
          kind: 'workspace',
          machine: B,
          host: 'harbor',
          updated: 1,
          generation: 'workspace',
          segments: [],
          receipts: [],
        },
        [log],
        [],
      ),
    );
    unwrap(await index.setDeleted([DAILY]));
    expect(await places(index)).toEqual({ Retries: 'workspace' });
    unwrap(await index.dropShard(B));
    expect(await places(index)).toEqual({ Retries: 'store' });
  });
});

it('forgets what was deleted here when this machine becomes another', async () => {
  const file = join(newFolder(), 'index.db');
  const first = createSqliteLogIndex({ file, own: A, thread: 'caller' });
  await put(first, A, [entry(KEPT)]);
  await put(first, B, [entry(KEPT)]);
  unwrap(await first.setDeleted([KEPT]));
  await first.close();
  const second = createSqliteLogIndex({ file, own: B, thread: 'caller' });
  const rows = unwrap(await second.page({})).rows;
  await second.close();
  expect(rows.map(({ machine, place }) => [machine, place])).toEqual(
    expect.arrayContaining([
      [B, 'local'],
      [A, 'store'],
    ]),
  );
});
