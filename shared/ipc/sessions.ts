import type { TranscriptEvent } from '../transcripts/events.ts';
import type { SessionFacts } from '../transcripts/session-facts.ts';
import type { RetentionOffer, SessionNotice, SessionRow, SessionSums } from '../transcripts/session-list.ts';

/** A page of sessions, the newest first. */
export interface SessionPage {
  readonly rows: readonly SessionRow[];
  /** Rows that answer the query. */
  readonly total: number;
  /** Of all sessions, whatever the query. */
  readonly sums: SessionSums;
  readonly notices: readonly SessionNotice[];
  readonly offers: readonly RetentionOffer[];
  /** Epoch milliseconds: when the folders of the agents were last looked at. */
  readonly lookedAt: number;
}

/** A stretch of a conversation in the order of its file. Events with one key are one event: the later replaces the earlier in its place. */
export interface ConversationPage {
  readonly facts: SessionFacts;
  /** Where it is read from: the agent's file, or the safe copy because that is gone. */
  readonly from: 'agent' | 'copy';
  readonly events: readonly TranscriptEvent[];
  /** Byte offset of the next page; null at the end. */
  readonly next: number | null;
  /** Bytes of the file. */
  readonly size: number;
  /** Files of the session that hold events: the conversation, then its subagents. */
  readonly files: readonly {
    readonly name: string;
    readonly subagent: string | null;
    readonly size: number;
  }[];
}

/** Every prompt of a conversation, to jump to: found by reading the whole file once. */
export interface ConversationOutline {
  readonly prompts: readonly {
    /** Byte offset, to be asked of `sessions.conversation`. */
    readonly offset: number;
    readonly at: number | null;
    /** At most 200 characters. */
    readonly text: string;
  }[];
}

/** A session that was put back. */
export interface SessionRestored {
  readonly files: readonly {
    /** Absolute. */
    readonly path: string;
    readonly action: 'restored' | 'there';
    readonly size: number;
    /** The command by which the agent takes it in; null where it finds the file by itself. */
    readonly command: string | null;
  }[];
}
