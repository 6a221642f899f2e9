import type { TodosEvent, ToolUse } from '../../../../shared/transcripts/events.ts';

/** A call that has no result yet. */
export interface OpenCall {
  readonly tool: string;
  readonly use: ToolUse;
  /** What the result needs, by kind of tool. */
  readonly plan?: string;
  readonly questions?: readonly { readonly question: string; readonly options: readonly string[] }[];
  readonly todos?: TodosEvent['items'];
  readonly task?: { readonly id: string; readonly text: string | null; readonly status: string | null };
}

/** A prompt typed while the agent worked. */
export interface QueuedPrompt {
  readonly key: string;
  readonly text: string;
  /** When it was delivered in the middle of a turn; null while it waits for the next turn. */
  readonly handedAt: number | null;
}

/** State carried from one line to the next. */
export interface Memory {
  calls: Record<string, OpenCall>;
  queued: QueuedPrompt[];
  /** The last prompt: a second one in its place, before the agent responded, is the same prompt rewritten. */
  draft: { readonly key: string; readonly parent: string | null; isAnswered: boolean } | null;
  setting: Record<string, string>;
  tasks: Record<string, { text: string; state: TodosEvent['items'][number]['state'] }>;
  /** Background work by id: the call that started it. */
  background: Record<string, { readonly call: string; readonly tool: string; readonly use: ToolUse }>;
  /** Subagent lines inside the session's own file: line -> the first line of its group. */
  groups: Record<string, string>;
  groupCount: number;
  usage: string;
  /** The session this one was forked from, once a copied line has named it. */
  origin: string;
  /** Ids of the last lines: a summary of this session refers to one of them, a summary of another session does not. */
  recent: string[];
}

/** More open calls than any client makes at once: older ones were never answered. */
const MOST_CALLS = 2_000;
const MOST_GROUPED = 20_000;

export function startMemory(): Memory {
  return {
    calls: {},
    queued: [],
    draft: null,
    setting: {},
    tasks: {},
    background: {},
    groups: {},
    groupCount: 0,
    usage: '',
    origin: '',
    recent: [],
  };
}

/** Makes a foreign id safe as a field name: it never equals an object's built-in name. */
export function slot(id: string): string {
  return `:${id}`;
}

export function rememberCall(memory: Memory, id: string, call: OpenCall): void {
  memory.calls[slot(id)] = call;
  forgetOldest(memory.calls, MOST_CALLS);
}

export function takeCall(memory: Memory, id: string): OpenCall | null {
  const call = memory.calls[slot(id)] ?? null;
  delete memory.calls[slot(id)];
  return call;
}

/** The group of a subagent's line: that of its parent line, or a new one. */
export function groupOf(memory: Memory, uuid: string, parent: string | null): string {
  const group = (parent === null ? undefined : memory.groups[slot(parent)]) ?? uuid;
  memory.groups[slot(uuid)] = group;
  memory.groupCount += 1;
  if (memory.groupCount > MOST_GROUPED) {
    memory.groups = Object.fromEntries(Object.entries(memory.groups).slice(-MOST_GROUPED / 2));
    memory.groupCount = MOST_GROUPED / 2;
  }
  return group;
}

function forgetOldest(record: Record<string, unknown>, most: number): void {
  const keys = Object.keys(record);
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) delete record[key];
}
