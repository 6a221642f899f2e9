import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CalendarDate, LogPath } from '../../shared/domain/ids.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import { createSqliteSearchIndex } from '../adapters/sqlite/search/sqlite-search-index.ts';
import type { FoundTexts, LogToIndex, SearchIndex } from '../core/ports/search-index.ts';
import { testUuid } from './sync-world.ts';

const folders: string[] = [];
const open: SearchIndex[] = [];
afterAll(async () => {
  for (const index of open) await index.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A path for a database in a folder of its own, removed after the tests of the file. */
export function searchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-search-'));
  folders.push(folder);
  return join(folder, 'state', 'search.db');
}

/** A full text on the calling thread, closed after the tests of the file. */
export function newSearch(
  file = searchFile(),
  onRebuilt: (reason: string) => void = () => undefined,
): SearchIndex {
  const index = createSqliteSearchIndex({
    file,
    thread: 'caller',
    busyMs: 5_000,
    onRebuilt: ({ reason }) => onRebuilt(reason),
  });
  open.push(index);
  return index;
}

/** A log of machine A to be put in; its day is 2026-01-05 unless the path says one. */
export function logToIndex(path: string, text: string, more: Partial<LogToIndex> = {}): LogToIndex {
  return {
    machine: testUuid('a'),
    host: 'harbor',
    path: path as LogPath,
    size: text.length,
    mtime: Date.parse('2026-01-05T09:00:00Z'),
    sha256: `${path} ${text.length}`,
    origin: 'own',
    text,
    ...more,
  };
}

/** What a typed question finds. */
export async function ask(index: SearchIndex, typed: string, limit = 50, offset = 0): Promise<FoundTexts> {
  return unwrap(
    await index.find({
      question: parseSearch(typed, '2026-06-15' as CalendarDate),
      me: { names: ['ana'], machine: testUuid('a') },
      offset,
      limit,
    }),
  );
}

/** Paths of what is found, best first; with `#` and the session for a part. */
export async function found(index: SearchIndex, typed: string): Promise<readonly string[]> {
  return (await ask(index, typed)).rows.map(({ path, part }) => (part === null ? path : `${path}#${part}`));
}
