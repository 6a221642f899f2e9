import { oneLine } from './headings.ts';

/** The keys of a log's YAML front matter that say something about it; values as written, unquoted. */
export interface FrontMatter {
  readonly title: string | null;
  readonly date: string | null;
  readonly created: string | null;
  readonly updated: string | null;
}

export interface FoundFrontMatter {
  readonly values: ReadonlyMap<string, string>;
  /** Offset behind the closing line. */
  readonly end: number;
  /** Number of lines it takes, both `---` included. */
  readonly lines: number;
}

/** Longer than any front matter people write; a `---` further down is a rule between sections. */
const MAX_CHARACTERS = 32_768;
const VALUE_LIMIT = 300;

/**
 * Reads the front matter a text starts with; null when it has none. Only `key: value` lines at the left margin are read: logs need no
 * nested YAML, and a full parser is a large door for hostile text.
 * @param from offset of the first character (behind a byte order mark)
 */
export function readFrontMatter(text: string, from: number): FoundFrontMatter | null {
  if (!text.startsWith('---', from)) return null;
  const head = text.slice(from, from + MAX_CHARACTERS);
  const lines = head.split('\n');
  if (lines[0]?.trimEnd() !== '---') return null;
  const values = new Map<string, string>();
  let offset = from + (lines[0]?.length ?? 0) + 1;
  for (let i = 1; i < lines.length; i++) {
    const raw = lines[i] ?? '';
    const line = raw.trimEnd();
    if (line === '---' || line === '...') {
      return { values, end: Math.min(text.length, offset + raw.length + 1), lines: i + 1 };
    }
    const match = /^([A-Za-z_][\w-]{0,63})[ \t]*:(?:[ \t]+(.*))?$/.exec(line);
    if (match?.[1] && !values.has(match[1].toLowerCase()))
      values.set(match[1].toLowerCase(), unquote(match[2] ?? ''));
    offset += raw.length + 1;
  }
  return null;
}

/** The part of a front matter that {@link FrontMatter} names. */
export function frontMatterFacts(found: FoundFrontMatter | null): FrontMatter {
  const get = (key: string): string | null => found?.values.get(key) || null;
  return { title: get('title'), date: get('date'), created: get('created'), updated: get('updated') };
}

function unquote(value: string): string {
  const text = value.slice(0, VALUE_LIMIT * 4).trim();
  const quoted = /^(["'])(.*)\1[ \t]*(?:#.*)?$/.exec(text);
  return oneLine(quoted ? (quoted[2] ?? '') : text.replace(/(?:^|[ \t])#.*$/, ''), VALUE_LIMIT);
}
