import type { LogRow } from './log-query.ts';

/** What came since a person last looked. */
export interface NewsReport {
  /** Short name of who asks. */
  readonly reader: string;
  /** How far that person had looked, epoch milliseconds; null for somebody who never did. */
  readonly since: number | null;
  /** From when on things are new here, epoch milliseconds: `since`, or a week ago. */
  readonly from: number;
  /** Logs and sessions of others, and the reader's own from other machines; the newest first. */
  readonly logs: readonly NewsLog[];
  /** True when there are more logs than an answer holds. */
  readonly more: boolean;
  /** Unread notes to the reader, and open tasks that the newest logs list for the first time. */
  readonly notes: number;
  readonly tasks: number;
  /** What is to be remembered when the person has looked at this. */
  readonly look: NewsLook;
}

export type NewsLog = Pick<
  LogRow,
  'id' | 'host' | 'path' | 'title' | 'user' | 'author' | 'project' | 'client' | 'date' | 'mtime' | 'place'
> & {
  /** True for one that was there before and has more text now. */
  readonly grown: boolean;
};

/** How far a person has looked; see marks.ts. */
export interface NewsLook {
  readonly upTo: number;
  readonly seen: Readonly<Record<string, number>>;
}
