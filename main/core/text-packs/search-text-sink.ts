import type { Answer } from '../../../shared/app-error.ts';
import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import { ok } from '../../../shared/result.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { IndexedLog, LogToIndex, SearchIndex } from '../ports/search-index.ts';
import type { PackedText, TextSink, TextSource } from './text-sink.ts';

/** Passes packs' text to the search database, with the machine's index entry for each log. */
export function createSearchTextSink(
  search: Pick<SearchIndex, 'known' | 'put' | 'remove' | 'facts'>,
  index: Pick<LogIndex, 'entries'>,
): TextSink {
  return {
    put: async (source, texts) => {
      const [entries, known] = await Promise.all([
        index.entries(source.machine),
        search.known(source.machine),
      ]);
      if (!entries.ok) return entries;
      if (!known.ok) return known;
      const logs = logsToIndex(source, texts, entries.value, known.value);
      return logs.length === 0 ? ok(undefined) : await search.put(logs);
    },
    drop: (logs) => search.remove(logs),
    missing: (machines) => missingFrom(search, machines),
    forget: async (machine) => {
      const known = await search.known(machine);
      if (!known.ok) return known;
      const packed = known.value.filter(({ origin }) => origin === 'pack');
      return packed.length === 0 ? ok(undefined) : await search.remove(packed);
    },
  };
}

/**
 * A pack's logs that the database needs: those in the index, because nobody could open another, and of these the ones it lacks in the
 * index's version. Another version is better than none, and worse than any.
 */
function logsToIndex(
  { machine, host }: TextSource,
  texts: readonly PackedText[],
  entries: readonly LogEntry[],
  known: readonly IndexedLog[],
): readonly LogToIndex[] {
  const listed = new Map<LogPath, LogEntry>(entries.map((entry) => [entry.path, entry]));
  const held = new Set(known.map(({ path }) => path));
  return texts.flatMap(({ path, sha256, text }): LogToIndex[] => {
    const entry = listed.get(path);
    if (entry === undefined || (sha256 !== entry.sha256 && held.has(path))) return [];
    const { size, mtime } = entry;
    return [{ machine, host, path, size, mtime, sha256, origin: 'pack', entry, text }];
  });
}

/** One query suffices in most cases: a database with texts of packs was not rebuilt. */
async function missingFrom(
  search: Pick<SearchIndex, 'known' | 'facts'>,
  machines: readonly MachineUuid[],
): Answer<ReadonlySet<MachineUuid>> {
  const facts = await search.facts();
  if (!facts.ok) return facts;
  const missing = new Set<MachineUuid>();
  if (facts.value.keptBytes > 0) return ok(missing);
  for (const machine of machines) {
    const known = await search.known(machine);
    if (!known.ok) return known;
    if (known.value.length === 0) missing.add(machine);
  }
  return ok(missing);
}
