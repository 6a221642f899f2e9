import type { LogRow } from './log-query.ts';

/** What arrived since a person last looked. */
export interface NewsReport {
  /** Short name of the reader. */
  readonly reader: string;
  /** How far that person had looked, epoch milliseconds; null if they never did. */
  readonly since: number | null;
  /** Start of what is new here, epoch milliseconds: `since`, or a week ago. */
  readonly from: number;
  /** Logs and sessions of others, and the reader's own from other machines; newest first. */
  readonly logs: readonly NewsLog[];
  /** True when there are more logs than the answer contains. */
  readonly more: boolean;
  /** Unread notes to the reader, and open tasks that the newest logs list for the first time. */
  readonly notes: number;
  readonly tasks: number;
  /** What to record once the person has looked at this. */
  readonly look: NewsLook;
}

export type NewsLog = Pick<
  LogRow,
  'id' | 'host' | 'path' | 'title' | 'user' | 'author' | 'project' | 'client' | 'date' | 'mtime' | 'place'
> & {
  /** True for one that existed before and has grown. */
  readonly grown: boolean;
};

/** How far a person has looked; see marks.ts. */
export interface NewsLook {
  readonly upTo: number;
  readonly seen: Readonly<Record<string, number>>;
}
