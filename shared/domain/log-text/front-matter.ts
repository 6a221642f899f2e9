import { parseCalendarDate, type CalendarDate } from '../ids.ts';
import { oneLine } from './headings.ts';

/** The relevant keys of a log's front matter; values as written, unquoted, on one line. */
export interface FrontMatter {
  readonly title: string | null;
  readonly date: string | null;
  readonly created: string | null;
  readonly updated: string | null;
}

export interface FoundFrontMatter {
  /** By its delimiter: `---` for YAML, `+++` for TOML. */
  readonly form: 'yaml' | 'toml';
  /** By key, in file order, keys in lower case; nested ones as `metadata.date`, list items joined with `, `. */
  readonly values: ReadonlyMap<string, string>;
  /** Offset just past the closing line. */
  readonly end: number;
  /** Number of lines, including both delimiters. */
  readonly lines: number;
}

/** Longer than any real front matter; a delimiter further down separates sections. */
const MAX_CHARACTERS = 32_768;
const VALUE_LIMIT = 300;
const KEY_LIMIT = 500;
const NESTED_LIMIT = 4;

const KEY = String.raw`(?<quote>["']?)([\p{L}_][\p{L}\p{M}\p{N}_./-]{0,63}(?: [\p{L}\p{N}_()./-]{1,30}){0,2})\k<quote>`;
const YAML_KEY = new RegExp(String.raw`^([ \t]*)(?:- )?${KEY}[ \t]*:(?:[ \t]+(.*))?$`, 'u');
const TOML_KEY = /^(["']?)([A-Za-z_][\w.-]{0,63})\1[ \t]*=[ \t]*(.*)$/;
const ITEM = /^[ \t]*-(?:[ \t]+(.*))?$/;

/**
 * Reads the front matter at the start of a text; null when there is none. A block between two rules counts only if it begins with a key and
 * every further line is a key, an item, a comment or a continuation of the key above. Otherwise the rules are rules, and what is between
 * them is text. Only the YAML and TOML that logs need is supported: a full parser is a large attack surface for hostile text.
 * @param from offset of the first character (after a byte order mark)
 */
export function readFrontMatter(text: string, from: number): FoundFrontMatter | null {
  const rule = text.startsWith('---', from) ? '---' : text.startsWith('+++', from) ? '+++' : null;
  if (rule === null) return null;
  const lines = text.slice(from, from + MAX_CHARACTERS).split('\n');
  if (lines[0]?.trimEnd() !== rule) return null;
  const reader = new MatterReader(rule === '---' ? 'yaml' : 'toml');
  let offset = from + (lines[0]?.length ?? 0) + 1;
  for (let i = 1; i < lines.length; i++) {
    const raw = lines[i] ?? '';
    const line = raw.trimEnd();
    if (line === rule || (line === '...' && rule === '---')) {
      const end = Math.min(text.length, offset + raw.length + 1);
      return { form: reader.form, values: reader.finish(), end, lines: i + 1 };
    }
    if (!reader.take(line)) return null;
    offset += raw.length + 1;
  }
  return null;
}

/** Extracts the {@link FrontMatter} fields. */
export function frontMatterFacts(found: FoundFrontMatter | null): FrontMatter {
  const get = (key: string): string | null => frontMatterValue(found, [key]);
  return { title: get('title'), date: get('date'), created: get('created'), updated: get('updated') };
}

/** The day at the start of the front matter's `date` or `created`. */
export function frontMatterDay({
  date,
  created,
}: Pick<FrontMatter, 'date' | 'created'>): CalendarDate | null {
  const day = parseCalendarDate((date ?? created ?? '').slice(0, 10));
  return day.ok ? day.value : null;
}

/**
 * Returns the first value found for any of the keys, top-level or else nested (`metadata.date` for `date`).
 * @param keys in lower case, in order of precedence
 */
export function frontMatterValue(found: FoundFrontMatter | null, keys: readonly string[]): string | null {
  if (found === null) return null;
  for (const key of keys) {
    const value = found.values.get(key);
    if (value) return value;
  }
  for (const key of keys)
    for (const [path, value] of found.values) if (value !== '' && path.endsWith(`.${key}`)) return value;
  return null;
}

interface OpenValue {
  readonly key: string;
  readonly indent: number;
  readonly parts: string[];
  /** Folded text is joined by spaces, list items by commas. */
  join: ' ' | ', ';
  /** `|` or `>`: deeper lines are text. */
  readonly literal: boolean;
}

/** The state of one pass over the lines between the rules. */
class MatterReader {
  readonly form: FoundFrontMatter['form'];
  readonly #values = new Map<string, string>();
  /** Keys that the current line may be nested in, outermost first. */
  readonly #parents: { readonly indent: number; readonly key: string }[] = [];
  #section = '';
  #open: OpenValue | null = null;

  constructor(form: FoundFrontMatter['form']) {
    this.form = form;
  }

  /** False for a line that no front matter contains: the block is then rejected. */
  take(line: string): boolean {
    if (line.trim() === '') return this.#values.size > 0;
    return this.form === 'yaml' ? this.#yaml(line) : this.#toml(line);
  }

  finish(): ReadonlyMap<string, string> {
    this.#close();
    return this.#values;
  }

  #yaml(line: string): boolean {
    const started = this.#values.size > 0;
    const indent = line.length - line.trimStart().length;
    if (this.#open?.literal === true && indent > this.#open.indent) {
      this.#open.parts.push(line.trim());
      return true;
    }
    if (/^[ \t]*#/.test(line)) return started && !/^#{2,} /.test(line);
    const match = YAML_KEY.exec(line);
    if (match) {
      this.#key((match[3] ?? '').toLowerCase(), match[4] ?? '', indent);
      return true;
    }
    const item = ITEM.exec(line);
    if (item) this.#item(item[1] ?? '');
    // Deeper lines belong to the key above; so does the end of a bracketed list or map.
    else if (indent > 0 || /^[\]}]/.test(line)) this.#open?.parts.push(plainValue(line));
    else return false;
    return started;
  }

  #toml(line: string): boolean {
    if (/^[ \t]*#/.test(line)) return true;
    const section = /^\[{1,2}([\w. "'-]{1,100})\]{1,2}[ \t]*(?:#.*)?$/.exec(line);
    if (section) {
      this.#close();
      this.#section = `${(section[1] ?? '').trim().toLowerCase()}.`;
      return true;
    }
    const match = TOML_KEY.exec(line.trimStart());
    if (match) this.#set(this.#section + (match[2] ?? '').toLowerCase(), match[3] ?? '', 0);
    else this.#open?.parts.push(plainValue(line));
    return match !== null || this.#open !== null;
  }

  #key(name: string, value: string, indent: number): void {
    while (this.#parents.length > 0 && (this.#parents.at(-1)?.indent ?? 0) >= indent) this.#parents.pop();
    const key = [...this.#parents.map((parent) => parent.key), name].join('.');
    if (value === '' && this.#parents.length < NESTED_LIMIT) this.#parents.push({ indent, key: name });
    this.#set(key, value, indent);
  }

  #set(key: string, value: string, indent: number): void {
    this.#close();
    if (this.#values.has(key) || this.#values.size >= KEY_LIMIT) return;
    const literal = this.form === 'yaml' && /^[|>][-+0-9]{0,2}[ \t]*(?:#.*)?$/.test(value);
    const plain = literal ? '' : plainValue(value);
    this.#values.set(key, plain);
    const parts = plain === '' ? [] : [plain];
    this.#open = { key, indent, parts, join: value.startsWith('[') ? ', ' : ' ', literal };
  }

  #item(value: string): void {
    if (this.#open === null) return;
    this.#open.join = ', ';
    this.#open.parts.push(plainValue(value));
  }

  #close(): void {
    if (this.#open !== null) {
      const { key, parts, join } = this.#open;
      this.#values.set(key, oneLine(parts.filter((part) => part !== '').join(join), VALUE_LIMIT));
    }
    this.#open = null;
  }
}

/** A value without quotes, comment and list brackets. */
function plainValue(value: string): string {
  const text = value.slice(0, VALUE_LIMIT * 4).trim();
  const list = /^\[(.*?)\]?[ \t]*(?:#.*)?$/.exec(text);
  if (!list) return unquote(text.replace(/,$/, '').replace(/^[\]}]$/, ''));
  return (list[1] ?? '')
    .split(',')
    .map(unquote)
    .filter((item) => item !== '')
    .join(', ');
}

function unquote(value: string): string {
  const text = value.trim();
  const quoted = /^(["'])(.*)\1[ \t]*(?:#.*)?$/.exec(text);
  return oneLine(quoted ? (quoted[2] ?? '') : text.replace(/(?:^|[ \t])#.*$/, ''), VALUE_LIMIT);
}
