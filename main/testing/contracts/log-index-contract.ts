import { beforeEach, describe, expect, it } from 'vitest';
import { logId, type CalendarDate, type LogId, type LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import type { LogIndex } from '../../core/ports/log-index.ts';
import { A, B, C, content, entry, note, paths, put } from '../index-fixture.ts';

const OLD = '2026-01/2026-01-05-hal-old.md';
const NEW = '2026-02/2026-02-06-hal-new.md';

/** An index to test, of machine {@link A}, and how to read a file that it has exported. */
export interface IndexUnderTest {
  readonly index: LogIndex;
  /** An absolute path that may be written. */
  readonly target: string;
  read(path: string): Promise<string>;
}

/**
 * The promises of `LogIndex`, as tests. `index-model.test.ts` compares the two indexes with random contents; this says what each must do
 * by itself.
 */
export function logIndexContract(name: string, make: () => IndexUnderTest): void {
  describe(`log index contract: ${name}`, () => {
    let world: IndexUnderTest;
    let index: LogIndex;
    beforeEach(() => {
      world = make();
      ({ index } = world);
    });

    it('knows nothing at first', async () => {
      expect(unwrap(await index.knownShards())).toEqual([]);
      expect(unwrap(await index.machines())).toEqual([]);
      expect(unwrap(await index.page({}))).toMatchObject({ rows: [], total: 0 });
      expect(unwrap(await index.row(logId(B, OLD as LogPath)))).toBeNull();
      expect(unwrap(await index.copies(logId(B, OLD as LogPath)))).toEqual([]);
      expect(unwrap(await index.entries(B))).toEqual([]);
    });

    it('gives back what was put, and what it was put as', async () => {
      await put(index, B, [entry(NEW), entry(OLD, { title: 'Zoë' })], { generation: '7' });
      expect(unwrap(await index.knownShards())).toEqual([{ machine: B, generation: '7', segments: [] }]);
      expect(unwrap(await index.entries(B))).toEqual([entry(OLD, { title: 'Zoë' }), entry(NEW)]);
      expect(unwrap(await index.entries(B, [NEW, 'none.md'] as LogPath[]))).toEqual([entry(NEW)]);
      expect(unwrap(await index.entries(B, []))).toEqual([]);
      expect(await paths(index)).toEqual([NEW, OLD]);
      expect(unwrap(await index.machines())).toMatchObject([
        { machine: B, host: 'host-b', own: false, logs: 2, bytes: 200, lastSeen: 5_000 },
      ]);
    });

    it('keeps segments that it has, and takes none that is neither there nor given', async () => {
      const facts = content(B, { segments: ['2026-01-1-aaaaaaaa.json.gz'] });
      const missing = await index.putShard(facts, [entry(NEW)], []);
      expect(missing).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      expect(await paths(index)).toEqual([]);
      const segment = { name: '2026-01-1-aaaaaaaa.json.gz', entries: [entry(OLD)] };
      unwrap(await index.putShard(facts, [entry(NEW)], [segment]));
      unwrap(await index.putShard({ ...facts, generation: '2' }, [], []));
      expect(await paths(index)).toEqual([OLD]);
    });

    it('counts up when something has changed', async () => {
      const before = unwrap(await index.version());
      await put(index, B, [entry(OLD)]);
      const after = unwrap(await index.version());
      expect(after).toBeGreaterThan(before);
      unwrap(await index.page({}));
      expect(unwrap(await index.version())).toBe(after);
    });

    it('drops a machine with all that it brought', async () => {
      await put(index, B, [entry(OLD, { notes: [note('x')] })]);
      await put(index, C, [entry(NEW)]);
      unwrap(await index.dropShard(B));
      expect(unwrap(await index.knownShards()).map(({ machine }) => machine)).toEqual([C]);
      expect(await paths(index)).toEqual([NEW]);
      expect(unwrap(await index.notes())).toEqual([]);
    });

    it('says where a log is: here, in the cache or in the store', async () => {
      await put(index, A, [entry(OLD), entry(NEW)], { generation: 'local' });
      await put(index, B, [entry(OLD), entry(NEW)]);
      const ids = { cached: logId(B, OLD as LogPath), mine: logId(A, OLD as LogPath) };
      unwrap(await index.setCached([{ id: ids.cached, sha256: 'a'.repeat(64) }]));
      unwrap(await index.setDeleted([OLD as LogPath]));
      const place = async (id: LogId): Promise<string | undefined> => unwrap(await index.row(id))?.place;
      expect(await place(logId(A, NEW as LogPath))).toBe('local');
      expect(await place(ids.mine)).toBe('store');
      expect(await place(ids.cached)).toBe('cached');
      expect(await place(logId(B, NEW as LogPath))).toBe('store');
      expect(unwrap(await index.cachedDigests(B))).toEqual([{ path: OLD, sha256: 'a'.repeat(64) }]);
      unwrap(await index.setCached([{ id: ids.cached, sha256: null }]));
      unwrap(await index.setDeleted([]));
      expect([await place(ids.cached), await place(ids.mine)]).toEqual(['store', 'local']);
    });

    it('takes workspaces for no machines', async () => {
      await put(index, C, [entry(OLD)], { kind: 'workspace', generation: 'local' });
      expect(unwrap(await index.workspaces())).toEqual([C]);
      expect(unwrap(await index.machines())).toEqual([]);
      expect(unwrap(await index.knownShards())).toEqual([]);
      expect(await paths(index)).toEqual([OLD]);
    });

    it('says of a workspace which logs a commit alone has, and believes no machine that says so', async () => {
      const id = logId(C, OLD as LogPath);
      const [file, gone] = [entry(OLD), entry(OLD, { commit: 'c'.repeat(40) })];
      await put(index, B, [gone]);
      expect(unwrap(await index.row(logId(B, OLD as LogPath)))).toMatchObject({
        place: 'store',
        commit: null,
      });
      for (const [now, place] of [
        [file, 'workspace'],
        [gone, 'git'],
        [file, 'workspace'],
      ] as const) {
        await put(index, C, [now], { kind: 'workspace', generation: 'local' });
        expect(unwrap(await index.row(id))).toMatchObject({ place, commit: now.commit ?? null });
        expect(unwrap(await index.entries(C))).toEqual([now]);
        expect(unwrap(await index.page({ places: ['git'] })).total).toBe(place === 'git' ? 1 : 0);
      }
    });

    it('finds notes with their receipts, days, and what can be filtered by', async () => {
      const mara = entry('projects/ATLAS/2026-02-06-mara-y.md', {
        user: 'mara',
        project: 'ATLAS',
        client: null,
      });
      await put(index, B, [entry(OLD, { notes: [note('x')], user: 'hal' }), mara]);
      await put(index, C, [], { receipts: [{ note: note('x').hash, reader: 'ana', at: 5, state: 'read' }] });
      expect(unwrap(await index.notes())).toMatchObject([
        { machine: B, path: OLD, text: 'x', receipts: [{ reader: 'ana', machine: C, state: 'read' }] },
      ]);
      expect(unwrap(await index.receipts())).toMatchObject([{ machine: C, host: 'host-c', reader: 'ana' }]);
      expect(unwrap(await index.days({ from: '2026-02-01' as CalendarDate }))).toEqual([
        { machine: B, date: '2026-02-06', logs: 1 },
      ]);
      expect(unwrap(await index.facets())).toMatchObject({
        users: [
          { value: 'hal', logs: 1 },
          { value: 'mara', logs: 1 },
        ],
        projects: [{ value: 'ATLAS', logs: 1 }],
        written: 2,
      });
    });

    it('exports every entry of machines, with a first line that says what of', async () => {
      await put(index, B, [entry(OLD)], { generation: '7', seq: 3 });
      await put(index, C, [entry(NEW)], { kind: 'workspace', generation: 'local' });
      unwrap(await index.exportTo(world.target));
      const text = await world.read(world.target);
      const { sources } = JSON.parse(`${text.slice(0, text.indexOf('\n'))}]}`) as { sources: unknown };
      expect(sources).toMatchObject({ [B]: { host: 'host-b', generation: '7' } });
      expect(JSON.parse(text)).toMatchObject({ schema: 1, entries: [{ machine: B, ...entry(OLD) }] });
    });
  });
}
