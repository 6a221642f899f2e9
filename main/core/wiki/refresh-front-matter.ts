import { readFrontMatter } from '../../../shared/domain/log-text/front-matter.ts';

/** Values for refreshing an article's front matter. */
export interface Refresh {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** The same time in UTC, for articles that store a time. */
  readonly utc: string;
  /** Log path, relative to the workspace. */
  readonly source: string;
}

/**
 * Sets `last_compiled` and adds to `sources` in an article's front matter, leaving every other byte as it is. Adds missing front matter. A
 * key keeps its form: a day or a time, quotes, a list in lines or in brackets.
 */
export function refreshFrontMatter(text: string, refresh: Refresh): string {
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const bom = text.startsWith('\ufeff') ? 1 : 0;
  const found = readFrontMatter(text, bom);
  if (found === null) {
    const lines = [
      '---',
      `last_compiled: ${refresh.day}`,
      'sources:',
      `  - ${yamlText(refresh.source)}`,
      '---',
      '',
      '',
    ];
    return text.slice(0, bom) + lines.join(feed) + text.slice(bom);
  }
  const lines = text.slice(bom, found.end).split('\n');
  const last = lines.at(-1) === '' ? lines.length - 2 : lines.length - 1;
  const body = lines.slice(1, last).map((line) => line.replace(/\r$/, ''));
  const changed = addSource(setCompiled(body, refresh), refresh.source);
  const end = feed === '\r\n' ? '\r' : '';
  const head = [lines[0] ?? '---', ...changed.map((line) => line + end), ...lines.slice(last)];
  return text.slice(0, bom) + head.join('\n') + text.slice(found.end);
}

function setCompiled(lines: readonly string[], { day, utc }: Refresh): readonly string[] {
  const at = lines.findIndex((line) => /^last_compiled[ \t]*:/i.test(line));
  if (at === -1) return [...lines, `last_compiled: ${day}`];
  const line = lines[at] ?? '';
  const match = /^([^:]+:[ \t]*)(["']?)([^"'#]*)\2(.*)$/.exec(line);
  const value = /\d[T ]\d{2}:/.test(match?.[3] ?? '') ? utc : day;
  const quote = match?.[2] ?? '';
  const rest = (match?.[4] ?? '').trim();
  const space = /[ \t]$/.test(match?.[1] ?? '') ? '' : ' ';
  return lines.with(
    at,
    `${match?.[1] ?? 'last_compiled:'}${space}${quote}${value}${quote}${rest === '' ? '' : ` ${rest}`}`,
  );
}

function addSource(lines: readonly string[], source: string): readonly string[] {
  const at = lines.findIndex((line) => /^sources[ \t]*:/i.test(line));
  const item = yamlText(source);
  if (at === -1) return [...lines, 'sources:', `  - ${item}`];
  const line = lines[at] ?? '';
  const flow = /^(sources[ \t]*:[ \t]*\[)(.*)(\][ \t]*(?:#.*)?)$/i.exec(line);
  if (flow) {
    const inside = (flow[2] ?? '').trim();
    if (inside.split(',').some((part) => isText(part, source))) return lines;
    return lines.with(
      at,
      `${flow[1] ?? ''}${inside === '' ? '' : `${inside.replace(/,$/, '')}, `}${item}${flow[3] ?? ''}`,
    );
  }
  let end = at + 1;
  while (end < lines.length && /^(?:[ \t]+|[ \t]*-[ \t])/.test(lines[end] ?? '')) end++;
  const items = lines.slice(at + 1, end);
  if (items.some((one) => isText(one.replace(/^[ \t]*-[ \t]+/, ''), source))) return lines;
  const indent = /^([ \t]*)-/.exec(items.find((one) => /^[ \t]*-/.test(one)) ?? '  -')?.[1] ?? '  ';
  const scalar = /^sources[ \t]*:[ \t]*([^#\s].*)$/i.exec(line)?.[1];
  // `sources: one.md` becomes a list that includes it.
  const head = scalar === undefined ? [line] : ['sources:', `${indent}- ${scalar.trim()}`];
  return [...lines.slice(0, at), ...head, ...items, `${indent}- ${item}`, ...lines.slice(end)];
}

function isText(written: string, text: string): boolean {
  const plain = written.trim().replace(/^(["'])(.*)\1$/, '$2');
  return plain === text;
}

function yamlText(text: string): string {
  return /^[\p{L}\p{N}_./-]+$/u.test(text) ? text : JSON.stringify(text);
}
