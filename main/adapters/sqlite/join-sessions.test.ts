import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogId, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry, SessionPart } from '../../../shared/domain/log-entry.ts';
import type { LogQuery, LogRow } from '../../../shared/domain/log-query.ts';
import { COPY_LIMIT } from '../../../shared/domain/session-copies.ts';
import { unwrap } from '../../../shared/result.ts';
import { forgetOthers } from '../../core/logs/forget-others.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import {
  A,
  B,
  C,
  content,
  entry,
  newFolder,
  newIndex,
  note,
  paths,
  put,
} from '../../testing/index-fixture.ts';
import { openConnection } from './sqlite-connection.ts';
import { createSqliteLogIndex } from './sqlite-log-index.ts';

const TREE = 'eeeeeeee-0000-4000-8000-000000000005' as MachineUuid;
const DAILY = 'SESSION-LOG-2026-01-05.md';

function part(id: string, more: Partial<SessionPart> = {}): SessionPart {
  return {
    id,
    time: null,
    date: '2026-01-05' as CalendarDate,
    title: null,
    author: null,
    user: null,
    project: null,
    client: null,
    line: 1,
    notes: 0,
    ...more,
  };
}

function daily(parts: readonly SessionPart[], more: Partial<LogEntry> = {}): LogEntry {
  return entry(DAILY, { sessions: parts.length, parts, ...more });
}

async function putTree(index: LogIndex, entries: readonly LogEntry[]): Promise<void> {
  await put(index, TREE, entries, { kind: 'workspace', host: 'atlas', generation: 'workspace' });
}

async function rows(index: LogIndex, query: LogQuery = {}): Promise<readonly LogRow[]> {
  return unwrap(await index.page(query)).rows;
}

async function ids(index: LogIndex, query: LogQuery = {}): Promise<string[]> {
  return (await rows(index, query)).map(({ id }) => `${id[0]}${id.slice(36)}`);
}

