import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import type { LogEntry, NoteEntry } from '../../shared/domain/log-entry.ts';
import type { LogQuery } from '../../shared/domain/log-query.ts';
import { unwrap } from '../../shared/result.ts';
import { createSqliteLogIndex } from '../adapters/sqlite/sqlite-log-index.ts';
import type { LogIndex, ShardContent } from '../core/ports/log-index.ts';

/** The machine that the index is on; the others are {@link B} and {@link C}. */
export const A = 'aaaaaaaa-0000-4000-8000-000000000001' as MachineUuid;
export const B = 'bbbbbbbb-0000-4000-8000-000000000002' as MachineUuid;
export const C = 'cccccccc-0000-4000-8000-000000000003' as MachineUuid;

const folders: string[] = [];
const indexes: LogIndex[] = [];

afterEach(async () => {
  for (const index of indexes.splice(0)) await index.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-index-'));
  folders.push(folder);
  return folder;
}

/** An index of machine {@link A} that is closed after the test. */
export function newIndex(
  thread: 'worker' | 'caller' = 'caller',
  file = join(newFolder(), 'state', 'index.db'),
): LogIndex {
  const index = createSqliteLogIndex({ file, own: A, thread });
  indexes.push(index);
  return index;
}

/** An entry with the date of its name; its mtime grows with the length of its path. */
export function entry(path: string, more: Partial<LogEntry> = {}): LogEntry {
  const date = /\d{4}-\d{2}-\d{2}/.exec(path)?.[0] ?? '2026-01-01';
  return {
    path: path as LogPath,
    size: 100,
    mtime: Date.parse(date) + path.length,
    sha256: 'a'.repeat(64),
    stored: { size: 100, crc32c: 'yZRlqg==', generation: '17' },
    date: date as CalendarDate,
    title: null,
    author: null,
    sessions: 1,
    notes: [],
    ...more,
  };
}

/** A note whose hash begins with its text. */
export function note(text: string, more: Partial<NoteEntry> = {}): NoteEntry {
  return {
    hash: text.padEnd(64, '0'),
    to: 'ana',
    from: 'hal',
    date: '2026-01-05' as CalendarDate,
    line: 7,
    text,
    truncated: false,
    ...more,
  };
}

/** The facts of a shard without segments. */
export function content(machine: MachineUuid, more: Partial<ShardContent> = {}): ShardContent {
  return {
    machine,
    host: `host-${machine[0]}`,
    updated: 5_000,
    generation: '1',
    segments: [],
    receipts: [],
    ...more,
  };
}

/** Puts a shard that has all its entries in the head. */
export async function put(
  index: LogIndex,
  machine: MachineUuid,
  entries: readonly LogEntry[],
  more: Partial<ShardContent> = {},
): Promise<void> {
  unwrap(await index.putShard(content(machine, more), entries, []));
}

/** Paths of the rows of a page. */
export async function paths(index: LogIndex, query: LogQuery = {}): Promise<string[]> {
  return unwrap(await index.page(query)).rows.map((row) => row.path);
}
