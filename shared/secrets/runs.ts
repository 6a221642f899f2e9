/** Characters of tokens and of base64, by code. */
const IN_RUN = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  IN_RUN[character.charCodeAt(0)] = 1;

/** An unbroken run of letters, digits and `+/_-`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the runs of a text that are long enough to be a token. Hand-written, because every text is scanned and a regular expression takes
 * ten times as long. It looks back from where a run would be long enough, and so visits few characters of words.
 */
export function runsOf(text: string, least: number): readonly Run[] {
  const runs: Run[] = [];
  for (let start = 0; start + least <= text.length;) {
    let back = start + least - 1;
    while (back >= start && isInRun(text.charCodeAt(back))) back--;
    if (back >= start) {
      start = back + 1;
      continue;
    }
    let end = start + least;
    while (end < text.length && isInRun(text.charCodeAt(end))) end++;
    runs.push({ start, end });
    start = end + 1;
  }
  return runs;
}

function isInRun(code: number): boolean {
  return code < 256 && IN_RUN[code] === 1;
}
