/** A match in a log's text. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** More matches are counted as "10,000+": nobody walks through them. */
export const MOST_MATCHES = 10_000;

/**
 * A pattern for words as they are read: case-insensitive, a space matches any white space, and Markdown marks between letters are ignored
 * (`the **bold** word` is found by "the bold word"). Null when there is nothing to find.
 */
export function findPattern(words: string): RegExp | null {
  const wanted = words.trim();
  if (wanted === '' || wanted.length > 300) return null;
  const parts = wanted
    .split(/\s+/)
    .map((word) =>
      Array.from(word, (char) => char.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')).join('[*_~`]{0,3}'),
    );
  return new RegExp(parts.join('[*_~`]{0,3}\\s+[*_~`]{0,3}'), 'giu');
}

/** Fewer than the maximum words of a query. */
const MOST_WORDS = 40;

/**
 * A pattern for any of the words highlighted by a search: whole, or with an ending from four letters on. Null without words.
 * @param words as they occur in the text; case-insensitive
 */
export function anyPattern(words: readonly string[]): RegExp | null {
  const wanted = words
    .map((word) => word.trim())
    .filter((word) => word !== '' && word.length <= 100)
    .slice(0, MOST_WORDS)
    .sort((a, b) => b.length - a.length)
    .map((word) => {
      const escaped = word.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&');
      return word.length > 3 ? escaped : `${escaped}(?![\\p{L}\\p{N}])`;
    });
  return wanted.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${wanted.join('|')})`, 'giu');
}

/** All matches in a text, in order, at most {@link MOST_MATCHES}. */
export function findAll(text: string, pattern: RegExp): Match[] {
  const matches: Match[] = [];
  pattern.lastIndex = 0;
  for (
    let found = pattern.exec(text);
    found !== null && matches.length < MOST_MATCHES;
    found = pattern.exec(text)
  ) {
    // An empty match would be found forever at the same position.
    if (found[0] === '') pattern.lastIndex += 1;
    else matches.push({ start: found.index, end: found.index + found[0].length });
  }
  return matches;
}

/** The ranges of a pattern in drawn elements, across the borders of inner elements. */
export function findRanges(element: Element, pattern: RegExp): Range[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: { readonly node: Text; readonly start: number }[] = [];
  let text = '';
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  const locate = (offset: number, end: boolean): { readonly node: Text; readonly at: number } | null => {
    const index = nodes.findLastIndex(({ start }) => (end ? start < offset : start <= offset));
    const found = nodes[index];
    return found === undefined ? null : { node: found.node, at: offset - found.start };
  };
  const ranges: Range[] = [];
  for (const match of findAll(text, pattern)) {
    const [from, to] = [locate(match.start, false), locate(match.end, true)];
    if (from === null || to === null) continue;
    const range = document.createRange();
    range.setStart(from.node, from.at);
    range.setEnd(to.node, to.at);
    ranges.push(range);
  }
  return ranges;
}

/** Scrolls a match to the upper part of the pane, unless it is already visible. */
export function bringIntoView(scroller: HTMLElement, range: Range): void {
  const match = range.getBoundingClientRect();
  const pane = scroller.getBoundingClientRect();
  if (match.top >= pane.top + 8 && match.bottom <= pane.bottom - 8) return;
  scroller.scrollTop += match.top - pane.top - pane.height / 3;
}
