import type { Answer } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import type { LogToIndex } from '../ports/search-index.ts';
import type { SearchDeps } from './search-deps.ts';
import { textReader } from './read-text.ts';
import { ownLog } from './sweep.ts';

export interface NamedReport {
  readonly added: number;
  readonly removed: number;
  /** Other machines' logs, not examined. */
  readonly others: number;
}

/**
 * Updates the full text for a few of this machine's own logs that just changed: without scanning the others, so that a saved log is found
 * at once however many there are. The index has them already.
 * @param ids of files; skips other machines'
 */
export async function sweepNamed(deps: SearchDeps, ids: readonly LogId[]): Answer<NamedReport> {
  const { sync, search } = deps;
  const wanted = new Set(
    ids.flatMap((id) => {
      const parsed = parseLogId(id);
      return parsed.ok && parsed.value.machine === sync.self.uuid ? [parsed.value.path] : [];
    }),
  );
  const others = ids.length - wanted.size;
  if (wanted.size === 0) return ok({ added: 0, removed: 0, others });
  const entries = await sync.index.entries(sync.self.uuid, [...wanted]);
  if (!entries.ok) return entries;
  const there: LogToIndex[] = [];
  const readText = textReader(deps, []);
  for (const entry of entries.value) {
    const log = ownLog(deps, entry);
    const text = await readText(log);
    if (text === null) continue;
    wanted.delete(entry.path);
    const { file: _file, within: _within, ...facts } = log;
    there.push({ ...facts, text });
  }
  const put = there.length === 0 ? ok(undefined) : await search.put(there);
  if (!put.ok) return put;
  const gone = [...wanted].map((path) => ({ machine: sync.self.uuid, path }));
  const removed = gone.length === 0 ? ok(undefined) : await search.remove(gone);
  return removed.ok ? ok({ added: there.length, removed: gone.length, others }) : removed;
}
