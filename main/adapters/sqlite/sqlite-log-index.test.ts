import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { unwrap } from '../../../shared/result.ts';
import { B, C, newFolder, newIndex, entry, note, put } from '../../testing/index-fixture.ts';
import { onPosix } from '../../testing/only.ts';
import { logIndexContract } from '../../testing/contracts/log-index-contract.ts';

describe.each(['worker', 'caller'] as const)('the index on the thread of the %s', (thread) => {
  it('gives back every entry as it was put, sorted by path', async () => {
    const index = newIndex(thread);
    const entries = [
      entry('projects/atlas/session-logs/2026-01-05-hal-fix-cache.md', {
        title: 'Fix “the” cache 日本',
        author: 'Hal Ødegård',
        notes: [note('look here')],
      }),
      entry('2026-01/SESSION-LOG-2026-01-04.md', {
        sessions: 4,
        stored: { size: 0, crc32c: '', generation: '' },
      }),
      entry('notes/plan.md', { mtime: -5, size: 0 }),
    ];
    await put(index, B, entries);
    const found = unwrap(await index.entries(B));
    expect(found).toEqual([...entries].sort((a, b) => (a.path < b.path ? -1 : 1)));
    expect(unwrap(await index.entries(C))).toEqual([]);
  });

  it('shows a row with what its name, its entry and the cache say', async () => {
    const index = newIndex(thread);
    const path = 'clients/acme/session-logs/2026-01-05-hal-fix-cache.md';
    await put(index, B, [entry(path, { title: 'T', author: 'Hal', notes: [note('x'), note('y')] })]);
    const id = `${B}/${path}` as LogId;
    const row = {
      id,
      machine: B,
      host: 'host-b',
      path,
      kind: 'session',
      user: 'hal',
      topic: 'fix-cache',
      project: null,
      client: 'acme',
      date: '2026-01-05',
      mtime: Date.parse('2026-01-05') + path.length,
      size: 100,
      sha256: 'a'.repeat(64),
      title: 'T',
      author: 'Hal',
      sessions: 1,
      notes: 2,
      session: null,
      time: null,
      dateGuessed: false,
      tags: [],
      copies: 0,
      place: 'store',
      commit: null,
      backedUp: true,
      stale: false,
    };
    expect(unwrap(await index.row(id))).toEqual(row);
    unwrap(await index.setCached([{ id, sha256: 'a'.repeat(64) }]));
    expect(unwrap(await index.row(id))).toEqual({ ...row, place: 'cached' });
    unwrap(await index.setCached([{ id, sha256: 'b'.repeat(64) }]));
    expect(unwrap(await index.row(id))).toEqual({ ...row, place: 'cached', stale: true });
    expect(unwrap(await index.cachedDigests(B))).toEqual([{ path, sha256: 'b'.repeat(64) }]);
    unwrap(await index.setCached([{ id, sha256: null }]));
    expect(unwrap(await index.row(id))).toEqual(row);
    expect(unwrap(await index.row(`${B}/none.md` as LogId))).toBeNull();
    expect(unwrap(await index.row('nonsense' as LogId))).toBeNull();
  });
});

describe('the cache', () => {
  it('remembers what is cached of a machine whose shard comes later, or goes and comes back', async () => {
    const index = newIndex();
    const id = `${B}/a.md` as LogId;
    unwrap(await index.setCached([{ id, sha256: 'a'.repeat(64) }]));
    await put(index, B, [entry('a.md'), entry('b.md')]);
    expect(unwrap(await index.row(id))?.place).toBe('cached');
    expect(unwrap(await index.machines())[0]).toMatchObject({ logs: 2, cachedLogs: 1 });
    unwrap(await index.dropShard(B));
    expect(unwrap(await index.row(id))).toBeNull();
    await put(index, B, [entry('a.md')]);
    expect(unwrap(await index.row(id))?.place).toBe('cached');
    unwrap(await index.setCached([{ id, sha256: null }]));
    expect(unwrap(await index.machines())[0]).toMatchObject({ cachedLogs: 0 });
  });

  it('refuses an id that names no log, with all that came with it', async () => {
    const index = newIndex();
    const changes = [`${B}/a.md`, `${B}/../../etc/passwd`].map((id) => ({
      id: id as LogId,
      sha256: 'a'.repeat(64),
    }));
    expect(await index.setCached(changes)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(unwrap(await index.cachedDigests(B))).toEqual([]);
  });
});

describe('exportTo', () => {
  it('writes every entry and where it comes from, and replaces the file whole', async () => {
    const index = newIndex();
    const target = join(newFolder(), 'cache', 'index.json');
    unwrap(await index.exportTo(target));
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual({
      schema: 1,
      builtAt: expect.any(Number) as number,
      sources: {},
      entries: [],
    });
    const entries = Array.from({ length: 2_500 }, (_, at) =>
      entry(`${at % 7}/"q${at}é.md`, { title: `${at}\n"` }),
    );
    await put(index, B, entries, { seq: 4 });
    await put(index, C, [entry('c.md')], { generation: '8' });
    unwrap(await index.exportTo(target));
    const text = readFileSync(target, 'utf8');
    const written = JSON.parse(text) as { entries: LogEntry[]; sources: unknown };
    expect(JSON.parse(`${text.slice(0, text.indexOf('\n'))}]}`)).toEqual({ ...written, entries: [] });
    expect(written.sources).toEqual({
      [B]: { host: 'host-b', generation: '1', seq: 4, updated: 5_000, logs: 2_500, bytes: 250_000 },
      [C]: { host: 'host-c', generation: '8', seq: null, updated: 5_000, logs: 1, bytes: 100 },
    });
    const byPath = (a: LogEntry, b: LogEntry): number => (a.path < b.path ? -1 : 1);
    expect(written.entries.sort(byPath)).toEqual(
      [...entries.map((one) => ({ ...one, machine: B })), { ...entry('c.md'), machine: C }].sort(byPath),
    );
    if (process.platform !== 'win32') expect(statSync(target).mode & 0o777).toBe(0o600);
  });
});

describe('the file', () => {
  onPosix.it('is for its owner alone, and so are its side files', async () => {
    const file = join(newFolder(), 'state', 'index.db');
    const index = newIndex('caller', file);
    await put(index, B, [entry('a.md')]);
    for (const path of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
  });

  it('is opened by the first call, and again by a call after close', async () => {
    const file = join(newFolder(), 'state', 'index.db');
    for (const thread of ['worker', 'caller'] as const) {
      const index = newIndex(thread, file);
      await index.close();
      unwrap(await index.version());
      await index.close();
      // On the caller's thread libsql keeps the file until its statements are collected.
      if (thread === 'worker') expect(existsSync(`${file}-wal`)).toBe(false);
      unwrap(await index.version());
    }
  });
});

logIndexContract('SQLite', () => ({
  index: newIndex(),
  target: join(newFolder(), 'index.json'),
  read: async (path) => readFileSync(path, 'utf8'),
}));
