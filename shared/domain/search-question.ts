import type { CalendarDate } from './ids.ts';

/** What a word of a question asks for in the text. */
export interface SearchWord {
  /** As typed, without its operator, bounded. */
  readonly text: string;
  /** In quotation marks: the words in this order and no other form of them. */
  readonly exact: boolean;
  /** Begins so (`retr*`). */
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
/** Marks of a log: `has:note`, `is:mine`. */
export const SEARCH_MARKS = ['has:note', 'has:pending', 'is:mine', 'is:pulled', 'is:captured'] as const;
export type SearchMark = (typeof SEARCH_MARKS)[number];

/** A condition that is no word of the text. */
export type SearchFilter =
  | { readonly field: ValueField; readonly value: string; readonly prefix: boolean; readonly not: boolean }
  | { readonly field: 'mark'; readonly value: SearchMark; readonly not: boolean };

/** What a person asked, read. Never a mistake: what is no operator is a word. */
export interface SearchQuestion {
  /** Every group must answer; of a group one word is enough (`a OR b`). */
  readonly groups: readonly (readonly SearchWord[])[];
  /** None of these may occur. */
  readonly without: readonly SearchWord[];
  /** Every one must hold; of several values of one field (but `file`, `commit`, `section`) one is enough. */
  readonly filters: readonly SearchFilter[];
  /** Inclusive days. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  /** Sentences about what was read otherwise than it may have been meant. */
  readonly explanations: readonly string[];
}
