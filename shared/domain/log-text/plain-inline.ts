/** Whether anything could be a mark: most headings are answered here. */
const MARKED = /[*_`[\]<&\\~!]/;
/** A line with more marks than this was made to keep us busy; its marks are dropped without looking for their pairs. */
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

/**
 * A line of Markdown as it reads when it is drawn: without the marks of emphasis, code, links, pictures, tags and comments. For titles and
 * values; the text of a log is never changed.
 * @param line at most some thousand characters
 */
export function plainInline(line: string): string {
  if (!MARKED.test(line)) return line;
  if ((line.match(/[*_`[\]<!~]+/g)?.length ?? 0) > MOST_MARKS) return line.replaceAll(/[*`~]+/g, '');
  // What stands in code, or behind a backslash, is no mark: it is put aside first.
  const kept: string[] = [];
  const keep = (text: string): string => `\u0001${kept.push(text) - 1}\u0001`;
  const plain = line
    .replaceAll('\u0001', '')
    .replaceAll(/<!--.{0,600}?-->/g, ' ')
    .replaceAll(/(`{1,3})(?!`)([^`]{1,600})\1(?!`)/g, (_, _ticks: string, code: string) => keep(code.trim()))
    .replaceAll(/\\([!-/:-@[-`{-~])/g, (_, char: string) => keep(char))
    .replaceAll(/<((?:https?|mailto):[^<>\s]{1,600})>/gi, (_, address: string) => keep(address))
    .replaceAll(/<\/?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,300})?\/?>/gi, '')
    .replaceAll(/\[\[(?:[^[\]|]{1,300}\|)?([^[\]|]{1,300})\]\]/g, '$1')
    .replaceAll(/!?\[([^[\]]{0,600})\](?:\([^()]{0,600}\)|\[[^[\]]{0,300}\])/g, '$1')
    .replaceAll(/\[\^[^[\]\s]{1,60}\]/g, '')
    .replaceAll(/(\*{1,3})(?=\S)([^*]{1,600}?)\1/g, (whole, _marks: string, inner: string) =>
      inner.trimEnd() === inner ? inner : whole,
    )
    .replaceAll(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]{1,600}?|.{1,600}?)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replaceAll(/~~(?=\S)([^~]{1,600})~~/g, '$1')
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp|mdash|ndash|#39);/g, (_, name: string) =>
      name === '#39' ? "'" : (ENTITIES[name] ?? ''),
    )
    .replaceAll(/\u0001(\d{1,6})\u0001/g, (_, at: string) => kept[Number(at)] ?? '');
  return plain.replaceAll(/\s+/g, ' ').trim();
}
