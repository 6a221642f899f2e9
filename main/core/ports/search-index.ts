import type { Answer } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { PendingThread } from '../../../shared/domain/pending-list.ts';
import type { SearchHit } from '../../../shared/domain/search-answer.ts';
import type { SearchQuestion } from '../../../shared/domain/search-question.ts';

/**
 * Where a log's text can be re-read: this machine's data folder, a workspace, the cache, a commit of a workspace, or nowhere, so the
 * database keeps it (it came in a text pack).
 */
export const TEXT_ORIGINS = ['own', 'workspace', 'cached', 'git', 'pack'] as const;
export type TextOrigin = (typeof TEXT_ORIGINS)[number];

/** Bytes of a log that are searched: nobody writes more, only programs output it. */
export const INDEXED_BYTES = 8 * 1024 * 1024;

/** A log known to the database: enough to decide whether to re-read it. */
export interface IndexedLog {
  /** The machine that wrote it, or a workspace's stand-in UUID. */
  readonly machine: MachineUuid;
  readonly path: LogPath;
  /** Of the file; for a pack's text, as in its entry. Bytes and whole epoch milliseconds. */
  readonly size: number;
  readonly mtime: number;
  /** Hex; empty where not measured. */
  readonly sha256: string;
  readonly origin: TextOrigin;
}

/** What is known of a log besides its text. The rest (title, headings, day, people, inner sessions) is read from the text. */
export interface LogToIndex extends IndexedLog {
  /** Host name, or name of the workspace. */
  readonly host: string;
  /** Facts from its shard, where there is one; they take precedence over the text. */
  readonly entry?: Pick<
    LogEntry,
    'title' | 'author' | 'user' | 'project' | 'client' | 'date' | 'tags' | 'parts'
  >;
  /** The agent that wrote it, if known: `claude-code`, `codex`, … */
  readonly agent?: string;
  /** Commit of the workspace that still has it (`origin` is `git`). */
  readonly commit?: string;
  /**
   * The raw log: UTF-8 (or UTF-16 with BOM) bytes, or text. The database omits what is under Credentials & Secrets, except for its heading.
   * Text that is nowhere else (`origin` is `pack`) is kept, compressed.
   */
  readonly text: Uint8Array | string;
  /** Index what is under Credentials & Secrets; only ever for this machine's own logs. Default false. */
  readonly credentials?: boolean;
}

/** Names one log of the database. */
export type IndexedLogKey = Pick<IndexedLog, 'machine' | 'path'>;

/** A question with everything resolved that the database cannot know. */
export interface IndexQuestion {
  readonly question: SearchQuestion;
  /** Who asks, for `is:mine`: short and full name, and the own machine for logs that name nobody. */
  readonly me: { readonly names: readonly string[]; readonly machine: MachineUuid };
  /** Hits to skip, and the most to return after them. */
  readonly offset: number;
  readonly limit: number;
}

/** A row that matches a question, without its lines. */
export interface FoundText
  extends
    Omit<IndexedLog, 'size' | 'mtime'>,
    Pick<SearchHit, 'part' | 'host' | 'title' | 'user' | 'project' | 'client' | 'day' | 'commit' | 'rung'> {
  /** 1-based line of the part in the file; 1 for a whole log. */
  readonly line: number;
}

export interface FoundTexts {
  /** Best first; among equal matches, at most one row of a file before another file's. */
  readonly rows: readonly FoundText[];
  /** More follow. */
  readonly more: boolean;
  /** Matching rows, as far as counted. */
  readonly count: number;
  readonly atLeast: boolean;
  /** False: only the newest were ranked. */
  readonly complete: boolean;
  /** Sentences for a person. */
  readonly explanations: readonly string[];
  /** Words to highlight in the lines, folded as in the database. */
  readonly words: readonly string[];
}

/** Which of the tasks that logs list under Pending / Incomplete Tasks are wanted. */
export interface PendingQuestion {
  /** Any of these names, case-insensitive; default all. */
  readonly users?: readonly string[];
  /** Projects or clients. */
  readonly projects?: readonly string[];
  /** Host names or UUID prefixes, of four letters or more. */
  readonly machines?: readonly string[];
  /** Only lists of these days, both inclusive. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Only threads with a task whose id starts with one of these. */
  readonly tasks?: readonly string[];
  /** Ids of tasks somebody has closed. */
  readonly closed: readonly string[];
  /** Include done tasks. */
  readonly all: boolean;
  /** Most tasks; the thread that reaches this number is returned whole. */
  readonly limit: number;
}

export interface PendingThreads {
  /** Newest first. */
  readonly threads: readonly PendingThread[];
  /** Tasks of all matching threads, whatever the limit: still open; done in the log or by somebody. */
  readonly open: number;
  readonly done: number;
  /** The limit left threads out. */
  readonly more: boolean;
}

export interface SearchFacts {
  readonly logs: number;
  /** Rows: logs, and sessions inside daily logs. */
  readonly rows: number;
  /** Bytes of indexed texts; of the database on disk; of kept pack texts. */
  readonly textBytes: number;
  readonly fileBytes: number;
  readonly keptBytes: number;
}

/**
 * Full-text index of every available log: a disposable database (`state/search.db`) with one writer at a time, rebuilt after damage, a
 * foreign file or another version. Runs off the calling thread. Codes: `io`, `disk-full`, `corrupt`, `invalid-input`, `cancelled`.
 */
export interface SearchIndex {
  /** What it holds of a machine or workspace; default all. */
  known(machine?: MachineUuid): Answer<readonly IndexedLog[]>;
  /**
   * Adds or replaces logs in one transaction. Callers bound the input: some 16 MB of text at a time is quick and keeps memory small. A log
   * already known more fully (`pack` never replaces a file with the same digest) is kept as it is.
   */
  put(logs: readonly LogToIndex[], options?: { readonly signal?: AbortSignal | undefined }): Answer<void>;
  /** Removes logs; an absent one is no error. */
  remove(logs: readonly IndexedLogKey[]): Answer<void>;
  /** Answers a question. Cancelled between steps of some milliseconds each. */
  find(question: IndexQuestion, options?: { readonly signal?: AbortSignal | undefined }): Answer<FoundTexts>;
  /** The kept texts of logs from packs, as they were put; null for one that is not kept. */
  keptTexts(logs: readonly IndexedLogKey[]): Answer<readonly (string | null)[]>;
  /** Remaining tasks of threads of work, from the newest log of each. */
  pending(question: PendingQuestion): Answer<PendingThreads>;
  /** What {@link setSwept} stored last; empty if fresh. */
  swept(): Answer<string>;
  /** Stores a caller's mark by which it knows that nothing needs indexing. */
  setSwept(mark: string): Answer<void>;
  /** Announces the start and end of a large input (a first build), so that it can prepare. */
  building(on: boolean): Answer<void>;
  /** Merges the remains of many small changes, a bounded piece at a time. @returns true when more remains */
  optimise(): Answer<boolean>;
  facts(): Answer<SearchFacts>;
  close(): Promise<void>;
}
