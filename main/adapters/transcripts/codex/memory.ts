import type { TodosEvent, ToolUse } from '../../../../shared/transcripts/events.ts';

/** A call whose output has not come yet. */
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

/** What the lines so far leave for those to come. */
export interface Memory {
  /** The thread that the file is of; null before its first line. */
  thread: string | null;
  /** Until when lines are the parent's, copied in one go when this thread was split off; null when none are. */
  copiedUntil: number | null;
  startedAt: number | null;
  calls: Record<string, OpenCall>;
  setting: Record<string, string>;
  /** Keys of the prompts, for turns that are rolled back. */
  prompts: string[];
  promptCount: number;
  replyCount: number;
  lastReply: string;
  /** True once the client wrote a person's words as an event of their own. */
  hasPromptEvents: boolean;
  /** Words of a person out of the conversation with the model, while it is not known whether such an event comes. */
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
