import type { AppError } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { PendingThread } from '../../../shared/domain/pending-list.ts';
import type { SearchRung } from '../../../shared/domain/search-answer.ts';
import type { SearchQuestion } from '../../../shared/domain/search-question.ts';
import type { Result } from '../../../shared/result.ts';

/**
 * Where the text of a log can be read again: this machine's data folder, a workspace, the cache, a commit of a workspace, or nowhere, so
 * that the database keeps it (it came in a text pack).
 */
export const TEXT_ORIGINS = ['own', 'workspace', 'cached', 'git', 'pack'] as const;
export type TextOrigin = (typeof TEXT_ORIGINS)[number];

/** Of a log that is longer only this much is searched, in bytes: nobody writes so much, it is what a program has put out. */
export const INDEXED_BYTES = 8 * 1024 * 1024;

/** A log as the database knows it: enough to see whether it has to be read again. */
export interface IndexedLog {
  /** The machine that wrote it, or the UUID that stands for a workspace. */
  readonly machine: MachineUuid;
  readonly path: LogPath;
  /** Of the file; of a pack's text what its entry says. Bytes and whole epoch milliseconds. */
  readonly size: number;
  readonly mtime: number;
  /** Hex; empty where nobody measured it. */
  readonly sha256: string;
  readonly origin: TextOrigin;
}

/** What is known of a log beside its text. The rest (title, headings, day, people, sessions inside) is read from the text. */
export interface LogToIndex extends IndexedLog {
  /** Host name of the machine; name of the workspace. */
  readonly host: string;
  /** What its shard says of it, where there is one: it is believed before the text. */
  readonly entry?: Pick<
    LogEntry,
    'title' | 'author' | 'user' | 'project' | 'client' | 'date' | 'tags' | 'parts'
  >;
  /** The agent that wrote it, where that is known: `claude-code`, `codex`, … */
  readonly agent?: string;
  /** Commit of the workspace that still has it (`origin` is `git`). */
  readonly commit?: string;
  /**
   * The log as it is: UTF-8 (or UTF-16 with its mark) bytes, or text. What stands under Credentials & Secrets is left out by the
   * database, but for its heading. The text of a log of which only this is at hand (`origin` is `pack`) is kept, compressed.
   */
  readonly text: Uint8Array | string;
  /** Whether what stands under Credentials & Secrets may be found: only ever of this machine's own logs. False unless given. */
  readonly credentials?: boolean;
}

/** Names one log of the database. */
export type IndexedLogKey = Pick<IndexedLog, 'machine' | 'path'>;

/** A question with all that the database does not know itself worked out. */
export interface IndexQuestion {
  readonly question: SearchQuestion;
  /** Who asks, for `is:mine`: short and full name, and the own machine for logs that name nobody. */
  readonly me: { readonly names: readonly string[]; readonly machine: MachineUuid };
  /** Hits to leave out at the front, and hits at most behind them. */
  readonly offset: number;
  readonly limit: number;
}

/** A row that answers a question, without its lines. */
export interface FoundText extends Omit<IndexedLog, 'size' | 'mtime'> {
  readonly part: string | null;
  readonly host: string;
  readonly title: string | null;
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly day: CalendarDate;
  /** First line of the part in the file, 1-based; 1 for a log as a whole. */
  readonly line: number;
  readonly commit: string | null;
  readonly rung: SearchRung;
}

export interface FoundTexts {
  /** Best first; at most one row of a file stands before another file's when they answer equally well. */
  readonly rows: readonly FoundText[];
  /** More follow. */
  readonly more: boolean;
  /** Rows that answer, as far as was counted. */
  readonly count: number;
  readonly atLeast: boolean;
  /** Only the newest of very many were ranked. */
  readonly complete: boolean;
  /** Sentences for a person. */
  readonly explanations: readonly string[];
  /** Words to be marked in the lines, folded as the database has them. */
  readonly words: readonly string[];
}

/** Which tasks are wanted of those that logs list under Pending / Incomplete Tasks. */
export interface PendingQuestion {
  /** Any of these names, in any case; all where not given. */
  readonly users?: readonly string[];
  /** Projects or clients. */
  readonly projects?: readonly string[];
  /** Host names or beginnings of UUIDs, of four letters or more. */
  readonly machines?: readonly string[];
  /** Only lists of these days, both ends inclusive. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Only threads that have a task whose id begins with one of these. */
  readonly tasks?: readonly string[];
  /** Ids of tasks that somebody is through with. */
  readonly closed: readonly string[];
  /** Those that are done, too. */
  readonly all: boolean;
  /** Tasks at most; the thread in which that number is reached is whole. */
  readonly limit: number;
}

export interface PendingThreads {
  /** The newest first. */
  readonly threads: readonly PendingThread[];
  /** Tasks of all threads that the question means, whatever the limit: still open; done in the log or by somebody. */
  readonly open: number;
  readonly done: number;
  /** Threads are left out because of the limit. */
  readonly more: boolean;
}

export interface SearchFacts {
  readonly logs: number;
  /** Rows: logs, and sessions inside daily logs. */
  readonly rows: number;
  /** Bytes of the texts that were read in; of the database on the disk; of what it keeps of packs. */
  readonly textBytes: number;
  readonly fileBytes: number;
  readonly keptBytes: number;
}

/**
 * Full text of every log that is at hand: a disposable database (`state/search.db`) with one writer at a time, made again after damage, a
 * foreign file or another version. Runs off the calling thread. Codes: `io`, `disk-full`, `corrupt`, `invalid-input`, `cancelled`.
 */
export interface SearchIndex {
  /** What it holds of one machine or workspace; of all without. */
  known(machine?: MachineUuid): Promise<Result<readonly IndexedLog[], AppError>>;
  /**
   * Puts logs in, each in the place of what was known of it, in one transaction. Callers bound what they hand over: some 16 MB of text at
   * once are quick and keep the memory small. A log of which more is at hand already (`pack` never replaces a file with the same digest) is
   * left as it is.
   */
  put(
    logs: readonly LogToIndex[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<void, AppError>>;
  /** Takes logs out; what is not there is no error. */
  remove(logs: readonly IndexedLogKey[]): Promise<Result<void, AppError>>;
  /** Takes all of a machine or workspace out. */
  removeMachine(machine: MachineUuid): Promise<Result<void, AppError>>;
  /** Finds what answers a question. Cancelled between two steps of the work, each some milliseconds long. */
  find(
    question: IndexQuestion,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<FoundTexts, AppError>>;
  /** The kept texts of logs that came in packs, as they were put in; null for one that is not kept. */
  keptTexts(logs: readonly IndexedLogKey[]): Promise<Result<readonly (string | null)[], AppError>>;
  /** What threads of work have left to do, as the newest log of each says. */
  pending(question: PendingQuestion): Promise<Result<PendingThreads, AppError>>;
  /** What {@link setSwept} kept last; empty in a fresh database. */
  swept(): Promise<Result<string, AppError>>;
  /** Keeps words of the caller by which it knows that there is nothing to read in. */
  setSwept(mark: string): Promise<Result<void, AppError>>;
  /** Tells that much is about to be put in (a first build), so that it can get ready; and when that is over. */
  building(on: boolean): Promise<Result<void, AppError>>;
  /** Merges what many small changes have left, a bounded piece at a time. @returns true when there is more of it */
  optimise(): Promise<Result<boolean, AppError>>;
  facts(): Promise<Result<SearchFacts, AppError>>;
  close(): Promise<void>;
}
