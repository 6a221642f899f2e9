import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { unwrap } from '../../../shared/result.ts';
import type { ShardContent } from '../../core/ports/log-index.ts';
import type { PackedEntries } from '../../core/ports/packed-entries.ts';
import { A, B, C, content, entry, newFolder, note } from '../../testing/index-fixture.ts';
import { createExportDraft } from './export-draft.ts';
import { createIndexEngine, type IndexEngine } from './index-engine.ts';
import { packEntries, withBuffer } from './packed-entries.ts';

const WINDOWS = process.platform === 'win32';
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

/** The export without the time in its first line. */
async function exported(engine: IndexEngine): Promise<string> {
  const target = join(newFolder(), 'index.json');
  unwrap(await engine.call('exportTo', target));
  return readFileSync(target, 'utf8').replace(/"builtAt":\d+/, '"builtAt":0');
}

describe('an export of machines that came in just now', () => {
  it('is byte for byte the one that is read from the tables', async () => {
    const file = join(newFolder(), 'index.db');
    const [noting, reading] = [engineOn(file, true), engineOn(file, false)];
    await put(noting, A, LOGS);
    await put(noting, C, []);
    await put(
      noting,
      B,
      Array.from({ length: 700 }, (_, at) => entry(`${at % 5}/n${at}.md`, { title: 'é'.repeat(at) })),
    );
    await put(noting, C, LOGS, { generation: '2' });
    expect(await exported(noting)).toBe(await exported(reading));
    expect(JSON.parse(await exported(noting))).toMatchObject({ entries: { length: 706 } });
    for (const engine of [noting, reading]) await engine.close();
  });

  it('says what is in the index, whatever happened to a machine since it was noted', async () => {
    const file = join(newFolder(), 'index.db');
    const [noting, other] = [engineOn(file, true), engineOn(file, false)];
    for (const machine of [A, B, C]) await put(noting, machine, LOGS);
    await put(noting, B, LOGS.slice(1), { generation: '2' });
    unwrap(await other.call('dropShard', C));
    expect(await exported(noting)).toBe(await exported(other));
    await put(other, C, LOGS.slice(0, 1), { generation: '3' });
    await put(noting, A, LOGS.slice(2));
    expect(await exported(noting)).toBe(await exported(other));
    for (const engine of [noting, other]) await engine.close();
  });
});

function textOf(pieces: Iterable<Uint8Array> | null): Buffer {
  // Copied one by one: a piece stands until the next.
  return Buffer.concat(Array.from(pieces ?? [], (piece) => Buffer.from(piece)));
}

describe('the draft', () => {
  const rows = LOGS.map((log, at) => [log.path, { from: withBuffer(packed(LOGS)), at, segment: 0 }] as const);

  it.skipIf(WINDOWS)(
    'leaves no file, and gives a machine back only for the generation it was noted at',
    () => {
      const folder = newFolder();
      const draft = createExportDraft(join(folder, 'index.db'));
      draft.add(B, '1', rows);
      expect(readdirSync(folder)).toEqual([]);
      expect(draft.read(B, '2')).toBeNull();
      expect(draft.read(C, '1')).toBeNull();
      const text = String(textOf(draft.read(B, '1')));
      expect(JSON.parse(`[${text}]`)).toEqual(LOGS.map((log) => ({ machine: B, ...log })));
      draft.add(B, '2', rows.slice(1));
      expect(draft.read(B, '1')).toBeNull();
      const begun = draft.read(B, '2');
      draft.close();
      expect(() => textOf(begun)).toThrow('was closed');
      expect(draft.read(B, '2')).toBeNull();
    },
  );

  it.skipIf(WINDOWS)('gives nothing back where it cannot be written', () => {
    const file = join(newFolder(), 'gone', 'index.db');
    const draft = createExportDraft(file);
    draft.add(B, '1', rows);
    mkdirSync(dirname(file));
    draft.add(C, '1', rows);
    expect([draft.read(B, '1'), draft.read(C, '1')]).toEqual([null, null]);
    draft.close();
  });
});
