import type { AgentId } from './agents.ts';
import type { LineageEvent, TitleSource } from './events.ts';

/** What is known of a session without its text, from its head and tail or, with counts, from the whole transcript. */
export interface SessionFacts {
  readonly agent: AgentId;
  readonly id: string;
  /** Best first: a person's title precedes the agent's, which precedes the first prompt. */
  readonly titles: readonly { readonly title: string; readonly source: TitleSource }[];
  readonly lineage: readonly Pick<LineageEvent, 'relation' | 'session'>[];
  /** Key of the first event with an id of the agent's own: sessions that begin with the same one are copies or forks of each other. */
  readonly firstKey: string | null;
  /** Folders it worked in, in order; it was started in the first. */
  readonly folders: readonly string[];
  readonly branches: readonly string[];
  /** URLs of git remotes recorded by the agent. */
  readonly remotes: readonly string[];
  readonly versions: readonly string[];
  readonly models: readonly string[];
  readonly startedBy: string | null;
  /** Epoch milliseconds of the first and last event with a time; null if none has one. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Null unless the whole transcript was read. */
  readonly counts: SessionCounts | null;
  /** False when nothing in it could be parsed: shown as "not understood". */
  readonly isUnderstood: boolean;
}

export interface SessionCounts {
  /** The person's, excluding subagents'. */
  readonly prompts: number;
  readonly replies: number;
  readonly tools: number;
  readonly commands: number;
  readonly failures: number;
  /** Number of distinct paths. */
  readonly changedFiles: number;
  readonly commits: number;
  readonly subagents: number;
  readonly unknownLines: number;
}
