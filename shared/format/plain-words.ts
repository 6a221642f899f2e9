/** Characters of a text that a line can show at most; more is not looked at. */
const MOST = 600;

/** The beginning of a text without the marks of Markdown, on one line: for lists, menus and notifications, where nothing is drawn. */
export function plainWords(text: string): string {
  return text
    .slice(0, MOST)
    .replaceAll(/<!--[^>]*-->/g, ' ')
    .replaceAll(/^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gm, '· ')
    .replaceAll(/^[ \t]*(?:#{1,6}|>+)[ \t]+/gm, '')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~|`+)/g, '')
    .replaceAll(/(^|[\s(])[*_](?=\S)|(\S)[*_](?=[\s.,;:!?)]|$)/g, '$1$2')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[ ·]+/, '')
    .trim();
}
