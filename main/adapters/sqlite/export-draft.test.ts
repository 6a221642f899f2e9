import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { unwrap } from '../../../shared/result.ts';
import type { ShardContent } from '../../core/ports/log-index.ts';
import type { PackedEntries } from '../../core/ports/packed-entries.ts';
import { A, B, C, content, entry, newFolder, note } from '../../testing/index-fixture.ts';
import { createExportDraft, HEADER_ROOM } from './export-draft.ts';
import { createIndexEngine, type IndexEngine } from './index-engine.ts';
import { packEntries, withBuffer } from './packed-entries.ts';
import { only } from '../../testing/only.ts';

const OTHER_DISK = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;
const LOGS = [
  entry('clients/ächme/2026-01-03-ben-c.md', { title: 'Zoë "quoted" \u0001 日本 \u2028', author: null }),
  entry('2026-01-01-hal-a.md', { notes: [note('look\nhere')] }),
  entry('projects/atlas/SESSION-LOG-2026-01-02.md', { size: 0, mtime: -1 }),
];

function packed(entries: readonly LogEntry[]): PackedEntries {
  return packEntries(entries) as PackedEntries;
}

async function put(
  engine: IndexEngine,
  machine: MachineUuid,
  entries: readonly LogEntry[],
  more: Partial<ShardContent> = {},
): Promise<void> {
  const shard = { content: content(machine, more), head: packed(entries), newSegments: [] };
  unwrap(await engine.call('putShard', shard));
}

function engineOn(file: string, drafts: boolean): IndexEngine {
  return createIndexEngine({ file, own: A, drafts, onRebuilt: () => undefined });
}

/** What an export says but for its time, in one order: that of the machines is free. */
async function exported(engine: IndexEngine, target = join(newFolder(), 'index.json')): Promise<unknown> {
  unwrap(await engine.call('exportTo', target));
  const text = readFileSync(target, 'utf8');
  const { entries, ...rest } = JSON.parse(text) as { readonly entries: readonly { machine: string }[] };
  // Whoever asks only what it was made of reads the first line.
  expect(JSON.parse(`${text.slice(0, text.indexOf('\n'))}]}`)).toEqual({ ...rest, entries: [] });
  const order = (machine: string): unknown => entries.filter((one) => one.machine === machine);
  return { ...rest, builtAt: 0, entries: [A, B, C].map(order), all: entries.length };
}

/** The drafts in the folder of an index. */
function drafts(file: string): readonly string[] {
  return readdirSync(dirname(file)).filter((name) => name.includes('draft'));
}

