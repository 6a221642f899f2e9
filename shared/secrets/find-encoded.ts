import type { Finding } from './finding.ts';
import type { Run } from './runs.ts';

const PRINTABLE = /^[\t\n\r\x20-\x7e]*$/;
/** Length in characters of base64 that may contain a secret; images and archives are longer. */
const [SHORTEST, LONGEST] = [24, 4_000];
/** Maximum characters between two lines: the break and indentation. */
const MOST_BREAK = 42;

/**
 * Finds base64-encoded secrets, as in Kubernetes and HTTP.
 * @param runs from `runsOf`
 * @param findIn finds secrets in the plain text
 */
export function findEncoded(
  text: string,
  runs: readonly Run[],
  findIn: (plain: string) => readonly Finding[],
): Finding[] {
  const found: Finding[] = [];
  for (const { start, end } of wrapped(text, runs)) {
    if (end - start < SHORTEST || end - start > LONGEST || text[start - 1] === '.') continue;
    const plain = decoded(text.slice(start, end).replaceAll(/\s+/g, ''));
    const inside = plain === null ? undefined : findIn(plain)[0];
    if (inside === undefined) continue;
    const padding = /^={1,2}/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
    found.push({ start, end: end + padding, kind: `${inside.kind} in base64`, rule: 'encoded' });
  }
  return found;
}

/** A full line of base64, as written by `base64` and PEM. */
const [LEAST_LINE, MOST_LINE] = [60, 76];

/** Joins runs that are lines of one text: separated only by line breaks, all but the last of equal length. */
function wrapped(text: string, runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  let line = 0;
  let before: Run | undefined;
  for (const run of runs) {
    const last = joined.at(-1);
    const goesOn =
      before !== undefined &&
      before.end - before.start === line &&
      run.end - run.start <= line &&
      run.start - before.end <= MOST_BREAK &&
      /^\r?\n[ \t]*$/.test(text.slice(before.end, run.start));
    if (goesOn && last !== undefined) joined[joined.length - 1] = { start: last.start, end: run.end };
    else {
      const length = run.end - run.start;
      line = length >= LEAST_LINE && length <= MOST_LINE && length % 4 === 0 ? length : -1;
      joined.push(run);
    }
    before = run;
  }
  return joined;
}

/** Decodes base64; null when it is not text, which the first characters reveal for nearly everything. */
function decoded(run: string): string | null {
  const plain = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (plain.length % 4 === 1) return null;
  const beginning = bytesOf(plain.slice(0, 24));
  if (!PRINTABLE.test(beginning)) return null;
  const whole = bytesOf(plain);
  return PRINTABLE.test(whole) ? whole : null;
}

const VALUES = new Uint8Array(128);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

function bytesOf(base64: string): string {
  let [bits, held, out] = [0, 0, ''];
  for (let at = 0; at < base64.length; at++) {
    bits = ((bits << 6) | (VALUES[base64.charCodeAt(at)] ?? 0)) & 0xff_ffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += String.fromCharCode((bits >> held) & 0xff);
  }
  return out;
}
