import type { MachineUuid } from '../../../../shared/domain/ids.ts';
import type {
  FoundTexts,
  IndexedLog,
  IndexedLogKey,
  IndexQuestion,
  LogToIndex,
  PendingQuestion,
  PendingThreads,
  SearchFacts,
} from '../../../core/ports/search-index.ts';
import type { Caller } from '../worker-link.ts';

/** The calls of the full-text engine, by name, with input and output. Everything here can be cloned between threads. */
export interface SearchCalls {
  known: { input: MachineUuid | null; output: readonly IndexedLog[] };
  put: { input: readonly LogToIndex[]; output: null };
  remove: { input: readonly IndexedLogKey[]; output: null };
  find: { input: IndexQuestion; output: FoundTexts };
  keptTexts: { input: readonly IndexedLogKey[]; output: readonly (string | null)[] };
  pending: { input: PendingQuestion; output: PendingThreads };
  swept: { input: null; output: string };
  setSwept: { input: string; output: null };
  building: { input: boolean; output: null };
  optimise: { input: null; output: boolean };
  facts: { input: null; output: SearchFacts };
}

export type SearchCall = keyof SearchCalls;
export type SearchCaller = Caller<SearchCalls>;

/** The worker's start-up data. */
export interface SearchStart {
  /** Absolute path of the database. */
  readonly file: string;
  /** How long to wait for another process's transaction, in milliseconds. */
  readonly busyMs?: number | undefined;
}
