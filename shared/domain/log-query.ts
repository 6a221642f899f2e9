import type { CalendarDate, LogId, LogPath, MachineUuid } from './ids.ts';
import type { NoteEntry, NoteReceipt } from './log-entry.ts';
import type { LogName } from './log-name.ts';

/**
 * Where the fullest text of a session is: in a workspace of this machine, in its data folder, in the cache, only in a commit of a workspace
 * (git has deleted or moved the file), or only in the store.
 */
export const LOG_PLACES = ['workspace', 'local', 'cached', 'git', 'store'] as const;
export type LogPlace = (typeof LOG_PLACES)[number];

/**
 * One row of the list: one session. A session may exist as its own log, as part of daily logs, in workspaces and on other machines;
 * these are joined by its id, and the row shown is that of the machine that wrote it. Logs without a session, and daily logs that
 * contain more than sessions, have rows of their own.
 */
export interface LogRow extends Pick<LogName, 'kind' | 'user' | 'topic' | 'project' | 'client'> {
  readonly id: LogId;
  /** The machine that wrote it; for a workspace's log in no machine's index, a UUID that stands for the workspace. */
  readonly machine: MachineUuid;
  /** Host name of the machine; for such a workspace, its name. */
  readonly host: string;
  readonly path: LogPath;
  readonly date: CalendarDate;
  /** Epoch milliseconds, by the writing machine's clock. */
  readonly mtime: number;
  readonly size: number;
  readonly sha256: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly sessions: number;
  readonly notes: number;
  /** Id of the session; null if it has none. */
  readonly session: string | null;
  /** When the session was first saved, epoch milliseconds; null when unknown. */
  readonly time: number | null;
  /** True when the day is only the file's modification day. */
  readonly dateGuessed: boolean;
  readonly tags: readonly string[];
  /** Number of further copies: other machines' parts, a workspace, its own log. Listed by `LogIndex.copies`. */
  readonly copies: number;
  readonly place: LogPlace;
  /** The full hash of the commit that has it if `place` is `git`; null otherwise. */
  readonly commit: string | null;
  /** True when the store holds these bytes (`stored.generation` of the entry is not empty). */
  readonly backedUp: boolean;
  /** True when the cached version is older than the store's. */
  readonly stale: boolean;
}

export interface LogQuery {
  /** Any of these; empty means all. */
  readonly machines?: readonly MachineUuid[];
  readonly users?: readonly string[];
  readonly projects?: readonly string[];
  readonly clients?: readonly string[];
  readonly kinds?: readonly LogName['kind'][];
  /** True: one row per file on disk instead of per session: whole daily logs, and every copy. */
  readonly files?: boolean;
  readonly places?: readonly LogPlace[];
  /** True: only logs made from agents' transcripts (`capturedAgent`); false: only hand-written ones. */
  readonly captured?: boolean;
  /** Inclusive days. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Words that must all occur (as prefixes, case-insensitive) in title, topic, people, project, client, host or path. */
  readonly text?: string;
  readonly order?: 'newest' | 'oldest';
  /**
   * `machine`: rows are grouped by machine, this one first, then by host name (case-insensitive) and UUID; `order` applies within a
   * group. `day` (default): rows are ordered by date, then by time (mtime for those without one) and id.
   */
  readonly groupBy?: 'day' | 'machine';
  /** Rows to skip: the list is virtual and jumps. */
  readonly offset?: number;
  /** 1 to 1,000; 200 by default. */
  readonly limit?: number;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** Total matching rows. */
  readonly total: number;
  /** The index version these rows were read at. */
  readonly version: number;
}

/** A run of rows under one heading of the list, in list order: lets a virtual list place headings over rows it has not read. */
export interface LogGroup {
  /** The day (`YYYY-MM-DD`) or the machine UUID. */
  readonly key: string;
  readonly logs: number;
}

export interface MachineRow {
  readonly machine: MachineUuid;
  readonly host: string;
  /** True for the machine this runs on. */
  readonly own: boolean;
  /** Rows shown for it: sessions, and logs without one. */
  readonly logs: number;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** How many of its files are cached. */
  readonly cachedLogs: number;
  readonly firstDate: CalendarDate | null;
  readonly lastDate: CalendarDate | null;
  /** When its shard was last written, epoch milliseconds by its own clock; null when never published. */
  readonly lastSeen: number | null;
}

export interface DayCount {
  readonly machine: MachineUuid;
  readonly date: CalendarDate;
  readonly logs: number;
}

/** A value to filter by, and how many sessions have it. */
export interface FilterValue {
  readonly value: string;
  readonly logs: number;
}

/** What lists of sessions can be filtered by; names are sorted case-insensitively. */
export interface LogFacets {
  readonly users: readonly FilterValue[];
  readonly projects: readonly FilterValue[];
  readonly clients: readonly FilterValue[];
  readonly places: Readonly<Record<LogPlace, number>>;
  /** Sessions whose log was made from a transcript. */
  readonly captured: number;
  /** Sessions with a hand-written log. */
  readonly written: number;
}

export interface NoteRow extends NoteEntry {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  readonly receipts: readonly (Pick<NoteReceipt, 'reader' | 'at' | 'state'> & {
    readonly machine: MachineUuid;
    readonly host: string;
  })[];
}
