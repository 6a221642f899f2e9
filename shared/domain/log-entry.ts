import type { CalendarDate, LogPath, MachineUuid } from './ids.ts';

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

/** What one machine says in its shard about one of its logs. */
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
}
