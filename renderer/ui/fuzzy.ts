/**
 * Scores how well words fit a title; null when they do not. All letters must occur in order; letters at the start of words and consecutive
 * letters count more, so that "gs" finds "Git sync" before "Logs". Several words that begin words of the title fit in any order.
 * @param wanted what was typed
 * @param title what it is compared with
 */
export function fuzzyScore(wanted: string, title: string): number | null {
  const needle = wanted.toLowerCase().replaceAll(/\s+/g, '');
  const hay = title.toLowerCase();
  if (needle === '') return 0;
  const whole = nextStart(hay, wanted.trim().toLowerCase(), 0);
  if (whole !== -1) return 1_000 - whole;
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 1 && words.every((word) => nextStart(hay, word, 0) !== -1))
    return 900 - hay.length * 0.1;
  let [score, from, run] = [0, 0, 0];
  for (const letter of needle) {
    const starts = nextStart(hay, letter, from);
    const next = hay.indexOf(letter, from);
    if (next === -1) return null;
    // A letter that starts a later word beats the same letter inside an earlier one.
    const at = next !== from && starts !== -1 && starts - from < 24 ? starts : next;
    run = at === from ? run + 1 : 0;
    score += 10 + run * 8 + (isStart(hay, at) ? 20 : 0) - Math.min(9, at - from);
    from = at + letter.length;
  }
  return score - hay.length * 0.1;
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[\s\-_/.]/.test(text[at - 1] ?? '');
}

/** Where a text occurs at the start of a word; -1 when it does not. */
function nextStart(text: string, part: string, from: number): number {
  for (let at = text.indexOf(part, from); at !== -1; at = text.indexOf(part, at + 1))
    if (isStart(text, at)) return at;
  return -1;
}
