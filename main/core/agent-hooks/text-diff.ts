import { lineDifference } from '../../../shared/domain/line-difference.ts';

const CONTEXT = 3;

/** The difference of two texts, as `-` and `+` lines with some context, for a dry run. Empty when they are equal. */
export function textDiff(before: string, after: string): string {
  if (before === after) return '';
  const found = lineDifference(before, after);
  const mark = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${sign} ${line}`);
  return [
    ...mark(' ', found.head.slice(-CONTEXT)),
    ...mark('-', found.before),
    ...mark('+', found.after),
    ...mark(' ', found.tail.slice(0, CONTEXT)),
  ].join('\n');
}
