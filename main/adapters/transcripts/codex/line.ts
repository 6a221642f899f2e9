import type { Fields } from '../reading/values.ts';

/** One line without its envelope. */
export interface CodexLine {
  readonly payload: Fields;
  readonly at: number | null;
}
