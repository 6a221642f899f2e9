import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import type { AgentId } from '../../../shared/transcripts/agents.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import type { SessionFacts } from '../../../shared/transcripts/session-facts.ts';

/** One file of a session. */
export interface TranscriptFile {
  /** Absolute; for a database session, the database. */
  readonly path: string;
  /** Relative to the root, `/`-separated: its location, and its name in events and safe copies. */
  readonly name: string;
  /**
   * `main`: the conversation. `subagent`: another agent's, started by it. `facts`: a small file with its title or its folder. `sidecar`:
   * belongs to it and has no events (spilled outputs). `history`: typed prompts of a session whose transcript is gone.
   */
  readonly role: 'main' | 'subagent' | 'facts' | 'sidecar' | 'history';
  /** Id of the subagent; null for other files. */
  readonly subagent: string | null;
  /** Bytes; for a session in a database, its size at the last change, only for comparison. */
  readonly size: number;
  /** Epoch milliseconds; in a database, when the agent changed the session. */
  readonly mtimeMs: number;
  /** `appended`: grows at its end. `rewritten`: any change may affect all of it, so it is read from the start. */
  readonly grows: 'appended' | 'rewritten';
  /** The part of a file that holds several sessions: a name that only its source understands. */
  readonly part?: string;
}

/** A session as file names and times show it. */
export interface FoundSession {
  readonly agent: AgentId;
  /** Safe in paths and commands (`isSessionId`). */
  readonly id: string;
  /** The root it is under, absolute. */
  readonly root: string;
  /** The main file first. */
  readonly files: readonly TranscriptFile[];
  /** The parent session of a subagent with its own transcript: not listed by itself. */
  readonly parent: string | null;
}

/** A skipped item: a root that does not respond, an unreadable folder, a file whose name is no id. */
export interface SourceProblem {
  readonly path: string;
  readonly problem: string;
}

export interface FoundSessions {
  readonly sessions: readonly FoundSession[];
  readonly problems: readonly SourceProblem[];
}

/** Where a restored transcript goes. */
export type RestorePlace =
  | { readonly how: 'file'; readonly path: string }
  /** The agent imports it: command words, the file's name after them. */
  | { readonly how: 'import'; readonly command: readonly string[] };

/** A parser's state at an offset: plain JSON, so it can be stored. Only the parser version that made it reads it. */
export interface ParserState {
  /** `<agent>/<number>`: goes up when the same bytes give other events. */
  readonly version: string;
  /** Bytes parsed; the next ones begin here. An incomplete last line is not counted. */
  readonly offset: number;
  readonly memory: unknown;
}

/** Parses one file in any number of chunks. The same bytes give the same events, however they are split. Never throws on its input. */
export interface TranscriptParser {
  /** Parses the next bytes and keeps no reference to them. @returns events of complete lines */
  push(bytes: Uint8Array): readonly TranscriptEvent[];
  /** Ends the input for now. @returns events that needed the end: a last line without a line break, a file that is one object */
  end(): readonly TranscriptEvent[];
  /** Where to resume; useless for a `rewritten` file. */
  state(): ParserState;
}

/**
 * The transcripts of one agent on this machine. Read-only: neither the agent's files nor their times change. All content is hostile. Codes:
 * `io`, `denied`, `not-found`, `timeout`, `corrupt`, `invalid-input`.
 */
export interface TranscriptSource {
  readonly agent: AgentId;
  /** Version of its parsers: what another one derived is derived again. */
  readonly parserVersion: string;
  /** Folders it searches, absolute, existing or not. */
  readonly roots: readonly string[];
  /** Roots that hold far more than transcripts (workspaces, snapshots of them): not watched for this. */
  readonly unwatched?: readonly string[];
  /**
   * Every session below the roots, sorted by id, from file names and facts alone: opens no transcript, except a file of many sessions once
   * after each change, to find where they begin. A session in two places is returned once, with the larger file.
   */
  find(signal?: AbortSignal): Promise<FoundSessions>;
  /**
   * Sessions whose transcript is gone but which remain in the agent's list of typed prompts.
   * @param present ids that are not gone
   */
  findLost(present: ReadonlySet<string>): Promise<FoundSessions>;
  /** Facts from the main file's first and last 64 KiB. */
  describe(session: FoundSession): Answer<SessionFacts>;
  /**
   * Reads a file's current bytes from an offset; for a session in a database, its export. A chunk is valid until the next one.
   * @throws AppError, through the iterator, when it cannot be read (any more)
   */
  read(file: TranscriptFile, offset?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Opens a parser, whose code is loaded only for this. The bytes may come from the agent's file or from a safe copy.
   * @param session the session's id
   * @param from where to resume; a state of another version starts at 0 (check `state().offset`)
   */
  parser(
    session: string,
    file: Pick<TranscriptFile, 'name' | 'role' | 'subagent'>,
    from?: ParserState | null,
  ): Promise<TranscriptParser>;
  /** Where a file of that name belongs. Codes: `invalid-input` for a name that leaves the root. */
  restorePlace(root: string, name: string): Result<RestorePlace, AppError>;
}
