import type { CalendarDate, LogPath, MachineUuid } from './ids.ts';
import type { Mark } from './marks.ts';

/** A `## Note for <user>` or `## Message for <user>` block, as a shard carries it. */
export interface NoteEntry {
  /** SHA-256 (hex) over author machine, addressee, date and full text: the same note is shown once however it arrives. */
  readonly hash: string;
  /** As written after "for": a user, a full name, or `all`. */
  readonly to: string;
  /** The log's author (User block), or its user, or the machine's host name. */
  readonly from: string;
  readonly date: CalendarDate;
  /** First line of the heading in the log, 1-based. */
  readonly line: number;
  /** Text of the block, at most {@link NOTE_TEXT_LIMIT} characters; the rest is in the log. */
  readonly text: string;
  readonly truncated: boolean;
}

export const NOTE_TEXT_LIMIT = 4_000;

/**
 * Grows when entries come to say more of the same log. What was described by an older program is then described anew, once: by the ledger's
 * number at the next push, by that of the index when it is opened.
 */
export const ENTRY_FORMAT = 1;
/** Sessions of one daily log that an entry carries; what is above is counted in `sessions` only. */
export const SESSION_PART_LIMIT = 500;
/** Tags of one log that an entry carries. */
export const TAG_LIMIT = 20;

/** One session inside a daily log, as its machine's shard carries it: enough to list it, and to join it with its log elsewhere. */
export interface SessionPart {
  /** Id of the session; `entry-<n>` (counted from 1) for an entry that names none: such a part is joined with nothing. */
  readonly id: string;
  /** When it was saved first, epoch milliseconds; null when its heading names no time. */
  readonly time: number | null;
  /** Day of the session: that of the log its `Log` line names, else of its time, else of the daily log. */
  readonly date: CalendarDate;
  /** Its Focus. */
  readonly title: string | null;
  /** Full name. */
  readonly author: string | null;
  /** Short name. */
  readonly user: string | null;
  /** From the path in its `Log` line. */
  readonly project: string | null;
  readonly client: string | null;
  /** Line of its first heading in the daily log, 1-based. */
  readonly line: number;
  /** Notes that stand in its entries. */
  readonly notes: number;
}

/**
 * What one machine says in its shard about one of its logs. A field with a question mark is left out when it says nothing more than the
 * rest (see entry-facts.ts); programs that do not know it read past it.
 */
export interface LogEntry {
  readonly path: LogPath;
  /** Bytes of the log itself (before the codec). */
  readonly size: number;
  /** Last change on the writing machine, epoch milliseconds. For people; never for ordering between machines. */
  readonly mtime: number;
  /** SHA-256 (hex) of the log itself. */
  readonly sha256: string;
  /** Bytes, CRC32C (base64) and generation of the stored object (after the codec); all empty (0, '', '') while it waits for its first push. */
  readonly stored: { readonly size: number; readonly crc32c: string; readonly generation: string };
  readonly date: CalendarDate;
  readonly title: string | null;
  /** Full name of the User block, if the log has one. */
  readonly author: string | null;
  /** Sessions inside the log: 1 for a session log, the number of session entries for a daily one. */
  readonly sessions: number;
  readonly notes: readonly NoteEntry[];
  /** Id of the session whose log it is, from its mark; only of logs that are one session's. */
  readonly session?: string;
  /** When the session was saved first, or when the log says it was written, epoch milliseconds. */
  readonly time?: number;
  /** `file`: nothing in name, text or history says the day, so it is that of the file's last change. */
  readonly dateFrom?: 'file';
  /** Short name of who wrote it. Left out: what the path says, if the text names an author. Null: nobody is known. */
  readonly user?: string | null;
  /** Left out: what the path says. */
  readonly project?: string | null;
  /** Left out: what the path says. */
  readonly client?: string | null;
  /** At most {@link TAG_LIMIT}. */
  readonly tags?: readonly string[];
  /** The sessions of a daily log in the order of the file, at most {@link SESSION_PART_LIMIT}. */
  readonly parts?: readonly SessionPart[];
  /** Of a workspace's log that git has deleted or moved: the commit that has it. No machine publishes such an entry. */
  readonly commit?: string;
}

/** "Read by `reader` on this machine": written only in the reader's own shard. */
export interface NoteReceipt {
  readonly note: string;
  readonly reader: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly state: 'read' | 'done';
}

/** A reference from a shard head to one immutable segment. */
export interface SegmentRef {
  /** Object name below `index/segments/<uuid>/`. */
  readonly name: string;
  /** `YYYY-MM`: the first month that it may hold logs of; quarters that are over share one segment a year. */
  readonly month: string;
  readonly count: number;
  readonly sha256: string;
}

/** A reference from a shard head to one text pack: the searchable text of some of the machine's logs. */
export interface TextPackRef {
  /** Object name below `index/text/<uuid>/`. A name is used again for another pack once no head names it: the digest tells which one it is. */
  readonly name: string;
  /** Days of the first and the last log in it. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly logs: number;
  /** Packed bytes before the codec, and what they unpack to. */
  readonly size: number;
  readonly text: number;
  /** SHA-256 (hex) of the packed bytes. */
  readonly sha256: string;
  /** Digests of packs that went into it: who holds all of them has nothing new to find here. */
  readonly merged: readonly string[];
}

/** The one mutable index object of a machine; only that machine writes it. */
export interface ShardHead {
  readonly schema: 1;
  readonly machine: MachineUuid;
  readonly host: string;
  /** The writing install (`install_nonce`): tells a clone from a lost reply. */
  readonly writer: string;
  /** Grows by one with every write of this head. */
  readonly seq: number;
  /** Epoch milliseconds of the write, by the writer's clock. */
  readonly updated: number;
  readonly totals: { readonly logs: number; readonly bytes: number };
  readonly segments: readonly SegmentRef[];
  /** Entries that are in no segment. */
  readonly entries: readonly LogEntry[];
  readonly receipts: readonly NoteReceipt[];
  /** What readers did with tasks, and when they last looked; absent where an older program wrote the head, which reads past it. */
  readonly marks?: readonly Mark[] | undefined;
  /**
   * `TextPackRef[]`, the oldest first, to be read by those who take packs; absent where an older program wrote the head. Programs that do
   * not know packs read past them.
   */
  readonly texts?: unknown;
}
