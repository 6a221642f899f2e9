import type { LogSession } from '../../../shared/domain/log-text/log-reader.ts';
import type { Stretch } from '../../../shared/domain/log-text/stretches.ts';

/** The lines of a file read as it is. */
export const WHOLE_FILE: readonly Stretch[] = [{ first: 1, lines: Number.POSITIVE_INFINITY }];

/**
 * Extracts one session's entries from a daily log, joined by empty lines.
 * @returns the text, and the positions of its lines in the log
 */
export function cutEntries(
  log: string,
  { ranges }: Pick<LogSession, 'ranges'>,
): { readonly text: string; readonly stretches: readonly Stretch[] } {
  const lines = log.split('\n');
  const entries = ranges.map(([first, last]) => ({
    first,
    text: lines
      .slice(first - 1, last)
      .join('\n')
      .trimEnd(),
  }));
  return {
    text: `${entries.map(({ text }) => text).join('\n\n')}\n`,
    // The empty line after an entry counts as its own.
    stretches: entries.map(({ first, text }) => ({ first, lines: text.split('\n').length + 1 })),
  };
}

/** Maps a line of the text to its line in the file, both 1-based. */
export function lineInFile(stretches: readonly Stretch[], line: number): number {
  let before = 0;
  for (const { first, lines } of stretches) {
    if (line <= before + lines) return first + line - before - 1;
    before += lines;
  }
  const last = stretches.at(-1);
  return last === undefined ? line : last.first + last.lines - 1;
}
