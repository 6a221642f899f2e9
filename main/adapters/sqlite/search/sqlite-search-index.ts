import { appError, type AppError, type Answer } from '../../../../shared/app-error.ts';
import { err, mapOk } from '../../../../shared/result.ts';
import type { SearchIndex } from '../../../core/ports/search-index.ts';
import type { IndexRebuilt } from '../index-file.ts';
import { createOwnCaller, createWorkerLink, workerScript } from '../worker-link.ts';
import type { SearchCall, SearchCaller, SearchCalls, SearchStart } from './search-calls.ts';

export interface SqliteSearchOptions extends SearchStart {
  /** As for the index: `worker` keeps the calling thread free, `caller` starts faster in a command with one query. */
  readonly thread?: 'worker' | 'caller';
  /** The worker's script; beside this module by default. */
  readonly workerUrl?: URL;
  /** Called when it starts empty although a file existed. */
  readonly onRebuilt?: (event: IndexRebuilt) => void;
}

/** The full text as a SQLite database (docs/search.md). Nothing is opened before the first call. */
export function createSqliteSearchIndex(options: SqliteSearchOptions): SearchIndex {
  const caller = options.thread === 'caller' ? ownCaller(options) : workerCaller(options);
  const ask = async <C extends SearchCall>(
    name: C,
    input: SearchCalls[C]['input'],
    signal?: AbortSignal,
  ): Answer<SearchCalls[C]['output']> =>
    signal?.aborted ? err(stopped()) : caller.call(name, input, signal);
  const tell = async <C extends SearchCall>(
    name: C,
    input: SearchCalls[C]['input'],
    signal?: AbortSignal,
  ): Answer<void> => mapOk(await ask(name, input, signal), () => undefined);
  return {
    known: (machine) => ask('known', machine ?? null),
    put: async (logs, { signal } = {}) => tell('put', logs, signal),
    remove: (logs) => tell('remove', logs),
    find: async (question, { signal } = {}) => {
      const found = await ask('find', question, signal);
      // The answer may have been in transit when it was cancelled.
      return signal?.aborted ? err(stopped()) : found;
    },
    keptTexts: (logs) => ask('keptTexts', logs),
    pending: (question) => ask('pending', question),
    swept: () => ask('swept', null),
    setSwept: (mark) => tell('setSwept', mark),
    building: (on) => tell('building', on),
    optimise: () => ask('optimise', null),
    facts: () => ask('facts', null),
    close: () => caller.close(),
  };
}

function workerCaller({ file, busyMs, workerUrl, onRebuilt }: SqliteSearchOptions): SearchCaller {
  return createWorkerLink<SearchCalls>({
    workerUrl: workerUrl ?? workerScript(import.meta.url, 'search-worker'),
    name: 'session-log-search',
    data: { file, busyMs } satisfies SearchStart,
    what: 'the full text',
    onRebuilt: onRebuilt ?? ((): void => undefined),
  });
}

function ownCaller({ file, busyMs, onRebuilt }: SqliteSearchOptions): SearchCaller {
  return createOwnCaller(async () => {
    const { createSearchEngine } = await import('./search-engine.ts');
    return createSearchEngine({ file, busyMs, onRebuilt: onRebuilt ?? ((): void => undefined) });
  });
}

function stopped(): AppError {
  return appError('cancelled', 'The search was stopped.', 'Start it again when you like.');
}