describe('an export of machines that came in just now', () => {
  it('says what one says that is read from the tables', async () => {
    const file = join(newFolder(), 'index.db');
    const [noting, reading] = [engineOn(file, true), engineOn(file, false)];
    // Ours is never noted, and is added to what was.
    await put(noting, A, LOGS);
    await put(noting, C, []);
    await put(
      noting,
      B,
      Array.from({ length: 700 }, (_, at) => entry(`${at % 5}/n${at}.md`, { title: 'é'.repeat(at) })),
    );
    await put(noting, C, LOGS, { generation: '2' });
    expect(drafts(file)).toHaveLength(1);
    const drafted = await exported(noting);
    expect(drafted).toEqual(await exported(reading));
    expect(drafted).toMatchObject({ all: 706 });
    expect(drafts(file)).toEqual([]);
    // The draft is used up; a later export is as true.
    expect(await exported(noting)).toEqual(drafted);
    for (const engine of [noting, reading]) await engine.close();
  });

  it('says what is in the index, whatever happened to a machine since it was noted', async () => {
    const file = join(newFolder(), 'index.db');
    for (const change of ['dropShard', 'putShard'] as const) {
      const [noting, other] = [engineOn(file, true), engineOn(file, false)];
      for (const machine of [A, B, C]) {
        unwrap(await other.call('dropShard', machine));
        await put(noting, machine, LOGS);
      }
      expect(drafts(file)).toHaveLength(1);
      if (change === 'dropShard') unwrap(await other.call('dropShard', C));
      else await put(other, C, LOGS.slice(0, 1), { generation: '3' });
      expect(await exported(noting)).toEqual(await exported(other));
      expect(drafts(file)).toEqual([]);
      for (const engine of [noting, other]) await engine.close();
    }
  });

  it('is read from the tables when its first line has no room', async () => {
    const file = join(newFolder(), 'index.db');
    const noting = engineOn(file, true);
    const host = 'h'.repeat(HEADER_ROOM);
    await put(noting, B, LOGS, { host });
    expect(await exported(noting)).toMatchObject({ all: LOGS.length, sources: { [B]: { host } } });
    expect(drafts(file)).toEqual([]);
    await noting.close();
  });

  it('is written anew when somebody took the draft away', async () => {
    const file = join(newFolder(), 'index.db');
    const noting = engineOn(file, true);
    await put(noting, B, LOGS);
    for (const name of drafts(file)) rmSync(join(dirname(file), name));
    expect(await exported(noting)).toMatchObject({ all: LOGS.length });
    await noting.close();
  });

  it('leaves nothing behind when it cannot be written, and when the engine closes', async () => {
    const file = join(newFolder(), 'index.db');
    const noting = engineOn(file, true);
    await put(noting, B, LOGS);
    const blocked = join(newFolder(), 'index.json');
    mkdirSync(join(blocked, 'in the way'), { recursive: true });
    expect(await noting.call('exportTo', blocked)).toMatchObject({ ok: false, error: { code: 'io' } });
    expect(drafts(file)).toEqual([]);
    expect(await exported(noting)).toMatchObject({ all: LOGS.length });
    await noting.close();
    const second = engineOn(file, true);
    await put(second, C, LOGS);
    expect(drafts(file)).toHaveLength(1);
    await second.close();
    expect(drafts(file)).toEqual([]);
  });

  only(OTHER_DISK, 'needs /dev/shm on a disk of its own').it(
    'is written anew where the index lies on another disk',
    async () => {
      const file = join(newFolder(), 'index.db');
      const noting = engineOn(file, true);
      await put(noting, B, LOGS);
      const folder = mkdtempSync('/dev/shm/session-log-');
      try {
        expect(await exported(noting, join(folder, 'index.json'))).toMatchObject({ all: LOGS.length });
        expect([readdirSync(folder), drafts(file)]).toEqual([['index.json'], []]);
      } finally {
        rmSync(folder, { recursive: true });
      }
      await noting.close();
    },
  );
});

describe('the draft', () => {
  const rows = LOGS.map(({ path }, at) => ({
    path,
    from: withBuffer(packed(LOGS)),
    at,
    segment: 0,
    more: null,
  }));

  it('is given away once, and only while it is true', () => {
    const file = join(newFolder(), 'index.db');
    const draft = createExportDraft(file);
    draft.add(B, '1', rows);
    draft.add(C, '7', rows.slice(1));
    const begun = draft.take(
      new Map([
        [A, '3'],
        [B, '1'],
        [C, '7'],
      ]),
    );
    if (begun === null) throw new Error('there is no draft');
    closeSync(begun.fd);
    const text = readFileSync(begun.path, 'utf8').slice(HEADER_ROOM);
    expect(JSON.parse(`[${text}]`)).toEqual([
      ...LOGS.map((log) => ({ machine: B, ...log })),
      ...LOGS.slice(1).map((log) => ({ machine: C, ...log })),
    ]);
    draft.add(B, '1', rows);
    expect(draft.take(new Map([[B, '1']]))).toBeNull();
    draft.close();
    expect(drafts(file)).toEqual([basename(begun.path)]);
    for (const generations of [new Map([[B, '2']]), new Map<MachineUuid, string>()]) {
      const other = createExportDraft(join(newFolder(), 'index.db'));
      other.add(B, '1', rows);
      expect(other.take(generations)).toBeNull();
    }
  });

  it('that a killed process left is removed by the next export, one that is being written is not', async () => {
    const file = join(newFolder(), 'index.db');
    const [old, young] = ['.export-draft.old.tmp', '.export-draft.young.tmp'];
    for (const name of [old, young]) writeFileSync(join(dirname(file), name), 'x');
    const before = Date.now() / 1000 - 11 * 60;
    utimesSync(join(dirname(file), old), before, before);
    const engine = engineOn(file, false);
    await put(engine, B, LOGS);
    expect(await exported(engine)).toMatchObject({ all: LOGS.length });
    expect(drafts(file)).toEqual([young]);
    await engine.close();
  });

  it('is none where it cannot be written', () => {
    const file = join(newFolder(), 'gone', 'index.db');
    const draft = createExportDraft(file);
    draft.add(B, '1', rows);
    mkdirSync(dirname(file));
    draft.add(C, '1', rows);
    expect(draft.take(new Map([[C, '1']]))).toBeNull();
    draft.close();
  });
});
