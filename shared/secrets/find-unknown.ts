import type { CountTokens, Finding } from './finding.ts';
import type { Run } from './runs.ts';
import { charactersPerToken, classesOf, isHex, isPlaceholder, isUuid } from './judge-value.ts';

/** Length in characters of an unknown vendor's token. */
const [SHORTEST, LONGEST] = [23, 200];
/** Words, on the same line or at the end of the one before, that announce a secret. */
const CREDENTIAL =
  /passw|passphrase|\bpwd\b|secret|token|api[ _-]?key|credential|access[ _-]?key|private[ _-]?key|\bkeys?\b|\bcreds?\b|log ?in with|auth/i;
/** Words that announce something else: a digest, a public key, an identifier. */
const HARMLESS =
  /(?:etag|sha\d{1,3}|md5|digest|checksum|hash|integrity|fingerprint|nonce|cursor|\b\w*id|commit|revision|version|ssh-[\w-]+|ecdsa-[\w-]+|public[ _-]?key|pub)["'`]?\s{0,2}[:=]?\s{0,2}(?:W\/)?["'`]?$/i;
/** How far back they may be, in characters. */
const CONTEXT = 120;
/** SSH public keys, and identifiers with a type prefix: `toolu_...`, `req_...`. */
const LABELLED = /^(?:AAAA[BCE][0-9A-Za-z]|(?:[a-z]{2,12}_)+[0-9A-Za-z]+$)/;
const MOST_PER_TOKEN = 1.9;

/**
 * Finds random strings near words about credentials. The only rule that knows neither a format nor a name, and so the most cautious.
 * @param runs from `runsOf`
 */
export function findUnknown(text: string, runs: readonly Run[], countTokens: CountTokens): Finding[] {
  const found: Finding[] = [];
  for (const run of runs) {
    const length = run.end - run.start;
    if (length < SHORTEST || length > LONGEST) continue;
    const end = run.end + (/^={1,2}/.exec(text.slice(run.end, run.end + 2))?.[0].length ?? 0);
    if (!standsAlone(text, run.start, end) || !followsCredential(contextOf(text, run.start))) continue;
    if (!isRandom(text.slice(run.start, end), countTokens)) continue;
    found.push({ start: run.start, end, kind: 'unknown token', rule: 'unknown' });
  }
  return found;
}

function followsCredential(before: string): boolean {
  return CREDENTIAL.test(before) && !HARMLESS.test(before);
}

/** The line before a value; the previous one if it ends with a colon and the value starts its own line. */
function contextOf(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - CONTEXT), at);
  const last = before.lastIndexOf('\n');
  const line = before.slice(last + 1);
  if (last === -1 || !/^[\s>`*"'-]*$/.test(line)) return line;
  const above = before.slice(0, last).trimEnd();
  return above.endsWith(':') ? above.slice(above.lastIndexOf('\n') + 1) : line;
}

/** Not a part of a path, an address, a longer run, or a dotted name. */
function standsAlone(text: string, start: number, end: number): boolean {
  const [before, after] = [text[start - 1] ?? ' ', text[end] ?? ' '];
  return (
    /[\s"'`=:([{<,;>|]/.test(before) &&
    /[\s"'`)\]}>,;.|!?\\<]/.test(after) &&
    !/\.[0-9A-Za-z]/.test(text.slice(end, end + 2))
  );
}

function isRandom(value: string, countTokens: CountTokens): boolean {
  if (isUuid(value) || isHex(value) || isPlaceholder(value) || LABELLED.test(value)) return false;
  if (/^sha\d{3}-/.test(value) || (value.match(/\//g) ?? []).length > value.length / 12) return false;
  const { lower, upper, digits } = classesOf(value);
  if (digits < 2 || lower < 3 || upper < 3) return false;
  return charactersPerToken(value, countTokens) < MOST_PER_TOKEN;
}
