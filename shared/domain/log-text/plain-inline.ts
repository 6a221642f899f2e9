/** Whether there can be any marks: most headings have none. */
const MARKED = /[*_`[\]<&\\~!]/;
/** A line with more marks than this is hostile; its marks are dropped without matching pairs. */
const MOST_MARKS = 60;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '\u2014',
  ndash: '\u2013',
};

const COMMENT = /<!--.{0,600}?-->/g;
const CODE = /(`{1,3})(?!`)([^`]{1,600})\1(?!`)/g;
const ESCAPED = /\\([!-/:-@[-`{-~])/g;
const ADDRESS = /<((?:https?|mailto):[^<>\s]{1,600})>/gi;
const TAG = /<\/?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,300})?\/?>/gi;
const WIKI_LINK = /\[\[(?:[^[\]|]{1,300}\|)?([^[\]|]{1,300})\]\]/g;
const LINK = /!?\[([^[\]]{0,600})\](?:\((?:[^()]|\([^()]{0,300}\)){0,600}\)|\[[^[\]]{0,300}\])/g;
const FOOTNOTE = /\[\^[^[\]\s]{1,60}\]/g;
const STARS = /(\*{1,3})(?=\S)([^*]{1,600}?)\1/g;
const UNDERSCORES = /(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]{1,600}?|.{1,600}?)\1(?![\p{L}\p{N}_])/gu;
const STRUCK = /~~(?=\S)([^~]{1,600})~~/g;
const KEPT = /\u0001(\d{1,6})\u0001/g;
const ENTITY = /&([a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,6});/gi;

/**
 * Returns a line of Markdown as rendered: without marks for emphasis, code, links, images, tags and comments. For titles and values; a
 * log's text is never changed.
 * @param line at most a few thousand characters
 */
export function plainInline(line: string): string {
  if (!MARKED.test(line)) return line;
  if (line.length > MOST_MARKS && (line.match(/[*_`[\]<!~]+/g)?.length ?? 0) > MOST_MARKS)
    return line.replaceAll(/[*`~]+/g, '');
  // Code and backslash escapes contain no marks: they are set aside first.
  const kept: string[] = [];
  const keep = (text: string): string => `\u0001${kept.push(text) - 1}\u0001`;
  let plain = line.includes('\u0001') ? line.replaceAll('\u0001', '') : line;
  if (plain.includes('<')) plain = plain.replaceAll(COMMENT, ' ');
  if (plain.includes('`'))
    plain = plain.replaceAll(CODE, (_, _ticks: string, code: string) => keep(code.trim()));
  if (plain.includes('\\')) plain = plain.replaceAll(ESCAPED, (_, char: string) => keep(char));
  if (plain.includes('<'))
    plain = plain.replaceAll(ADDRESS, (_, address: string) => keep(address)).replaceAll(TAG, '');
  if (plain.includes('['))
    plain = plain.replaceAll(WIKI_LINK, '$1').replaceAll(LINK, '$1').replaceAll(FOOTNOTE, '');
  if (plain.includes('*'))
    plain = plain.replaceAll(STARS, (whole, _marks: string, inner: string) =>
      inner.trimEnd() === inner ? inner : whole,
    );
  if (plain.includes('_')) plain = plain.replaceAll(UNDERSCORES, '$2');
  if (plain.includes('~~')) plain = plain.replaceAll(STRUCK, '$1');
  if (plain.includes('&'))
    plain = plain.replaceAll(
      ENTITY,
      (whole, name: string) => ENTITIES[name.toLowerCase()] ?? fromNumber(name) ?? whole,
    );
  if (kept.length > 0) plain = plain.replaceAll(KEPT, (_, at: string) => kept[Number(at)] ?? '');
  return (/\s\s|[^\S ]/.test(plain) ? plain.replaceAll(/\s+/g, ' ') : plain).trim();
}

/** Decodes `#38` or `#x26`; null for a named entity and for unprintable characters. */
function fromNumber(name: string): string | null {
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return name.startsWith('#') && code > 32 && code <= 0x10ffff && !(code >= 0x7f && code <= 0xa0)
    ? String.fromCodePoint(code)
    : null;
}
