import type { Fields } from '../reading/values.ts';

/** One line, its envelope taken off. */
export interface CodexLine {
  readonly payload: Fields;
  readonly at: number | null;
}