describe('sessions in the index', () => {
  it('are found by words when that is the first thing that is asked', async () => {
    const index = newIndex();
    await put(index, A, [daily([part('s1', { title: 'Fix it' })])]);
    await putTree(index, [entry('logs/2026-01-05-ana-cache.md', { session: 's1', author: 'Ana' })]);
    expect(await ids(index, { text: 'cache' })).toEqual([`a/${DAILY}#s1`]);
  });

  it('are one row, wherever they are at hand, and each copy is a click away', async () => {
    const index = newIndex();
    const stored = { size: 0, crc32c: '', generation: '' };
    await put(index, A, [daily([part('s1', { title: 'Fix it', time: 7 })])]);
    await putTree(index, [
      entry('logs/2026-01-05-ana-fix-cache.md', {
        session: 's1',
        title: 'Fix the cache',
        author: 'Ana Meyer',
        tags: ['speed'],
        stored,
      }),
    ]);
    const [row, ...others] = await rows(index);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id: `${A}/${DAILY}#s1`,
      machine: A,
      kind: 'session',
      title: 'Fix it',
      author: 'Ana Meyer',
      user: 'ana',
      session: 's1',
      time: 7,
      tags: ['speed'],
      copies: 1,
      place: 'workspace',
      backedUp: true,
    });
    const copies = unwrap(await index.copies(`${A}/${DAILY}#s1` as LogId));
    expect(copies.map(({ machine, place, title }) => [machine, place, title])).toEqual([
      [TREE, 'workspace', 'Fix the cache'],
      [A, 'local', 'Fix it'],
    ]);
    expect(unwrap(await index.copies(copies[0]?.id as LogId))).toEqual(copies);
    expect(unwrap(await index.row(`${A}/${DAILY}#s1` as LogId))).toEqual(row);
    expect(unwrap(await index.row(`${A}/${DAILY}` as LogId))).toMatchObject({ kind: 'daily', copies: 0 });
    // Found by the words of any copy, as the row that is shown.
    for (const text of ['fix it', 'cache', 'meyer speed', 'atlas'])
      expect(await ids(index, { text })).toEqual([`a/${DAILY}#s1`]);
    expect(unwrap(await index.facets()).users).toEqual([{ value: 'ana', logs: 1 }]);
    expect(await ids(index, { users: ['ana'], places: ['workspace'], machines: [A] })).toHaveLength(1);
    expect(await ids(index, { places: ['local', 'cached', 'store'] })).toEqual([]);
    expect(unwrap(await index.groups({ groupBy: 'machine' }))).toEqual([{ key: A, logs: 1 }]);
    expect(unwrap(await index.days({}))).toEqual([{ machine: A, date: '2026-01-05', logs: 1 }]);
    expect(unwrap(await index.machines())).toMatchObject([{ machine: A, logs: 1, bytes: 100 }]);
    expect(await paths(index, { files: true })).toEqual([DAILY, 'logs/2026-01-05-ana-fix-cache.md']);
    expect(await paths(index, { files: true, text: 'cache' })).toEqual(['logs/2026-01-05-ana-fix-cache.md']);
    expect(await paths(index, { files: true, kinds: ['daily'] })).toEqual([DAILY]);
  });

  it('of two persons with one id are two', async () => {
    const index = newIndex();
    await put(index, A, [entry('2026-01-05-ana-x.md', { session: 's1', author: 'Ana' })]);
    await put(index, B, [entry('2026-01-05-bob-x.md', { session: 's1', author: 'Bob' })]);
    await put(index, C, [daily([part('s1')])]);
    expect((await rows(index)).map(({ copies }) => copies)).toEqual([0, 0, 0]);
    // Without Bob nobody doubts whose the third is.
    unwrap(await index.dropShard(B));
    expect((await rows(index)).map(({ machine, copies }) => [machine, copies])).toEqual([[A, 1]]);
  });

  it('come back as another copy when the machine that was shown goes away', async () => {
    const index = newIndex();
    await put(index, B, [entry('2026-01-05-ana-x.md', { session: 's1', author: 'Ana', title: 'Whole' })]);
    await put(index, C, [daily([part('s1', { title: 'Summary' })])]);
    expect(await ids(index)).toEqual(['b/2026-01-05-ana-x.md']);
    expect(unwrap(await index.machines()).map(({ logs }) => logs)).toEqual([1, 0]);
    expect(await ids(index, { text: 'summary' })).toEqual(['b/2026-01-05-ana-x.md']);
    unwrap(await index.dropShard(B));
    expect(await ids(index)).toEqual([`c/${DAILY}#s1`]);
    expect(await ids(index, { text: 'summary' })).toEqual([`c/${DAILY}#s1`]);
    expect(await ids(index, { text: 'whole' })).toEqual([]);
    expect(unwrap(await index.facets()).users).toEqual([]);
    expect(unwrap(await index.machines())).toMatchObject([{ machine: C, logs: 1 }]);
  });

  it('come and go with their workspace, which is no machine', async () => {
    const index = newIndex();
    const receipts = [{ note: 'a'.repeat(64), reader: 'ana', at: 1, state: 'read' as const }];
    await put(index, B, [daily([part('s1')])]);
    const log = entry('2026-01-05-ana-x.md', { session: 's2', author: 'Ana', notes: [note('hello')] });
    const own = { kind: 'workspace', host: 'atlas', receipts } as const;
    await put(index, TREE, [log], own);
    expect(await ids(index)).toEqual([`b/${DAILY}#s1`, 'e/2026-01-05-ana-x.md']);
    expect((await rows(index))[1]).toMatchObject({ host: 'atlas', place: 'workspace', session: 's2' });
    expect(unwrap(await index.workspaces())).toEqual([TREE]);
    expect(unwrap(await index.knownShards()).map(({ machine }) => machine)).toEqual([B]);
    expect(unwrap(await index.machines()).map(({ machine }) => machine)).toEqual([B]);
    expect(unwrap(await index.receipts())).toEqual([]);
    expect(unwrap(await index.notes())).toEqual([]);
    expect(unwrap(await index.entries(TREE))).toEqual([log]);
    const target = join(newFolder(), 'index.json');
    unwrap(await index.exportTo(target));
    const exported = JSON.parse(readFileSync(target, 'utf8')) as { sources: object; entries: object[] };
    expect([Object.keys(exported.sources), exported.entries]).toEqual([
      [B],
      [{ machine: B, ...daily([part('s1')]) }],
    ]);
    // Another store is in use: its machines go, workspaces stay.
    unwrap(await forgetOthers(index, A));
    expect(await ids(index)).toEqual(['e/2026-01-05-ana-x.md']);
    unwrap(await index.dropShard(TREE));
    expect(await ids(index)).toEqual([]);
  });

  it('lie where the fullest copy is, which the cache may change', async () => {
    const index = newIndex();
    await put(index, B, [daily([part('s1')])]);
    await put(index, C, [
      entry('2026-01-06-ana-x.md', { session: 's1', author: 'Ana', sha256: 'c'.repeat(64) }),
    ]);
    const cache = async (id: string, sha256: string | null): Promise<void> => {
      unwrap(await index.setCached([{ id: id as LogId, sha256 }]));
    };
    const where = async (): Promise<unknown> => {
      const [row] = await rows(index);
      return [row?.place, row?.stale];
    };
    expect(await where()).toEqual(['store', false]);
    await cache(`${B}/${DAILY}`, 'b'.repeat(64));
    expect(await where()).toEqual(['cached', true]);
    expect(await ids(index, { places: ['cached'] })).toEqual(['c/2026-01-06-ana-x.md']);
    await cache(`${C}/2026-01-06-ana-x.md`, 'c'.repeat(64));
    expect(await where()).toEqual(['cached', false]);
    await cache(`${B}/${DAILY}`, null);
    await cache(`${C}/2026-01-06-ana-x.md`, null);
    expect(await where()).toEqual(['store', false]);
    expect(unwrap(await index.machines()).map(({ cachedLogs }) => cachedLogs)).toEqual([0, 0]);
  });

  it('of one day follow each other by their times', async () => {
    const index = newIndex();
    const times = { z: 3, a: 2, m: 1 };
    await put(index, B, [daily(Object.entries(times).map(([id, time]) => part(id, { time })))]);
    expect(await ids(index)).toEqual(['z', 'a', 'm'].map((id) => `b/${DAILY}#${id}`));
    await put(index, B, [daily(Object.keys(times).map((id) => part(id)))]);
    expect(await ids(index)).toEqual(['a', 'm', 'z'].map((id) => `b/${DAILY}#${id}`));
  });
});

