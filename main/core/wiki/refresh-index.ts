/**
 * Updates an article's line in `wiki/index.md` to a day: in a line that links to it, replaces the only date; adds an unlinked article after
 * the last link to its folder, else at the end. A line without a date, or with several, is a person's and stays.
 * @param article path below `wiki/`, e.g. `clients/acme.md`
 */
export function refreshIndex(text: string, article: string, name: string, day: string): string {
  const end = text.includes('\r\n') ? '\r' : '';
  const lines = text.split('\n');
  const at = lines.findIndex((line) => linksTo(line, article));
  if (at !== -1) {
    const line = lines[at] ?? '';
    const dates = line.match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? [];
    return dates.length === 1 ? lines.with(at, line.replace(dates[0], day)).join('\n') : text;
  }
  const folder = article.slice(0, article.indexOf('/') + 1);
  const entry = `- [${name.replaceAll(/[[\]\\]/g, '')}](${article}) - ${day}${end}`;
  const neighbour = lines.findLastIndex((line) =>
    ['(', '(./', '[['].some((open) => line.includes(open + folder)),
  );
  if (neighbour === lines.length - 1) return `${text}${end}\n${entry}\n`;
  if (neighbour !== -1) return lines.toSpliced(neighbour + 1, 0, entry).join('\n');
  return `${text}${text === '' || text.endsWith('\n') ? '' : `${end}\n`}${entry}\n`;
}

/** True for `(clients/acme.md)`, `(./clients/acme.md#history)` and `[[clients/acme|Acme]]`, not for `(clients/acme.md.old)`. */
function linksTo(line: string, article: string): boolean {
  const stem = article.replace(/\.md$/, '');
  const follows = (open: string, close: RegExp): boolean => {
    const at = line.indexOf(open);
    return at !== -1 && close.test(line.charAt(at + open.length));
  };
  return (
    follows(`(${article}`, /[)#\s]/) ||
    follows(`(./${article}`, /[)#\s]/) ||
    follows(`[[${stem}`, /[\]|#]/) ||
    follows(`[[${article}`, /[\]|#]/)
  );
}
