import type { TranscriptEvent } from '../transcripts/events.ts';
import type { SessionFacts } from '../transcripts/session-facts.ts';
import type { RetentionOffer, SessionNotice, SessionRow, SessionSums } from '../transcripts/session-list.ts';

/** A page of sessions, newest first. */
export interface SessionPage {
  readonly rows: readonly SessionRow[];
  /** Total matching rows. */
  readonly total: number;
  /** Of all sessions, regardless of the query. */
  readonly sums: SessionSums;
  readonly notices: readonly SessionNotice[];
  readonly offers: readonly RetentionOffer[];
  /** Epoch milliseconds: when the agents' folders were last scanned. */
  readonly lookedAt: number;
}

/** A part of a conversation in file order. Events with one key are one event: the later replaces the earlier in its place. */
export interface ConversationPage {
  readonly facts: SessionFacts;
  /** The source: the agent's file, or the safe copy if that is gone. */
  readonly from: 'agent' | 'copy';
  readonly events: readonly TranscriptEvent[];
  /** Byte offset of the next page; null at the end. */
  readonly next: number | null;
  /** Size of the file in bytes. */
  readonly size: number;
  /** Files of the session with events: the conversation, then its subagents. */
  readonly files: readonly {
    readonly name: string;
    readonly subagent: string | null;
    readonly size: number;
  }[];
}

/** Every prompt of a conversation, as jump targets: found by reading the whole file once. */
export interface ConversationOutline {
  readonly prompts: readonly {
    /** Byte offset for `sessions.conversation`. */
    readonly offset: number;
    readonly at: number | null;
    /** At most 200 characters. */
    readonly text: string;
  }[];
}

/** A session that was restored. */
export interface SessionRestored {
  readonly files: readonly {
    /** Absolute. */
    readonly path: string;
    readonly action: 'restored' | 'there';
    readonly size: number;
    /** The command by which the agent imports it; null if it finds the file by itself. */
    readonly command: string | null;
  }[];
}
