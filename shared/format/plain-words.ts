/** Maximum characters of a text that a line can show; the rest is ignored. */
const MOST = 600;

/** Returns the beginning of a text without Markdown marks, on one line: for lists, menus and notifications, which render no Markdown. */
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
