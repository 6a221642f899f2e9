import type { AppError } from '../app-error.ts';
import type { SearchAnswer } from '../domain/search-answer.ts';
import type { TeamSearch } from '../domain/settings.ts';

/** A page of hits, and which question it answers: with a word that was not finished it may be another than the one that was typed. */
export interface SearchFound extends SearchAnswer {
  readonly asked: string;
}

/** Searches that a person can take up again: queries of an address (words and filters), the newest first. */
export interface KeptSearches {
  readonly recent: readonly string[];
  readonly saved: readonly { readonly name: string; readonly query: string }[];
}

/** How far the full text is behind this disk. Told to pages as it changes. */
export interface SearchProgress {
  /** Another one when answers may be others. */
  readonly version: number;
  /** Logs on this disk that are not read in yet, as far as is known. */
  readonly waiting: number;
  /** While many logs are read in; bytes of text. */
  readonly building: { readonly done: number; readonly total: number; readonly bytes: number } | null;
  /** Why what waits is not read in: the app pauses, or a person stopped it. */
  readonly held: 'paused' | 'stopped' | null;
  /** Why the last reading did not come to its end. */
  readonly error: AppError | null;
}

/** What is searched, and what it takes. Bytes. */
export interface SearchStatus extends SearchProgress {
  readonly logs: number;
  readonly textBytes: number;
  /** Of the database on the disk, and of what it keeps of other machines' texts. */
  readonly fileBytes: number;
  readonly keptBytes: number;
  /** The text of other machines' logs as the setting asks for it: to be told before it is pulled for the first time. */
  readonly team: {
    readonly setting: TeamSearch;
    readonly machines: number;
    readonly logs: number;
    /** To be pulled; the text in them. */
    readonly bytes: number;
    readonly text: number;
  };
}
