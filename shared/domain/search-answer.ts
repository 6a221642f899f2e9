import type { CalendarDate, LogId, LogPath, MachineUuid } from './ids.ts';

/**
 * How well a hit matches, best first: its words as a phrase; close together; all of them; all of them in other word forms; most of
 * them.
 */
export const SEARCH_RUNGS = ['phrase', 'near', 'all', 'similar', 'most'] as const;
export type SearchRung = (typeof SEARCH_RUNGS)[number];

/** A line of a log that contains words of the query. */
export interface SearchSnippet {
  /** In the file that {@link SearchHit.log} names, 1-based. */
  readonly line: number;
  /** Title of its section; null above the first heading. */
  readonly section: string | null;
  /** One line, cut around the words; no control characters. */
  readonly text: string;
  /** Ranges of `text` to highlight: offsets in UTF-16 units, end exclusive, sorted and disjoint. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** One result: a log, or a session inside a daily log. */
export interface SearchHit {
  /** Opens at the hit: the log, or its part with `#<session>`. */
  readonly id: LogId;
  /** The file that contains it. */
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
  /** False while this machine has only its search text; `sync --pull`, `show --pull` or opening it pulls the log. */
  readonly pulled: boolean;
  /** The commit that still has it, if the file has since been deleted or moved in git. */
  readonly commit: string | null;
  /** Of its first snippet. */
  readonly section: string | null;
  readonly line: number;
  /** The same line in the text that opens: for a session of a daily log, only its entries. */
  readonly readLine: number;
  /** At most the requested number; empty when the text cannot be read now. */
  readonly snippets: readonly SearchSnippet[];
  /** Further hits in the same file (other sessions of a daily log), folded under this one. */
  readonly more: readonly { readonly id: LogId; readonly title: string | null; readonly line: number }[];
}

/** A page of hits. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** Number of hits; `atLeast` when counting stopped early. */
  readonly total: { readonly count: number; readonly atLeast: boolean };
  /** For the next page; null on the last. */
  readonly next: string | null;
  /** False when only the newest of very many matches were ranked, or a work limit was reached; an explanation tells which. */
  readonly complete: boolean;
  /** Logs on this disk not yet in the database, as far as known. */
  readonly waiting: number;
  /** Sentences for the user: an unknown field and its nearest name, omitted words, a limit that was reached. */
  readonly explanations: readonly string[];
}

/** Search options besides the words. */
export interface SearchOptions {
  /** Maximum hits: 1 to 200; 20 by default. */
  readonly limit?: number;
  /** {@link SearchAnswer.next} of the previous page. */
  readonly cursor?: string;
  /** Lines per hit: 0 to 10; 2 by default. */
  readonly snippets?: number;
}
