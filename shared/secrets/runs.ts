/** Characters of tokens and of base64, by their code. */
const IN_RUN = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  IN_RUN[character.charCodeAt(0)] = 1;

/** An unbroken run of letters, digits and `+/_-`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * The runs of a text that are long enough to be a token. By hand, because it is asked of every character: a regular expression takes ten
 * times as long.
 */
export function runsOf(text: string, least: number): readonly Run[] {
  const runs: Run[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const isIn = code < 256 && IN_RUN[code] === 1;
    if (isIn && start === -1) start = at;
    else if (!isIn && start !== -1) {
      if (at - start >= least) runs.push({ start, end: at });
      start = -1;
    }
  }
  return runs;
}
