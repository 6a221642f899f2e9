/**
 * What happened in a session, the same for every agent. Text is as the agent wrote it: hostile, with escapes; who shows it makes it safe.
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
   * Names this event for good. The same line written twice, settled later, or copied by a fork into another file has the same key: the later
   * event replaces the earlier, in the earlier's place.
   */
  readonly key: string;
  /** Epoch milliseconds, UTC; null where the agent wrote none. */
  readonly at: number | null;
  readonly place: TranscriptPlace;
  /** The subagent that did it; null for the session itself. */
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

/** The head of a text that may have been longer. */
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
   * `typed`; `queued` while the agent worked; `command`: `/name words`, with the slash; `shell`: a command that the person ran; `history`: from
   * the list of typed prompts, its session being gone; `program`: a run without a person gave it.
   */
  readonly via: 'typed' | 'queued' | 'command' | 'shell' | 'history' | 'program';
  /** Pictures and documents that came with it. */
  readonly attachments: number;
}

/** Text of the agent. */
export interface ReplyEvent {
  readonly kind: 'reply';
  readonly text: Excerpt;
  readonly model: string | null;
}

/** A tool was called. Its result comes as `tool-ended` with the same `call`; a call without one was not answered. */
export interface ToolStartedEvent {
  readonly kind: 'tool-started';
  readonly call: string;
  /** The agent's own name of the tool. */
  readonly tool: string;
  readonly use: ToolUse;
}

export interface ToolEndedEvent {
  readonly kind: 'tool-ended';
  readonly call: string;
  readonly tool: string;
  /** As it was called, with what only the result says: lines, exit code, what files became. */
  readonly use: ToolUse;
  readonly outcome: ToolOutcome;
  /** Head of what it printed or answered; of reads nothing is kept. Control sequences are still in it. */
  readonly output: Excerpt | null;
  /** What the person wrote when they rejected it. */
  readonly words: string | null;
}

/** `background`: it goes on, its end is not in this answer. `unknown`: the agent does not say. */
export type ToolOutcome = 'ok' | 'failed' | 'rejected' | 'interrupted' | 'background' | 'unknown';

export type ToolUse =
  | {
      readonly does: 'command';
      readonly command: Excerpt;
      readonly folder: string | null;
      /** Null where the agent does not say; a failure without a code is `outcome`'s. */
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
  /** As the agent wrote it: mostly absolute, in the form of its system. */
  readonly path: string;
  readonly change: 'created' | 'changed' | 'deleted' | 'moved';
  /** Where it was moved to. */
  readonly to: string | null;
  /** Lines; null where the agent does not say. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** The agent asked the person. Written again with the same key when the answers are there. */
export interface QuestionEvent {
  readonly kind: 'question';
  readonly call: string;
  readonly questions: readonly {
    readonly question: string;
    readonly options: readonly string[];
    /** The person's choice or own words; null while there is none. */
    readonly answer: string | null;
  }[];
}

/** A plan put before the person. Written again with the same key when it is decided. */
export interface PlanEvent {
  readonly kind: 'plan';
  readonly call: string;
  readonly text: Excerpt;
  readonly verdict: 'open' | 'accepted' | 'rejected';
  readonly words: string | null;
}

/** The whole list of todos as it stands after this moment; the last one counts. */
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
  /** Its id, which `by` of its events and its file carry; null before the agent says it. */
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
  /** As written: often the short form. */
  readonly sha: string;
  readonly how: 'committed' | 'amended' | 'cherry-picked';
  readonly branch: string | null;
  readonly subject: string | null;
  /** `agent`: it says so itself. `output`: git's own line in what a command printed. */
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
  /** True when the client tried again by itself. */
  readonly retried: boolean;
}

/** The agent summed up what came before and forgot it; what came before stays in the transcript. */
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

/** Best first: `person` named it, `agent` did, `summary` of an older client, `prompt`: its first or last words. */
export type TitleSource = 'person' | 'agent' | 'summary' | 'prompt';

/** Tokens. Written again with the same key while an answer grows; never to be added up by lines. */
export interface UsageEvent {
  readonly kind: 'usage';
  /** `response`: one answer of a model. `session`: the client's own total so far, which goes before sums. */
  readonly scope: 'response' | 'session';
  readonly model: string | null;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** US dollars as the client reckons them; null where it does not. */
  readonly costUsd: number | null;
  /** `low`: the client wrote placeholders while it streamed, so output is too small and cannot be repaired. */
  readonly quality: 'exact' | 'low';
}

/** Where and with what the session goes on from here; only what changed is given. */
export interface SettingEvent {
  readonly kind: 'setting';
  readonly folder?: string;
  readonly branch?: string;
  /** URL of the git remote. */
  readonly remote?: string;
  /** Version of the agent. */
  readonly version?: string;
  readonly model?: string;
  /** What it was started from: `cli`, `sdk`, an editor. */
  readonly startedBy?: string;
}

/** How this session came from another. */
export interface LineageEvent {
  readonly kind: 'lineage';
  readonly relation: 'forked-from' | 'subagent-of' | 'continued-in' | 'continued-from';
  readonly session: string;
}

/** An earlier event does not count: a prompt taken back or rewritten before the agent went on, or a conversation wound back. */
export interface RetractedEvent {
  readonly kind: 'retracted';
  /** Keys of the events; where `andAfter`, everything after the first of them too. */
  readonly keys: readonly string[];
  readonly andAfter: boolean;
  readonly why: 'withdrawn' | 'redrafted' | 'rewound';
}

/** A line that this program cannot read: counted and kept in the safe copy. */
export interface UnknownEvent {
  readonly kind: 'unknown';
  /** What the line calls itself; `torn`, `not-json` or `too-large` where it has no name. */
  readonly what: string;
}
