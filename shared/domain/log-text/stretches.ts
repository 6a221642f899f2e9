import type { LineRange, Lines } from './lines.ts';

/** A contiguous run of lines in a file. */
export interface Stretch {
  /** Its first line in the file, 1-based. */
  readonly first: number;
  /** How many lines of the displayed text come from it. */
  readonly lines: number;
}

/**
 * Maps the lines of a session's text to its daily log: its entries in sequence, trimmed of blank lines, with one empty line between them.
 * @param ranges of the session, as read from the log
 */
export function stretchesOf(lines: Lines, ranges: readonly LineRange[]): readonly Stretch[] {
  return ranges.map(([first, last]) => {
    let end = last;
    while (end > first && lines.line(end).trim() === '') end--;
    // The empty line after an entry belongs to it.
    return { first, lines: end - first + 2 };
  });
}

/** Returns the line of the text that shows a line of the file, both 1-based; the first when the text does not contain it. */
export function lineInText(stretches: readonly Stretch[], line: number): number {
  let before = 0;
  for (const { first, lines } of stretches) {
    if (line >= first && line < first + lines) return before + line - first + 1;
    before += lines;
  }
  return 1;
}
