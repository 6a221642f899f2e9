import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { AgentId } from '../../../shared/transcripts/agents.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';

/** One file of a session. */
export interface TranscriptFile {
  /** Absolute; of a session in a database, the database. */
  readonly path: string;
  /** Relative to the root, `/`-separated: where it belongs, and its name in events and safe copies. */
  readonly name: string;
  /**
   * `main`: the conversation. `subagent`: another agent's, started by it. `facts`: a small file that says its title or its folder.
   * `sidecar`: belongs to it and has no events (spilled outputs). `history`: typed prompts of a session whose transcript is gone.
   */
  readonly role: 'main' | 'subagent' | 'facts' | 'sidecar' | 'history';
  /** Id of the subagent; null for other files. */
  readonly subagent: string | null;
  /** Bytes; of a session in a database what it was when it was last changed, only good for comparing. */
  readonly size: number;
  /** Epoch milliseconds; of a session in a database when the agent changed it. */
  readonly mtimeMs: number;
  /** `appended`: grows at its end. `rewritten`: any change may change all of it, so it is read from the start. */
  readonly grows: 'appended' | 'rewritten';
  /** Which part of the file it is, where one file holds several sessions: a name that only its source understands. */
  readonly part?: string;
}

/** A session as names and times of files show it. */
export interface FoundSession {
  readonly agent: AgentId;
  /** Safe in paths and commands (`isSessionId`). */
  readonly id: string;
  /** The root it lies under, absolute. */
  readonly root: string;
  /** The main file first. */
  readonly files: readonly TranscriptFile[];
  /** Another session's child (a subagent with a transcript of its own): not listed by itself. */
  readonly parent: string | null;
}

/** What was passed over: a root that does not answer, a folder that may not be read, a file whose name is no id. */
export interface SourceProblem {
  readonly path: string;
  readonly problem: string;
}

export interface FoundSessions {
  readonly sessions: readonly FoundSession[];
  readonly problems: readonly SourceProblem[];
}

/** Where a transcript goes when it is put back. */
export type RestorePlace =
  | { readonly how: 'file'; readonly path: string }
  /** The agent reads it in itself: words of a command, after the file. */
  | { readonly how: 'import'; readonly command: readonly string[] };

/** What a parser knows at an offset: plain JSON, so that it can be kept. Only the version of the parser that made it reads it. */
export interface ParserState {
  /** `<agent>/<number>`: counts up when the same bytes give other events. */
  readonly version: string;
  /** Bytes read and understood: the next ones begin here. A line that is not at its end yet is not among them. */
  readonly offset: number;
  readonly memory: unknown;
}

/** Reads one file, in as many pieces as it comes. The same bytes give the same events, however they are cut. Never throws for its input. */
export interface TranscriptParser {
  /** Takes the next bytes, and keeps no hold of them. @returns events of the lines that are whole */
  push(bytes: Uint8Array): readonly TranscriptEvent[];
  /** There are no more bytes for now. @returns events of what needed the end: a last line without a line break, a file that is one object */
  end(): readonly TranscriptEvent[];
  /** Where to go on; of a file that is `rewritten`, of no use. */
  state(): ParserState;
}

/**
 * The transcripts of one agent on this machine. Only reads: neither the agent's files nor their times are changed. Everything in them is
 * hostile. Codes: `io`, `denied`, `not-found`, `timeout`, `corrupt`, `invalid-input`.
 */
export interface TranscriptSource {
  readonly agent: AgentId;
  /** Version of its parsers: what was derived with another one is derived anew. */
  readonly parserVersion: string;
  /** Folders that it looks in, absolute, whether they are there or not. */
  readonly roots: readonly string[];
  /** Those of the roots that hold far more than transcripts (workspaces, snapshots of them): nobody watches them for this. */
  readonly unwatched?: readonly string[];
  /**
   * Every session below the roots, sorted by id, from names and facts of files alone: no transcript is opened, except a file of many sessions
   * once after each change of it, for where they begin. A session in two places is given once, the larger file's.
   */
  find(signal?: AbortSignal): Promise<FoundSessions>;
  /**
   * Sessions whose transcript is gone and of which the agent's list of typed prompts still knows.
   * @param present ids that are not gone
   */
  findLost(present: ReadonlySet<string>): Promise<FoundSessions>;
  /** What the first and last 64 KiB of the main file say. */
  describe(session: FoundSession): Promise<Result<SessionFacts, AppError>>;
  /**
   * The bytes of a file from an offset, as they are at that moment; of a session in a database its export. A piece is good until the next.
   * @throws AppError, through the iterator, when it cannot be read (any more)
   */
  read(file: TranscriptFile, offset?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Opens a parser. The bytes may come from the agent's file or from a safe copy.
   * @param session the session's id
   * @param from goes on there; a state of another version is refused by starting at 0 (look at `state().offset`)
   */
  parser(
    session: string,
    file: Pick<TranscriptFile, 'name' | 'role' | 'subagent'>,
    from?: ParserState | null,
  ): TranscriptParser;
  /** Where a file of that name belongs. Codes: `invalid-input` for a name that leaves the root. */
  restorePlace(root: string, name: string): Result<RestorePlace, AppError>;
}
