import type { TodosEvent, ToolUse } from '../../../../shared/transcripts/events.ts';

/** A call that has no output yet. */
export interface OpenCall {
  readonly tool: string;
  readonly use: ToolUse;
  readonly questions?: readonly {
    readonly id: string;
    readonly question: string;
    readonly options: readonly string[];
  }[];
  readonly todos?: TodosEvent['items'];
}

/** State carried from one line to the next. */
export interface Memory {
  /** The file's thread; null before its first line. */
  thread: string | null;
  /** Until this time lines are the parent's, copied at once when this thread was forked; null when there are none. */
  copiedUntil: number | null;
  startedAt: number | null;
  calls: Record<string, OpenCall>;
  setting: Record<string, string>;
  /** Keys of the prompts, for turns that are rolled back. */
  prompts: string[];
  promptCount: number;
  replyCount: number;
  lastReply: string;
  /** True once the client has written a person's words as a separate event. */
  hasPromptEvents: boolean;
  /** A person's words from the model conversation, until it is known whether such an event follows. */
  candidate: { readonly text: string; readonly at: number | null; readonly attachments: number } | null;
}

export function startMemory(): Memory {
  return {
    thread: null,
    copiedUntil: null,
    startedAt: null,
    calls: {},
    setting: {},
    prompts: [],
    promptCount: 0,
    replyCount: 0,
    lastReply: '',
    hasPromptEvents: false,
    candidate: null,
  };
}