describe('a daily log', () => {
  it('of 10,000 sessions stays a row beside those that it carries', async () => {
    const index = newIndex();
    const parts = Array.from({ length: 10_000 }, (_, at) => part(`s${at}`));
    await put(index, B, [daily(parts)]);
    const page = unwrap(await index.page({ limit: 1_000 }));
    expect([page.total, page.rows.filter(({ kind }) => kind === 'daily').length]).toEqual([501, 1]);
    await put(index, B, [daily(parts.slice(0, 3))]);
    expect(await ids(index)).toEqual(['s0', 's1', 's2'].map((id) => `b/${DAILY}#${id}`));
  });

  it('that names a session twice is not covered by its parts', async () => {
    const index = newIndex();
    await put(index, B, [daily([part('s1', { title: 'first' }), part('s1', { title: 'second' })])]);
    expect((await rows(index)).map(({ kind, title }) => [kind, title])).toEqual([
      ['daily', null],
      ['session', 'first'],
    ]);
  });

  it('joins nothing by what only counts its entries, nor by an id of 10 KB', async () => {
    const index = newIndex();
    await put(index, A, [daily([part('entry-1'), part('entry-2')])]);
    await put(index, B, [daily([part('entry-1'), part('x'.repeat(10_240))])]);
    await put(index, C, [
      entry('a.md', { session: 'x'.repeat(10_240) }),
      entry('b.md', { session: 'entry-1' }),
    ]);
    const found = await rows(index);
    expect(found).toHaveLength(6);
    for (const { session, copies } of found) expect([session, copies]).toEqual([null, 0]);
  });

  it('is another one than a log whose name looks like the id of a part', async () => {
    const index = newIndex();
    const twin = entry('a.md#b.md', { title: 'a log' });
    await put(index, B, [entry('a.md', { parts: [part('b.md', { title: 'a part' })] }), twin]);
    expect((await rows(index)).map(({ title }) => title)).toEqual(['a part', 'a log']);
    expect(unwrap(await index.row(`${B}/a.md#b.md` as LogId))).toMatchObject({ title: 'a log' });
  });
});

