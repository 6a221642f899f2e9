import type { AgentId } from './agents.ts';
import type { LineageEvent, TitleSource } from './events.ts';

/** What is known of a session without its text. From head and tail alone, or from the whole transcript: then with counts. */
export interface SessionFacts {
  readonly agent: AgentId;
  readonly id: string;
  /** Best first: what people name it goes before what the agent does, that before its first prompt. */
  readonly titles: readonly { readonly title: string; readonly source: TitleSource }[];
  readonly lineage: readonly Pick<LineageEvent, 'relation' | 'session'>[];
  /**
   * Key of the first event that carries one of the agent's own ids: sessions that begin with the same one are copies or forks of each other.
   */
  readonly firstKey: string | null;
  /** Folders it worked in, in order; the first is where it was started. */
  readonly folders: readonly string[];
  readonly branches: readonly string[];
  /** URLs of git remotes that the agent wrote down. */
  readonly remotes: readonly string[];
  readonly versions: readonly string[];
  readonly models: readonly string[];
  readonly startedBy: string | null;
  /** Epoch milliseconds of the first and last event that has a time; null when none has one. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Null unless the whole transcript was read. */
  readonly counts: SessionCounts | null;
  /** False when nothing in it could be read: shown as "not understood". */
  readonly isUnderstood: boolean;
}

export interface SessionCounts {
  /** Of the person, subagents' none. */
  readonly prompts: number;
  readonly replies: number;
  readonly tools: number;
  readonly commands: number;
  readonly failures: number;
  /** Different paths. */
  readonly changedFiles: number;
  readonly commits: number;
  readonly subagents: number;
  readonly unknownLines: number;
}
