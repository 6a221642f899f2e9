import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogId, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogQuery } from '../../../shared/domain/log-query.ts';
import { unwrap } from '../../../shared/result.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import { A, B, C, newIndex, entry, put, paths } from '../../testing/index-fixture.ts';

describe('page', () => {
  async function filled(): Promise<LogIndex> {
    const index = newIndex();
    const by = { author: 'Somebody' };
    await put(index, A, [entry('2026-01-02-ana-own.md', by), entry('SESSION-LOG-2026-01-03.md')], {
      host: 'Zebra',
    });
    await put(index, B, [entry('2026-01-01-hal-old.md', by), entry('2026-01-03-hal-new.md', by)], {
      host: 'beta',
    });
    await put(
      index,
      C,
      [
        entry('projects/atlas/session-logs/2026-01-02-hal-plan.md', by),
        entry('clients/acme/session-logs/2026-01-04-Ben-bill.md', by),
        entry('notes/free.md', { date: '2026-01-05' as CalendarDate }),
      ],
      { host: 'Alpha' },
    );
    unwrap(await index.setCached([{ id: `${B}/2026-01-01-hal-old.md` as LogId, sha256: 'a'.repeat(64) }]));
    return index;
  }
  const captured = async (): Promise<LogIndex> => {
    const index = await filled();
    const made = ['captured/codex/2026-01/2026-01-06-hal-made.md', 'captured/vim/2026-01-07-hal-like.md'];
    await put(
      index,
      B,
      made.map((path) => entry(path)),
    );
    return index;
  };

  it('tells captured logs from written ones, in lists, groups and counts', async () => {
    const index = await captured();
    expect(await paths(index, { captured: true })).toEqual(['captured/codex/2026-01/2026-01-06-hal-made.md']);
    expect(await paths(index, { captured: false, machines: [B] })).toEqual([
      'captured/vim/2026-01-07-hal-like.md',
    ]);
    expect(await paths(index, { captured: true, text: 'like' })).toEqual([]);
    const total = async (query: LogQuery): Promise<number> => unwrap(await index.page(query)).total;
    expect([await total({ captured: true }), await total({ captured: false }), await total({})]).toEqual([
      1, 6, 7,
    ]);
  });

  const short = (found: readonly string[]): string =>
    found.map((path) => /(own|LOG|old|new|plan|bill|free)/.exec(path)?.[0]).join(' ');

  it.each<[string, LogQuery, string]>([
    ['everything, newest first', {}, 'free bill LOG new plan own old'],
    ['oldest first', { order: 'oldest' }, 'old own plan new LOG bill free'],
    ['one machine', { machines: [B] }, 'new old'],
    [
      'a machine that is not there',
      { machines: ['dddddddd-0000-4000-8000-000000000004' as MachineUuid] },
      '',
    ],
    ['no machine named means all', { machines: [] }, 'free bill LOG new plan own old'],
    ['users', { users: ['hal', 'Ben'] }, 'bill new plan old'],
    ['a user in another case is another', { users: ['ben'] }, ''],
    ['a project', { projects: ['atlas'] }, 'plan'],
    ['clients', { clients: ['acme', 'globex'] }, 'bill'],
    ['kinds', { kinds: ['daily', 'other'] }, 'free LOG'],
    ['days', { from: '2026-01-02' as CalendarDate, to: '2026-01-03' as CalendarDate }, 'LOG new plan own'],
    [
      'days the wrong way round',
      { from: '2026-01-03' as CalendarDate, to: '2026-01-02' as CalendarDate },
      '',
    ],
    ['own', { places: ['local'] }, 'LOG own'],
    ['cached', { places: ['cached'] }, 'old'],
    ['in the store only', { places: ['store'] }, 'free bill new plan'],
    ['own and in the store', { places: ['local', 'store'] }, 'free bill LOG new plan own'],
    ['own and cached', { places: ['local', 'cached'] }, 'LOG own old'],
    ['others', { places: ['cached', 'store'] }, 'free bill new plan old'],
    ['all places', { places: ['local', 'cached', 'store'] }, 'free bill LOG new plan own old'],
    ['filters together', { users: ['hal'], places: ['store'], from: '2026-01-03' as CalendarDate }, 'new'],
    ['words and filters', { text: 'hal', projects: ['atlas'] }, 'plan'],
    ['words of the host', { text: 'zeb' }, 'LOG own'],
    ['by machine', { groupBy: 'machine' }, 'LOG own free bill plan new old'],
    ['by machine, oldest first', { groupBy: 'machine', order: 'oldest' }, 'own LOG plan bill free old new'],
    [
      'by machine, from inside one to inside another',
      { groupBy: 'machine', offset: 1, limit: 4 },
      'own free bill plan',
    ],
    ['by machine with words', { groupBy: 'machine', text: 'hal' }, 'plan new old'],
    ['a part', { offset: 2, limit: 3 }, 'LOG new plan'],
    ['beyond the end', { offset: 7 }, ''],
  ])('lists %s', async (_, query, wanted) => {
    expect(short(await paths(await filled(), query))).toBe(wanted);
  });

  it('counts all matches and all groups', async () => {
    const index = await filled();
    expect(unwrap(await index.page({ users: ['hal'], limit: 1 })).total).toBe(3);
    expect(unwrap(await index.page({ offset: 100 })).total).toBe(7);
    expect(unwrap(await index.groups({ text: 'hal', order: 'oldest', offset: 1, limit: 1 }))).toEqual([
      { key: '2026-01-01', logs: 1 },
      { key: '2026-01-02', logs: 1 },
      { key: '2026-01-03', logs: 1 },
    ]);
    expect(unwrap(await index.groups({ groupBy: 'machine' }))).toEqual([
      { key: A, logs: 2 },
      { key: C, logs: 3 },
      { key: B, logs: 2 },
    ]);
  });

  it.each<LogQuery>([{ offset: -1 }, { offset: 0.5 }, { limit: 0 }, { limit: 1_001 }, { limit: Number.NaN }])(
    'refuses %j',
    async (query) => {
      expect(await newIndex().page(query)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    },
  );

  it('orders logs of one moment by id', async () => {
    const index = newIndex();
    const same = ['z.md', 'a.md', 'm.md'].map((path) => entry(path, { mtime: 7 }));
    await put(index, C, same);
    await put(index, B, same);
    const ids = [
      ...['a.md', 'm.md', 'z.md'].map((path) => `${B}/${path}`),
      ...['a.md', 'm.md', 'z.md'].map((path) => `${C}/${path}`),
    ];
    for (const order of ['newest', 'oldest'] as const)
      expect(unwrap(await index.page({ order })).rows.map((row) => row.id)).toEqual(ids);
  });
});
