/**
 * What happened in a session, in the same form for every agent. Text is as the agent wrote it: hostile, with escapes; whoever displays it
 * sanitizes it.
 */
export type TranscriptEvent = EventBase &
  (
    | PromptEvent
    | ReplyEvent
    | ToolStartedEvent
    | ToolEndedEvent
    | QuestionEvent
    | PlanEvent
    | TodosEvent
    | SubagentStartedEvent
    | SubagentEndedEvent
    | CommitEvent
    | PullRequestEvent
    | InterruptedEvent
    | ApiErrorEvent
    | CompactedEvent
    | TitleEvent
    | UsageEvent
    | SettingEvent
    | LineageEvent
    | RetractedEvent
    | UnknownEvent
  );

export interface EventBase {
  /**
   * Permanent id of this event. The same line written twice, settled later, or copied by a fork into another file has the same key: the
   * later event replaces the earlier, in the earlier's place.
   */
  readonly key: string;
  /** Epoch milliseconds, UTC; null if the agent wrote none. */
  readonly at: number | null;
  readonly place: TranscriptPlace;
  /** The subagent responsible; null for the session itself. */
  readonly by: string | null;
}

/** The bytes of a transcript that an event was read from. */
export interface TranscriptPlace {
  /** Name of the file within its session (`TranscriptFile.name`). */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** The beginning of a text that may be longer. */
export interface Excerpt {
  readonly text: string;
  /** Characters of the whole text. */
  readonly length: number;
}

/** A person's words. */
export interface PromptEvent {
  readonly kind: 'prompt';
  readonly text: Excerpt;
  /**
   * `typed`; `queued` while the agent worked; `command`: `/name words`, with the slash; `shell`: a command the person ran; `history`: from
   * the list of typed prompts, its session being gone; `program`: from a run without a person.
   */
  readonly via: 'typed' | 'queued' | 'command' | 'shell' | 'history' | 'program';
  /** Number of attached images and documents. */
  readonly attachments: number;
}

/** Text of the agent. */
export interface ReplyEvent {
  readonly kind: 'reply';
  readonly text: Excerpt;
  readonly model: string | null;
}

/** A tool call. Its result follows as `tool-ended` with the same `call`; a call without one was not answered. */
export interface ToolStartedEvent {
  readonly kind: 'tool-started';
  readonly call: string;
  /** The agent's own name for the tool. */
  readonly tool: string;
  readonly use: ToolUse;
}

export interface ToolEndedEvent {
  readonly kind: 'tool-ended';
  readonly call: string;
  readonly tool: string;
  /** As called, with what only the result gives: lines, exit code, what became of files. */
  readonly use: ToolUse;
  readonly outcome: ToolOutcome;
  /** Beginning of its output or answer; not stored for reads. May contain control sequences. */
  readonly output: Excerpt | null;
  /** What the person wrote when rejecting it. */
  readonly words: string | null;
}

/** `background`: it continues, and its end is not in this result. `unknown`: the agent does not say. */
export type ToolOutcome = 'ok' | 'failed' | 'rejected' | 'interrupted' | 'background' | 'unknown';

export type ToolUse =
  | {
      readonly does: 'command';
      readonly command: Excerpt;
      readonly folder: string | null;
      /** Null if the agent does not say; for a failure without a code see `outcome`. */
      readonly exit: number | null;
      readonly background: boolean;
    }
  | { readonly does: 'change'; readonly files: readonly FileChange[] }
  | { readonly does: 'read'; readonly path: string | null }
  | { readonly does: 'search'; readonly query: Excerpt }
  | { readonly does: 'web'; readonly target: Excerpt }
  | { readonly does: 'mcp'; readonly server: string; readonly name: string }
  | { readonly does: 'subagent'; readonly task: Excerpt; readonly agentType: string | null }
  | { readonly does: 'other'; readonly about: Excerpt | null };

export interface FileChange {
  /** As the agent wrote it: mostly absolute, in its system's format. */
  readonly path: string;
  readonly change: 'created' | 'changed' | 'deleted' | 'moved';
  /** Target of a move. */
  readonly to: string | null;
  /** Lines; null if the agent does not say. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The agent asked the person. Written again with the same key once it is answered. */
export interface QuestionEvent {
  readonly kind: 'question';
  readonly call: string;
  readonly questions: readonly {
    readonly question: string;
    readonly options: readonly string[];
    /** The person's choice or own words; null until then. */
    readonly answer: string | null;
  }[];
}

/** A plan submitted to the person. Written again with the same key once it is decided. */
export interface PlanEvent {
  readonly kind: 'plan';
  readonly call: string;
  readonly text: Excerpt;
  readonly verdict: 'open' | 'accepted' | 'rejected';
  readonly words: string | null;
}

/** The complete todo list from this moment; the last one counts. */
export interface TodosEvent {
  readonly kind: 'todos';
  readonly items: readonly {
    readonly text: string;
    readonly state: 'open' | 'doing' | 'done' | 'dropped';
  }[];
}

export interface SubagentStartedEvent {
  readonly kind: 'subagent-started';
  readonly call: string;
  /** Its id, used by `by` of its events and by its file; null until the agent gives it. */
  readonly agent: string | null;
  readonly agentType: string | null;
  readonly task: Excerpt;
}

export interface SubagentEndedEvent {
  readonly kind: 'subagent-ended';
  readonly call: string;
  readonly agent: string | null;
  readonly outcome: ToolOutcome;
  /** Milliseconds. */
  readonly durationMs: number | null;
  /** Its closing words. */
  readonly answer: Excerpt | null;
}

export interface CommitEvent {
  readonly kind: 'commit';
  /** As written: often abbreviated. */
  readonly sha: string;
  readonly how: 'committed' | 'amended' | 'cherry-picked';
  readonly branch: string | null;
  readonly subject: string | null;
  /** `agent`: from the agent itself. `output`: from git's own line in a command's output. */
  readonly source: 'agent' | 'output';
}

export interface PullRequestEvent {
  readonly kind: 'pull-request';
  readonly url: string;
  readonly number: number | null;
  readonly repository: string | null;
}

/** The person stopped the agent. */
export interface InterruptedEvent {
  readonly kind: 'interrupted';
  readonly during: 'answer' | 'tool';
}

export interface ApiErrorEvent {
  readonly kind: 'api-error';
  readonly message: string;
  readonly status: number | null;
  /** True when the client retried automatically. */
  readonly retried: boolean;
}

/** The agent summarized and forgot what came before; it stays in the transcript. */
export interface CompactedEvent {
  readonly kind: 'compacted';
  readonly trigger: 'auto' | 'manual' | 'unknown';
}

/** A name for the session. */
export interface TitleEvent {
  readonly kind: 'title';
  readonly title: string;
  readonly source: TitleSource;
}

/** Best first: named by `person`, by `agent`, `summary` of an older client, `prompt`: its first or last words. */
export type TitleSource = 'person' | 'agent' | 'summary' | 'prompt';

/** Tokens. Written again with the same key while an answer grows; never sum them by line. */
export interface UsageEvent {
  readonly kind: 'usage';
  /** `response`: one answer of a model. `session`: the client's own running total, which takes precedence over sums. */
  readonly scope: 'response' | 'session';
  readonly model: string | null;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** US dollars by the client's calculation; null if it has none. */
  readonly costUsd: number | null;
  /** `low`: the client wrote placeholders while streaming, so output is too small and cannot be repaired. */
  readonly quality: 'exact' | 'low';
}

/** Environment of the session from here on; only what changed. */
export interface SettingEvent {
  readonly kind: 'setting';
  readonly folder?: string;
  readonly branch?: string;
  /** URL of the git remote. */
  readonly remote?: string;
  /** Version of the agent. */
  readonly version?: string;
  readonly model?: string;
  /** What started it: `cli`, `sdk`, an editor. */
  readonly startedBy?: string;
}

/** How this session derives from another. */
export interface LineageEvent {
  readonly kind: 'lineage';
  readonly relation: 'forked-from' | 'subagent-of' | 'continued-in' | 'continued-from';
  readonly session: string;
}

/** Retracts earlier events: a prompt withdrawn or rewritten before the agent continued, or a conversation rewound. */
export interface RetractedEvent {
  readonly kind: 'retracted';
  /** Keys of the events; with `andAfter`, everything after the first of them too. */
  readonly keys: readonly string[];
  readonly andAfter: boolean;
  readonly why: 'withdrawn' | 'redrafted' | 'rewound';
}

/** A line this program cannot parse: counted, and preserved in the safe copy. */
export interface UnknownEvent {
  readonly kind: 'unknown';
  /** The line's own type; `torn`, `not-json` or `too-large` if it has none. */
  readonly what: string;
}
