import type { LineRange, Lines } from './lines.ts';

/** A run of lines that stand together in a file. */
export interface Stretch {
  /** Its first line in the file, 1-based. */
  readonly first: number;
  /** How many lines of the text that is read come from it. */
  readonly lines: number;
}

/**
 * Where the lines of a session's text stand in its daily log: its entries, one after the other without their blank ends, an empty line between.
 * @param ranges of the session, as the log is read
 */
export function stretchesOf(lines: Lines, ranges: readonly LineRange[]): readonly Stretch[] {
  return ranges.map(([first, last]) => {
    let end = last;
    while (end > first && lines.line(end).trim() === '') end--;
    // The empty line behind an entry counts as its own.
    return { first, lines: end - first + 2 };
  });
}

/** The line of the text in which a line of the file stands, both 1-based; the first where the text does not hold it. */
export function lineInText(stretches: readonly Stretch[], line: number): number {
  let before = 0;
  for (const { first, lines } of stretches) {
    if (line >= first && line < first + lines) return before + line - first + 1;
    before += lines;
  }
  return 1;
}
