import type { CalendarDate } from './ids.ts';

/** What a word of a query matches in the text. */
export interface SearchWord {
  /** As typed, without its operator, bounded. */
  readonly text: string;
  /** In quotation marks: the words in this order, in exactly this form. */
  readonly exact: boolean;
  /** Prefix match (`retr*`). */
  readonly prefix: boolean;
}

/** Fields that take a value: `machine:harbor`. */
export const VALUE_FIELDS = [
  'machine',
  'user',
  'project',
  'client',
  'agent',
  'file',
  'commit',
  'section',
] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];
/** Properties of a log: `has:note`, `is:mine`. */
export const SEARCH_MARKS = ['has:note', 'has:pending', 'is:mine', 'is:pulled', 'is:captured'] as const;
export type SearchMark = (typeof SEARCH_MARKS)[number];

/** A condition other than a word of the text. */
export type SearchFilter =
  | { readonly field: ValueField; readonly value: string; readonly prefix: boolean; readonly not: boolean }
  | { readonly field: 'mark'; readonly value: SearchMark; readonly not: boolean };

/** A parsed query. Never an error: anything that is not an operator is a word. */
export interface SearchQuestion {
  /** Every group must match; one word of a group is enough (`a OR b`). */
  readonly groups: readonly (readonly SearchWord[])[];
  /** None of these may occur. */
  readonly without: readonly SearchWord[];
  /** All must hold; of several values of one field (except `file`, `commit`, `section`) one is enough. */
  readonly filters: readonly SearchFilter[];
  /** Inclusive days. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  /** Sentences about input that may have been interpreted differently than meant. */
  readonly explanations: readonly string[];
}
