const CONTEXT = 3;

/** The difference of two texts, as `-` and `+` lines with some context, for a dry run. Empty when they are equal. */
export function textDiff(before: string, after: string): string {
  if (before === after) return '';
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail))
    tail++;
  const mark = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${sign} ${line}`);
  return [
    ...mark(' ', old.slice(Math.max(0, head - CONTEXT), head)),
    ...mark('-', old.slice(head, old.length - tail)),
    ...mark('+', fresh.slice(head, fresh.length - tail)),
    ...mark(' ', old.slice(old.length - tail, old.length - tail + CONTEXT)),
  ].join('\n');
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