describe('an id that lies', () => {
  it('is nobody’s when more rows claim it than a session has copies', async () => {
    const index = newIndex();
    await put(index, A, [daily([part('s1')])]);
    const many = (count: number): LogEntry[] =>
      Array.from({ length: count }, (_, at) => entry(`${at}.md`, { session: 's1' }));
    await put(index, B, many(COPY_LIMIT - 1));
    expect(unwrap(await index.page({})).total).toBe(1);
    await put(index, B, many(20 * COPY_LIMIT));
    expect(unwrap(await index.page({})).total).toBe(20 * COPY_LIMIT + 1);
    await put(index, B, many(COPY_LIMIT - 1));
    expect(unwrap(await index.page({})).total).toBe(1);
    expect(unwrap(await index.copies(`${A}/${DAILY}#s1` as LogId))).toHaveLength(COPY_LIMIT);
  });
});

describe('joining', () => {
  it('waits for the first reader, who is answered without it while another process writes', async () => {
    const file = join(newFolder(), 'index.db');
    const index = createSqliteLogIndex({ file, own: A, thread: 'caller', busyMs: 20 });
    await put(index, A, [daily([part('s1')])]);
    await put(index, B, [entry('2026-01-05-ana-x.md', { session: 's1', author: 'Ana' })]);
    const other = openConnection(file, 20);
    other.exec('begin immediate');
    expect(unwrap(await index.page({})).total).toBe(2);
    other.exec('commit');
    const before = unwrap(await index.version());
    const page = unwrap(await index.page({}));
    expect(page.total).toBe(1);
    expect(page.version).toBeGreaterThan(before);
    expect(unwrap(await index.version())).toBe(page.version);
    other.close();
    await index.close();
  });

  it('is done again when this machine is another one', async () => {
    const file = join(newFolder(), 'index.db');
    const before = newIndex('caller', file);
    await put(before, B, [entry('2026-01-05-ana-x.md', { session: 's1', author: 'Ana' }), entry('y.md')]);
    await put(before, A, [daily([part('s1')])]);
    unwrap(await before.setCached([{ id: `${A}/${DAILY}` as LogId, sha256: 'a'.repeat(64) }]));
    expect((await rows(before)).map(({ place }) => place)).toEqual(['local', 'store']);
    await before.close();
    const after = createSqliteLogIndex({ file, own: B, thread: 'caller' });
    expect((await rows(after)).map(({ place }) => place)).toEqual(['local', 'local']);
    expect(await ids(after, { places: ['cached'], files: true })).toEqual([`a/${DAILY}`]);
    await after.close();
    const nobody = createSqliteLogIndex({ file, own: null, thread: 'caller' });
    expect((await rows(nobody)).map(({ place }) => place)).toEqual(['cached', 'store']);
    expect(unwrap(await nobody.machines()).map(({ cachedLogs }) => cachedLogs)).toEqual([1, 0]);
    await nobody.close();
  });

  it('takes what was a machine for another thing once it is a workspace', async () => {
    const index = newIndex();
    const log = entry('2026-01-05-ana-x.md', { session: 's1', author: 'Ana' });
    await put(index, TREE, [log]);
    await put(index, B, [daily([part('s1')])]);
    expect((await rows(index)).map(({ place }) => place)).toEqual(['store']);
    await putTree(index, [log]);
    expect(await ids(index)).toEqual([`b/${DAILY}#s1`]);
    expect((await rows(index)).map(({ place }) => place)).toEqual(['workspace']);
    const gone = content(TREE, { kind: 'workspace', segments: ['s'] });
    expect(await index.putShard(gone, [], [])).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});
