import type { AppError } from '../app-error.ts';
import type { SearchAnswer } from '../domain/search-answer.ts';
import type { TeamSearch } from '../domain/settings.ts';

/** A page of hits, and the question it answers: with an unfinished word it may differ from the typed one. */
export interface SearchFound extends SearchAnswer {
  readonly asked: string;
}

/** Saved searches: address queries (words and filters), newest first. */
export interface KeptSearches {
  readonly recent: readonly string[];
  readonly saved: readonly { readonly name: string; readonly query: string }[];
}

/** How far the full-text index is behind this disk. Sent to pages as it changes. */
export interface SearchProgress {
  /** Changes when answers may change. */
  readonly version: number;
  /** Logs on this disk not yet indexed, as far as known. */
  readonly waiting: number;
  /** While many logs are being indexed; bytes of text. */
  readonly building: { readonly done: number; readonly total: number; readonly bytes: number } | null;
  /** Why waiting logs are not indexed: the app is paused, or a person stopped it. */
  readonly held: 'paused' | 'stopped' | null;
  /** Why the last indexing did not finish. */
  readonly error: AppError | null;
}

/** What is searched, and its size in bytes. */
export interface SearchStatus extends SearchProgress {
  readonly logs: number;
  readonly textBytes: number;
  /** Size of the database on disk, and of its text from other machines. */
  readonly fileBytes: number;
  readonly keptBytes: number;
  /** The text of other machines' logs that the setting asks for: shown before it is pulled for the first time. */
  readonly team: {
    readonly setting: TeamSearch;
    readonly machines: number;
    readonly logs: number;
    /** To be pulled; the text in them. */
    readonly bytes: number;
    readonly text: number;
  };
}
