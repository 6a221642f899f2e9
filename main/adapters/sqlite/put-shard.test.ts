import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogId } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { B, C, newIndex, entry, note, content, put, paths } from '../../testing/index-fixture.ts';

describe('putShard', () => {
  it('keeps segments that it knows, takes new ones, and drops those that the head names no more', async () => {
    const index = newIndex();
    const [one, two, three] = ['2026-01-1-aaaaaaaa', '2026-02-1-aaaaaaaa', '2026-02-2-aaaaaaaa'];
    const [jan, feb, march] = [
      entry('2026-01-01-hal-a.md'),
      entry('2026-02-01-hal-b.md'),
      entry('2026-03-01-hal-c.md'),
    ];
    unwrap(
      await index.putShard(
        content(B, { segments: [one, two] }),
        [march],
        [
          { name: one, entries: [jan] },
          { name: two, entries: [feb] },
        ],
      ),
    );
    expect(unwrap(await index.knownShards())).toEqual([
      { machine: B, generation: '1', segments: [one, two] },
    ]);
    const changed = entry('2026-02-01-hal-b.md', { title: 'changed' });
    unwrap(
      await index.putShard(
        content(B, { generation: '2', segments: [one, three] }),
        [march],
        [{ name: three, entries: [changed] }],
      ),
    );
    expect(unwrap(await index.entries(B))).toEqual([jan, changed, march]);
    expect(unwrap(await index.knownShards())).toEqual([
      { machine: B, generation: '2', segments: [one, three] },
    ]);
    // A month that leaves the head for a segment stays one row.
    unwrap(
      await index.putShard(
        content(B, { generation: '3', segments: [one, three, 'm'] }),
        [],
        [{ name: 'm', entries: [march] }],
      ),
    );
    expect(unwrap(await index.entries(B))).toEqual([jan, changed, march]);
    unwrap(await index.putShard(content(B, { generation: '4', segments: ['m'] }), [], []));
    expect(unwrap(await index.entries(B))).toEqual([march]);
    expect(unwrap(await index.machines())[0]).toMatchObject({ logs: 1, bytes: 100 });
  });

  it('refuses a shard whose parts are neither known nor given, and changes nothing', async () => {
    const index = newIndex();
    await put(index, B, [entry('a.md')]);
    const before = unwrap(await index.version());
    const missing = await index.putShard(content(B, { generation: '2', segments: ['x'] }), [], []);
    expect(missing).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', details: { segments: ['x'] } },
    });
    const stranger = await index.putShard(content(B), [], [{ name: 'y', entries: [] }]);
    expect(stranger).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(unwrap(await index.version())).toBe(before);
    expect(unwrap(await index.knownShards())).toEqual([{ machine: B, generation: '1', segments: [] }]);
    expect(await paths(index)).toEqual(['a.md']);
    expect(unwrap(await index.knownShards()).some(({ machine }) => machine === C)).toBe(false);
  });

  it.each([
    ['a day that has no form', entry('a.md', { date: 'yesterday' as CalendarDate })],
    ['a time that is no number', entry('a.md', { mtime: Number.NaN })],
    ['a size beyond counting', entry('a.md', { size: Infinity })],
    ['no path', entry('')],
    ['a path that SQLite would cut off', entry('a\0b.md')],
    ['half a character', entry('a\ud800.md')],
  ])('refuses an entry with %s, and changes nothing', async (_, bad) => {
    const index = newIndex();
    await put(index, B, [entry('kept.md')]);
    for (const call of [
      index.putShard(content(B), [entry('new.md'), bad], []),
      index.putShard(content(B, { segments: ['s'] }), [], [{ name: 's', entries: [bad] }]),
    ])
      expect(await call).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(await paths(index)).toEqual(['kept.md']);
  });

  it('refuses a shard without a time', async () => {
    const index = newIndex();
    const put = await index.putShard(content(B, { updated: Number.NaN }), [], []);
    expect(put).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(unwrap(await index.machines())).toEqual([]);
  });

  it('takes hostile text as text', async () => {
    const index = newIndex();
    const title = `'); drop table logs; -- "\0\u001b[31m \ud800 \u202e <script>`;
    const hostile = entry(`it's "%s" $\{x} ; -- .md`, { title, author: '\0', notes: [note(`" or 1=1 \0`)] });
    const host = 'h\0st\ud800\u202e\u001b]0;x\u0007';
    await put(index, B, [hostile], {
      host,
      receipts: [{ note: '"\0', reader: '\ud800', at: 1, state: 'read' }],
    });
    const row = unwrap(await index.page({})).rows[0];
    expect(row).toMatchObject({ path: hostile.path, title, author: '\0', host });
    expect(unwrap(await index.entries(B))).toEqual([hostile]);
    expect(unwrap(await index.machines())[0]?.host).toBe(host);
    expect(unwrap(await index.receipts())).toEqual([
      { note: '"\0', reader: '\ud800', at: 1, state: 'read', machine: B, host },
    ]);
    expect(unwrap(await index.notes())[0]?.text).toBe(`" or 1=1 \0`);
    expect(await paths(index, { text: 'drop table' })).toEqual([hostile.path]);
  });

  it('asks for a segment again when the head took over one of its logs', async () => {
    const index = newIndex();
    const [a, b] = [entry('2026-01-01-hal-a.md'), entry('2026-01-02-hal-b.md')];
    const newer = entry(a.path, { title: 'newer' });
    unwrap(await index.putShard(content(B, { segments: ['s'] }), [], [{ name: 's', entries: [a, b] }]));
    unwrap(await index.putShard(content(B, { segments: ['s'] }), [newer], []));
    expect(unwrap(await index.entries(B))).toEqual([newer, b]);
    expect(unwrap(await index.knownShards())[0]?.segments).toEqual([]);
    expect(await index.putShard(content(B, { segments: ['s'] }), [], [])).toMatchObject({ ok: false });
    unwrap(await index.putShard(content(B, { segments: ['s'] }), [], [{ name: 's', entries: [a, b] }]));
    expect(unwrap(await index.entries(B))).toEqual([a, b]);
    expect(unwrap(await index.knownShards())[0]?.segments).toEqual(['s']);
  });

  it('moves a log whose day changes', async () => {
    const index = newIndex();
    await put(index, B, [entry('x.md', { title: 'alpha' }), entry('y.md')]);
    await put(index, B, [
      entry('x.md', { title: 'beta', date: '2026-03-01' as CalendarDate }),
      entry('y.md'),
    ]);
    expect(await paths(index)).toEqual(['x.md', 'y.md']);
    expect(unwrap(await index.groups({}))).toEqual([
      { key: '2026-03-01', logs: 1 },
      { key: '2026-01-01', logs: 1 },
    ]);
    expect(await paths(index, { text: 'beta' })).toEqual(['x.md']);
    expect(await paths(index, { text: 'alpha' })).toEqual([]);
  });

  it('is found by its new title and its new host, and no more by the old', async () => {
    const index = newIndex();
    await put(index, B, [entry('a.md', { title: 'alpha', author: 'Ann' }), entry('b.md')], { host: 'first' });
    expect(await paths(index, { text: 'alpha' })).toEqual(['a.md']);
    await put(index, B, [entry('a.md', { title: 'beta', author: 'Bea' }), entry('b.md')], { host: 'first' });
    expect(await paths(index, { text: 'alpha' })).toEqual([]);
    expect(await paths(index, { text: 'ann' })).toEqual([]);
    expect(await paths(index, { text: 'beta bea first' })).toEqual(['a.md']);
    await put(index, B, [entry('a.md', { title: 'beta' })], { host: 'second' });
    expect(await paths(index, { text: 'first' })).toEqual([]);
    expect(await paths(index, { text: 'second' })).toEqual(['a.md']);
    unwrap(await index.dropShard(B));
    expect(await paths(index, { text: 'second' })).toEqual([]);
  });

  it('gives the version of a change to every reader, and none to a call that changes nothing', async () => {
    const index = newIndex();
    const versions = [unwrap(await index.version())];
    const step = async (): Promise<void> => void versions.push(unwrap(await index.version()));
    await put(index, B, [entry('a.md')]);
    await step();
    unwrap(await index.setCached([{ id: `${B}/a.md` as LogId, sha256: 'c'.repeat(64) }]));
    await step();
    unwrap(await index.dropShard(B));
    await step();
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
    unwrap(await index.dropShard(B));
    unwrap(await index.setCached([{ id: `${B}/a.md` as LogId, sha256: 'c'.repeat(64) }]));
    unwrap(await index.setCached([]));
    expect(unwrap(await index.version())).toBe(versions.at(-1));
    expect(unwrap(await index.page({})).version).toBe(versions.at(-1));
  });
});
