import { describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { A, B, C, newIndex, entry, note, put } from '../../testing/index-fixture.ts';

describe('what is derived', () => {
  it('sums up each machine, this one first', async () => {
    const index = newIndex();
    await put(index, C, [entry('2026-01-02-ana-x.md')], { host: 'b-host', updated: 9 });
    await put(index, B, [], { host: 'A-host' });
    await put(index, A, [entry('2026-02-01-a-b.md', { size: 7 }), entry('2025-01-01-a-b.md', { size: 5 })], {
      generation: 'local',
    });
    expect(unwrap(await index.machines())).toEqual([
      {
        machine: A,
        host: 'host-a',
        own: true,
        logs: 2,
        bytes: 12,
        cachedLogs: 0,
        firstDate: '2025-01-01',
        lastDate: '2026-02-01',
        lastSeen: 5_000,
      },
      {
        machine: B,
        host: 'A-host',
        own: false,
        logs: 0,
        bytes: 0,
        cachedLogs: 0,
        firstDate: null,
        lastDate: null,
        lastSeen: 5_000,
      },
      {
        machine: C,
        host: 'b-host',
        own: false,
        logs: 1,
        bytes: 100,
        cachedLogs: 0,
        firstDate: '2026-01-02',
        lastDate: '2026-01-02',
        lastSeen: 9,
      },
    ]);
  });

  it('has not seen itself before anything of it is in the store', async () => {
    const index = newIndex();
    const waiting = { stored: { size: 0, crc32c: '', generation: '' } };
    await put(index, A, [entry('a.md', waiting)], { generation: 'local' });
    expect(unwrap(await index.machines())[0]?.lastSeen).toBeNull();
    expect(unwrap(await index.page({})).rows[0]?.backedUp).toBe(false);
    await put(index, A, [entry('a.md')], { generation: 'local' });
    expect(unwrap(await index.machines())[0]?.lastSeen).toBe(5_000);
    expect(unwrap(await index.page({})).rows[0]?.backedUp).toBe(true);
  });

  it('counts logs per machine and day', async () => {
    const index = newIndex();
    await put(
      index,
      B,
      ['2026-01-01-a-1.md', '2026-01-01-a-2.md', '2026-01-03-a-3.md'].map((path) => entry(path)),
    );
    await put(index, C, [entry('2026-01-02-a-4.md')]);
    const all = [
      { machine: B, date: '2026-01-01', logs: 2 },
      { machine: C, date: '2026-01-02', logs: 1 },
      { machine: B, date: '2026-01-03', logs: 1 },
    ];
    expect(unwrap(await index.days({}))).toEqual(all);
    expect(unwrap(await index.days({ machines: [B], from: '2026-01-02' as CalendarDate }))).toEqual(
      all.slice(2),
    );
    expect(unwrap(await index.days({ to: '2026-01-01' as CalendarDate }))).toEqual(all.slice(0, 1));
  });

  it('brings the notes of all machines, newest first, with their receipts', async () => {
    const index = newIndex();
    const older = note('older', { date: '2026-01-01' as CalendarDate });
    const newer = note('newer', { date: '2026-02-01' as CalendarDate });
    await put(index, B, [entry('2026-01-01-hal-a.md', { notes: [older] })]);
    await put(index, C, [entry('2026-02-01-hal-b.md', { notes: [newer] }), entry('c.md')], {
      receipts: [{ note: older.hash, reader: 'ana', at: 3, state: 'done' }],
    });
    const receipt = { reader: 'ana', at: 3, state: 'done', machine: C, host: 'host-c' };
    expect(unwrap(await index.notes())).toEqual([
      { ...newer, machine: C, host: 'host-c', path: '2026-02-01-hal-b.md', receipts: [] },
      { ...older, machine: B, host: 'host-b', path: '2026-01-01-hal-a.md', receipts: [receipt] },
    ]);
    expect(unwrap(await index.receipts())).toEqual([{ ...receipt, note: older.hash }]);
    await put(index, B, [entry('2026-01-01-hal-a.md')]);
    expect(unwrap(await index.notes()).map(({ text }) => text)).toEqual(['newer']);
  });

  it('counts the sessions of each user, project, client, place and way of writing', async () => {
    const index = newIndex();
    const places = { store: 0, cached: 0, local: 0, workspace: 0, git: 0 };
    const none = { users: [], projects: [], clients: [], places, captured: 0, written: 0 };
    expect(unwrap(await index.facets())).toEqual(none);
    await put(index, B, [
      // Nobody says that this word is a person.
      entry('projects/Zeta/2026-01-01-improve-x.md'),
      entry('projects/atlas/2026-01-01-Ana-x.md', { author: 'Ana' }),
      entry('clients/acme/2026-01-01-ben-y.md', { author: 'Ben' }),
      entry('captured/codex/2026-01-01-ben-z.md', { author: 'Ben' }),
      entry('captured/nobody/2026-01-01-y.md'),
    ]);
    await put(index, A, [entry('2026-01-01-ben-v.md', { author: 'Ben' })]);
    const counts = {
      users: [
        { value: 'Ana', logs: 1 },
        { value: 'ben', logs: 3 },
      ],
      projects: [
        { value: 'atlas', logs: 1 },
        { value: 'Zeta', logs: 1 },
      ],
      clients: [{ value: 'acme', logs: 1 }],
      places: { ...places, store: 5, local: 1 },
      captured: 1,
      written: 5,
    };
    expect(unwrap(await index.facets())).toEqual(counts);
    await put(index, B, []);
    await put(index, A, []);
    expect(unwrap(await index.facets())).toEqual(none);
  });
});
