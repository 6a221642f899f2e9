import type { CalendarDate, LogPath, MachineUuid } from './ids.ts';
import type { Mark } from './marks.ts';

/** A `## Note for <user>` or `## Message for <user>` block, as stored in a shard. */
export interface NoteEntry {
  /** SHA-256 (hex) over author machine, addressee, date and full text: the same note is shown once, however it arrives. */
  readonly hash: string;
  /** As written after "for": a user, a full name, or `all`. */
  readonly to: string;
  /** The log's author (User block), else its user, else the machine's host name. */
  readonly from: string;
  readonly date: CalendarDate;
  /** First line of the heading in the log, 1-based. */
  readonly line: number;
  /** Text of the block, at most {@link NOTE_TEXT_LIMIT} characters; the log has the rest. */
  readonly text: string;
  readonly truncated: boolean;
}

export const NOTE_TEXT_LIMIT = 4_000;

/**
 * Increases when entries gain facts about the same log. Entries from older programs are then rebuilt once: at the next push by the ledger's
 * number, and on opening by the index's.
 */
export const ENTRY_FORMAT = 1;
/** Maximum sessions of one daily log in an entry; further ones are only counted in `sessions`. */
export const SESSION_PART_LIMIT = 500;
/** Maximum tags of one log in an entry. */
export const TAG_LIMIT = 20;

/** One session inside a daily log, as stored in its machine's shard: enough to list it and to join it with its log elsewhere. */
export interface SessionPart {
  /** Id of the session; `entry-<n>` (counted from 1) for an entry without one: such a part is never joined. */
  readonly id: string;
  /** When it was first saved, epoch milliseconds; null when its heading has no time. */
  readonly time: number | null;
  /** Day of the session: from the log its `Log` line names, else from its time, else from the daily log. */
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
  /** Number of notes in its entries. */
  readonly notes: number;
}

/**
 * What a machine's shard stores about one of its logs. Optional fields are omitted when they add nothing (see entry-facts.ts); programs
 * that do not know them ignore them.
 */
export interface LogEntry {
  readonly path: LogPath;
  /** Size of the log itself in bytes (before sealing). */
  readonly size: number;
  /** Last modification on the writing machine, epoch milliseconds. For display; never for ordering between machines. */
  readonly mtime: number;
  /** SHA-256 (hex) of the log itself. */
  readonly sha256: string;
  /** Bytes, CRC32C (base64) and generation of the stored object (after sealing); all empty (0, '', '') before its first push. */
  readonly stored: { readonly size: number; readonly crc32c: string; readonly generation: string };
  readonly date: CalendarDate;
  readonly title: string | null;
  /** Full name of the User block, if the log has one. */
  readonly author: string | null;
  /** Number of sessions: 1 for a session log, the number of session entries for a daily log. */
  readonly sessions: number;
  readonly notes: readonly NoteEntry[];
  /** Id of the log's session, from its mark; only for logs of a single session. */
  readonly session?: string;
  /** When the session was first saved or, by the log's text, written; epoch milliseconds. */
  readonly time?: number;
  /** `file`: name, text and history give no day, so the date is the file's modification day. */
  readonly dateFrom?: 'file';
  /** Short name of the author. Omitted: as in the path, if the text names an author. Null: unknown. */
  readonly user?: string | null;
  /** Omitted: as in the path. */
  readonly project?: string | null;
  /** Omitted: as in the path. */
  readonly client?: string | null;
  /** At most {@link TAG_LIMIT}. */
  readonly tags?: readonly string[];
  /** The sessions of a daily log in file order, at most {@link SESSION_PART_LIMIT}. */
  readonly parts?: readonly SessionPart[];
  /** For a workspace's log that git has deleted or moved: the commit that has it. Never published by any machine. */
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
  /** Object name under `index/segments/<uuid>/`. */
  readonly name: string;
  /** `YYYY-MM`: the first month whose logs it may contain; past quarters share one segment per year. */
  readonly month: string;
  readonly count: number;
  readonly sha256: string;
}

/** A reference from a shard head to one text pack: the searchable text of some of the machine's logs. */
export interface TextPackRef {
  /** Object name under `index/text/<uuid>/`. Reused for another pack once no head refers to it; the digest tells them apart. */
  readonly name: string;
  /** Days of its first and last log. */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly logs: number;
  /** Packed size before sealing and unpacked size, in bytes. */
  readonly size: number;
  readonly text: number;
  /** SHA-256 (hex) of the packed bytes. */
  readonly sha256: string;
  /** Digests of the packs merged into it: a reader who has all of them finds nothing new here. */
  readonly merged: readonly string[];
}

/** The one mutable index object of a machine; only that machine writes it. */
export interface ShardHead {
  readonly schema: 1;
  readonly machine: MachineUuid;
  readonly host: string;
  /** The writing install (`install_nonce`): distinguishes a clone from a lost reply. */
  readonly writer: string;
  /** Incremented with every write of this head. */
  readonly seq: number;
  /** Epoch milliseconds of the write, by the writer's clock. */
  readonly updated: number;
  readonly totals: { readonly logs: number; readonly bytes: number };
  readonly segments: readonly SegmentRef[];
  /** Entries not in any segment. */
  readonly entries: readonly LogEntry[];
  readonly receipts: readonly NoteReceipt[];
  /** What readers did with tasks, and when they last looked; absent in heads of older programs, which ignore it. */
  readonly marks?: readonly Mark[] | undefined;
  /** `TextPackRef[]`, oldest first, for readers who pull packs; absent in heads of older programs, which ignore it. */
  readonly texts?: unknown;
}
