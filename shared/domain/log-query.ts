import type { CalendarDate, LogId, LogPath, MachineUuid } from './ids.ts';
import type { NoteEntry, NoteReceipt } from './log-entry.ts';
import type { LogName } from './log-name.ts';

/**
 * Where the fullest text of a session is at hand: in a workspace of this machine, in its own data folder, in the cache, only in a commit of a
 * workspace (git has deleted or moved the file), or only in the store.
 */
export const LOG_PLACES = ['workspace', 'local', 'cached', 'git', 'store'] as const;
export type LogPlace = (typeof LOG_PLACES)[number];

/**
 * One line of the list: one session. A session may be at hand as a log of its own, as a part of daily logs, in workspaces and on other
 * machines; these are joined by its id, and the row is the one of the machine that wrote it. Logs that are no session's, and daily logs
 * with anything beside sessions, are rows as they are.
 */
export interface LogRow extends Pick<LogName, 'kind' | 'user' | 'topic' | 'project' | 'client'> {
  readonly id: LogId;
  /** The machine that wrote it; of a workspace's log that no machine's index has, a UUID that stands for the workspace. */
  readonly machine: MachineUuid;
  /** Host name of the machine; of such a workspace its name. */
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
  /** Id of the session; null for what is no session's. */
  readonly session: string | null;
  /** When the session was saved first, epoch milliseconds; null when nothing says it. */
  readonly time: number | null;
  /** True when the day is only that of the file's last change. */
  readonly dateGuessed: boolean;
  readonly tags: readonly string[];
  /** How many further places have it: other machines' parts, a workspace, a log of its own. `LogIndex.copies` lists them. */
  readonly copies: number;
  readonly place: LogPlace;
  /** The full name of the commit that has it where `place` is `git`; null elsewhere. */
  readonly commit: string | null;
  /** True when the store holds these bytes (`stored.generation` of the entry is not empty). */
  readonly backedUp: boolean;
  /** True when the cache holds an older version than the store. */
  readonly stale: boolean;
}

export interface LogQuery {
  /** Any of these; none means all. */
  readonly machines?: readonly MachineUuid[];
  readonly users?: readonly string[];
  readonly projects?: readonly string[];
  readonly clients?: readonly string[];
  readonly kinds?: readonly LogName['kind'][];
  /** True: one row for each file, as it lies on the disk, instead of sessions: daily logs whole, and every copy. */
  readonly files?: boolean;
  readonly places?: readonly LogPlace[];
  /** True: only logs that were made of agents' transcripts (`capturedAgent`); false: only those that somebody wrote. */
  readonly captured?: boolean;
  /** Inclusive days. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Words that must all occur (as prefixes, any case) in title, topic, people, project, client, host or path. */
  readonly text?: string;
  readonly order?: 'newest' | 'oldest';
  /**
   * `machine`: rows of one machine stay together, this machine first, then by host name (any case) and UUID; inside, `order` holds.
   * `day` (the usual): rows are ordered by date alone, then by time (mtime for those that say none) and id.
   */
  readonly groupBy?: 'day' | 'machine';
  /** Rows to skip: the list is virtual and jumps. */
  readonly offset?: number;
  /** 1 to 1,000; 200 unless given. */
  readonly limit?: number;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** Rows that match in all. */
  readonly total: number;
  /** The index version these rows were read at. */
  readonly version: number;
}

/** One run of rows under a heading of the list, in the order of the list: lets a virtual list place headings over rows it has not read. */
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
  /** Rows that lists show of it: sessions, and what is no session. */
  readonly logs: number;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** Files of it that the cache holds. */
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

export interface NoteRow extends NoteEntry {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  readonly receipts: readonly (Pick<NoteReceipt, 'reader' | 'at' | 'state'> & {
    readonly machine: MachineUuid;
    readonly host: string;
  })[];
}
