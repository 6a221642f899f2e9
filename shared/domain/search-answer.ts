import type { CalendarDate, LogId, LogPath, MachineUuid } from './ids.ts';

/**
 * How well a hit answers the question, best first: its words as a phrase; close together; all of them; all of them in another form of
 * the word; most of them.
 */
export const SEARCH_RUNGS = ['phrase', 'near', 'all', 'similar', 'most'] as const;
export type SearchRung = (typeof SEARCH_RUNGS)[number];

/** A line of a log with words of the question in it. */
export interface SearchSnippet {
  /** In the file that {@link SearchHit.log} names, 1-based. */
  readonly line: number;
  /** Title of the section it stands in; null above the first heading. */
  readonly section: string | null;
  /** One line, cut around the words; no control characters. */
  readonly text: string;
  /** Stretches of `text` to be marked: offsets in UTF-16 units, the end behind the last one, in order and apart. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** One place of the list: a log, or a session inside a daily log. */
export interface SearchHit {
  /** Opens at the hit: the log, or with `#<session>` its part. */
  readonly id: LogId;
  /** The file that holds it. */
  readonly log: LogId;
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  /** Id of the session inside a daily log; null for a log as a whole. */
  readonly part: string | null;
  readonly title: string | null;
  /** Short name, else the full one. */
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly day: CalendarDate;
  readonly rung: SearchRung;
  /** False while only its text for searching is on this machine; `sync --pull`, `show --pull` or opening it brings the log. */
  readonly pulled: boolean;
  /** The commit that still has it, where git has deleted or moved the file since. */
  readonly commit: string | null;
  /** Where its first snippet stands. */
  readonly section: string | null;
  readonly line: number;
  /** The same line in the text that opens: of a session of a daily log its entries alone are read. */
  readonly readLine: number;
  /** At most as many as were asked for; none when the text cannot be read now. */
  readonly snippets: readonly SearchSnippet[];
  /** Further hits of the same file (other sessions of a daily log), folded under this one. */
  readonly more: readonly { readonly id: LogId; readonly title: string | null; readonly line: number }[];
}

/** A page of hits. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** How many hits there are; `atLeast` when nobody counted to the end. */
  readonly total: { readonly count: number; readonly atLeast: boolean };
  /** For the next page; null on the last. */
  readonly next: string | null;
  /** False when only the newest of very many matches were ranked, or a bound of work was met; an explanation says which. */
  readonly complete: boolean;
  /** Logs on this disk that are not in the database yet, as far as is known. */
  readonly waiting: number;
  /** Sentences for a person: a field that does not exist and its nearest name, words that were left out, a bound that was met. */
  readonly explanations: readonly string[];
}

/** What a search may ask beside the words. */
export interface SearchOptions {
  /** Hits at most: 1 to 200; 20 unless given. */
  readonly limit?: number;
  /** {@link SearchAnswer.next} of the page before. */
  readonly cursor?: string;
  /** Lines for each hit: 0 to 10; 2 unless given. */
  readonly snippets?: number;
}
