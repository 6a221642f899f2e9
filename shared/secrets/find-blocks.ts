import type { Finding } from './finding.ts';

/** Maximum length of a private key; one without an end extends to its last line of key data. */
const LONGEST_BLOCK = 20_000;
const BEGIN = /-{4,5} ?BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const END = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/;
/** Lines of a key in files, strings, quotations and diffs. */
const KEY_LINES = /(?:(?:\s|\\[nr]|[>|#+*'",])*[0-9A-Za-z+/=:,. -]{16,200})+/y;
const PUTTY = /Private-Lines: (\d{1,3})(?:\r?\n)((?:[0-9A-Za-z+/=]{1,100}\r?\n?){1,200})/g;

/** Finds private keys: PEM, OpenSSH, PGP and PuTTY. */
export function findBlocks(text: string): Finding[] {
  if (!text.includes('PRIVATE KEY') && !text.includes('Private-Lines')) return [];
  const found: Finding[] = [];
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match !== null; match = BEGIN.exec(text)) {
    const end = endOfBlock(text, BEGIN.lastIndex);
    if (keyCharacters(text.slice(BEGIN.lastIndex, end)) < 40) continue;
    const what = (match[1] ?? '').trim().toLowerCase();
    found.push({
      start: match.index,
      end,
      kind: what === '' ? 'private key' : `${what} private key`,
      rule: 'block',
    });
    BEGIN.lastIndex = end;
  }
  for (const match of text.matchAll(PUTTY))
    found.push({
      start: match.index,
      end: match.index + match[0].trimEnd().length,
      kind: 'putty private key',
      rule: 'block',
    });
  return found;
}

/** Scans only to the next line that begins or ends a key, so that a text full of beginnings stays linear. */
function endOfBlock(text: string, from: number): number {
  const next = text.indexOf('PRIVATE KEY', from);
  const limit = Math.min(next === -1 ? text.length : next, from + LONGEST_BLOCK);
  if (limit === next) {
    const around = Math.max(from, next - 60);
    const last = END.exec(text.slice(around, next + 40));
    if (last !== null) return around + last.index + last[0].length;
  }
  const body = text.slice(from, limit);
  KEY_LINES.lastIndex = 0;
  return KEY_LINES.test(body) ? from + KEY_LINES.lastIndex : from;
}

/** Documentation shows the first and last line of a key with three dots in between. */
function keyCharacters(body: string): number {
  return (body.match(/[0-9A-Za-z+/]{20,}/g) ?? []).join('').length;
}
