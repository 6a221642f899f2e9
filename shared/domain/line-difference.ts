/** What two texts do not share: their lines between the common beginning and the common end. */
export interface LineDifference {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The lines of the common beginning and of the common end. */
  readonly head: readonly string[];
  readonly tail: readonly string[];
}

/** Compares two texts by lines; a line break at the end begins none. */
export function lineDifference(before: string, after: string): LineDifference {
  const [old, now] = [linesOf(before), linesOf(after)];
  const least = Math.min(old.length, now.length);
  let head = 0;
  while (head < least && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < least - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return {
    before: old.slice(head, old.length - tail),
    after: now.slice(head, now.length - tail),
    head: old.slice(0, head),
    tail: old.slice(old.length - tail),
  };
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
