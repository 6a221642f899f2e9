import { describe, expect, it } from 'vitest';
import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import { sampleShard } from '../../testing/sample-shards.ts';
import { testUuid } from '../../testing/sync-world.ts';
import type { IndexedLogKey, LogToIndex } from '../ports/search-index.ts';
import { createSearchTextSink } from './search-text-sink.ts';
import type { PackedText, TextSink } from './text-sink.ts';

const machine = testUuid('a');
const source = { machine, host: 'host-a' };
const [first, second] = sampleShard(1, 2).head as readonly [LogEntry, LogEntry];
const textOf = (entry: LogEntry, text: string, sha256 = entry.sha256): PackedText => ({
  path: entry.path,
  sha256,
  date: entry.date,
  text,
  cut: false,
});

/** A search database of which only its rows are of interest. */
function table(rows: LogToIndex[] = []): { readonly rows: LogToIndex[]; readonly sink: TextSink } {
  const isSame = (a: IndexedLogKey) => (b: IndexedLogKey) => a.machine === b.machine && a.path === b.path;
  const take = (logs: readonly IndexedLogKey[]): void => {
    for (const log of logs) {
      const at = rows.findIndex(isSame(log));
      if (at >= 0) rows.splice(at, 1);
    }
  };
  const kept = (): number => rows.filter(({ origin }) => origin === 'pack').length;
  const sink = createSearchTextSink(
    {
      known: async (of) => ok(rows.filter((row) => row.machine === of)),
      put: async (logs) => {
        take(logs);
        rows.push(...logs);
        return ok(undefined);
      },
      remove: async (logs) => {
        take(logs);
        return ok(undefined);
      },
      facts: async () =>
        ok({ logs: rows.length, rows: rows.length, textBytes: 0, fileBytes: 0, keptBytes: kept() }),
    },
    { entries: async () => ok([first, second]) },
  );
  return { rows, sink };
}

const texts = (rows: readonly LogToIndex[]): readonly unknown[] => rows.map(({ text }) => text);

describe('the text of packs in the search database', () => {
  it('is put in as the index of its machine describes the log', async () => {
    const { rows, sink } = table();
    unwrap(await sink.put(source, [textOf(first, 'alpha'), textOf(second, 'beta')]));
    expect(texts(rows)).toEqual(['alpha', 'beta']);
    const { size, mtime, sha256, path } = first;
    expect(rows[0]).toMatchObject({ ...source, path, size, mtime, sha256, origin: 'pack', entry: first });
  });

  it('is left out where the index does not list the log', async () => {
    const { rows, sink } = table();
    const stranger = { ...first, path: 'stranger.md' as LogPath, date: '2026-01-01' as CalendarDate };
    unwrap(await sink.put(source, [textOf(stranger, 'x')]));
    expect(rows).toEqual([]);
  });

  it('of another version stands in for one that is not here, and never replaces one', async () => {
    const { rows, sink } = table();
    unwrap(await sink.put(source, [textOf(first, 'older', 'b'.repeat(64))]));
    unwrap(await sink.put(source, [textOf(first, 'newest')]));
    unwrap(await sink.put(source, [textOf(first, 'older', 'b'.repeat(64))]));
    expect(texts(rows)).toEqual(['newest']);
  });

  it('is missing where the database was made anew, and only there', async () => {
    const { rows, sink } = table();
    expect(unwrap(await sink.missing([machine]))).toEqual(new Set([machine]));
    unwrap(await sink.put(source, [textOf(first, 'alpha')]));
    expect(unwrap(await sink.missing([machine]))).toEqual(new Set());
    // All that came in packs has been pulled since: nothing is missing.
    rows[0] = { ...(rows[0] as LogToIndex), origin: 'cached' };
    expect(unwrap(await sink.missing([machine]))).toEqual(new Set());
  });

  it('is dropped without the logs that are here', async () => {
    const { rows, sink } = table();
    unwrap(await sink.put(source, [textOf(first, 'alpha'), textOf(second, 'beta')]));
    rows[1] = { ...(rows[1] as LogToIndex), origin: 'cached' };
    unwrap(await sink.forget(machine));
    expect(texts(rows)).toEqual(['beta']);
  });
});
