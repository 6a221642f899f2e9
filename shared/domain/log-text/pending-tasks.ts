import { hideCredentials } from '../hide-credentials.ts';
import { firstMark } from '../session-mark.ts';
import { readFrontMatter } from './front-matter.ts';
import { cut, oneLine, visitHeadings, type Heading, type HeadingVisitor } from './headings.ts';
import { headingWords } from './heading-words.ts';
import { plainInline } from './plain-inline.ts';
import { sectionOf } from './sections.ts';
import { readMoment } from './session-entry.ts';

/** A task listed in a log. */
export interface PendingItem {
  /** Its line in the log, 1-based. */
  readonly line: number;
  /** On one line, without Markdown and without what `hideCredentials` removes; at most {@link TASK_TEXT_LIMIT} characters. */
  readonly text: string;
  /** True for `- [x]`, `- [-]`, and items struck out or ticked with a symbol. */
  readonly done: boolean;
  /** The heading, the line ending in a colon or the list item above it; null without one. */
  readonly group: string | null;
}

/** The content of one Pending / Incomplete Tasks heading. */
export interface PendingSection {
  /** Of the heading. */
  readonly line: number;
  /** When this part of the log was saved, epoch milliseconds; null without a mark. */
  readonly saved: number | null;
  /** Number of marks above it: sections below the same mark were written together. */
  readonly part: number;
  /** Empty if the section says that nothing is pending. */
  readonly tasks: readonly PendingItem[];
}

/** Maximum tasks read from one log; nobody works through more. */
export const TASK_LIMIT = 200;
export const TASK_TEXT_LIMIT = 500;
/** Longer lines are truncated before they are scanned. */
const LINE_LIMIT = 4_000;
const GROUP_LIMIT = 100;

/**
 * Reads a log's pending tasks, in one pass and in time linear in its length. A section counts if it lists tasks or says that there are
 * none; an empty one, or `_Not recorded._`, does not. Credentials & Secrets, code and comments are excluded.
 * @param text the whole log, decoded
 */
export function readPendingTasks(text: string): readonly PendingSection[] {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const matter = readFrontMatter(text, start);
  const reader = new PendingReader(text);
  visitHeadings(text, matter?.end ?? start, (matter?.lines ?? 0) + 1, reader);
  return reader.finish();
}

/** The visitor behind {@link readPendingTasks}, for callers that scan the text anyway; `finish` returns the sections. */
export class PendingReader implements HeadingVisitor {
  readonly #text: string;
  readonly #found: PendingSection[] = [];
  #left = TASK_LIMIT;
  #saved: number | null = null;
  #part = 0;
  /** Level of the Credentials & Secrets heading the scan is below. */
  #secret: number | null = null;
  #open: { readonly level: number; readonly line: number; readonly body: SectionBody } | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  heading({ level, title, line }: Heading): void {
    if (this.#secret !== null && level <= this.#secret) this.#secret = null;
    if (this.#open !== null && level <= this.#open.level) this.#close();
    const section = sectionOf(title);
    if (this.#secret === null && section === 'Credentials & Secrets') {
      this.#close();
      this.#secret = level;
    }
    if (this.#secret !== null) return;
    if (this.#open !== null) this.#open.body.heading(hideCredentials(title));
    else if (section === 'Pending / Incomplete Tasks')
      this.#open = { level, line, body: new SectionBody(this.#left) };
  }

  line(start: number, end: number, line: number): void {
    this.#open?.body.line(this.#text.slice(start, Math.min(end, start + LINE_LIMIT)), line);
  }

  comment(start: number, end: number): void {
    const mark = firstMark(this.#text.slice(start, Math.min(end, start + LINE_LIMIT)));
    if (mark === null) return;
    this.#part++;
    this.#saved = readMoment(mark.saved);
  }

  finish(): readonly PendingSection[] {
    this.#close();
    return this.#found;
  }

  #close(): void {
    if (this.#open === null) return;
    const { line, body } = this.#open;
    this.#open = null;
    const tasks = body.finish();
    this.#left -= tasks.length;
    if (tasks.length > 0 || body.saysNone)
      this.#found.push({ line, saved: this.#saved, part: this.#part, tasks });
  }
}

interface Draft {
  readonly line: number;
  readonly indent: number;
  /** Whether it has a check box, a number or bullet, or is a paragraph. */
  readonly kind: 'box' | 'item' | 'text';
  readonly words: string[];
  readonly done: boolean;
  readonly group: string | null;
  /** Length of `words`. */
  length: number;
}

const ITEM = /^([ \t]*)(?:[-*+\u2022]|\d{1,9}[.)])[ \t]+(?:\[([ xX/~-]?)\](?:[ \t]+|$))?(.*)$/;
const BARE_BOX = /^([ \t]*)\[([ xX/~-]?)\][ \t]+(.*)$/;
const TICKED = /^(?:\u2705|\u2611|\u2714|\u2713)\ufe0f?\s*/u;
const UNTICKED = /^(?:\u2b1c|\u2610|\u25a1|\u23f3|\ud83d\udd32)\ufe0f?\s*/u;
const STRUCK = /^~~(.{1,4000})~~[\s.]*$/u;
const FENCE = /^[ \t]*(`{3,}|~{3,})/;
const RULE = /^[ \t]*(?:[-*_=][ \t]*){3,}$/;
const TABLE_RULE = /^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$/;

/** Collects the lines below one heading into tasks. */
class SectionBody {
  saysNone = false;
  readonly #tasks: PendingItem[] = [];
  readonly #room: number;
  #group: string | null = null;
  /** A task that may continue on the next line, with the items above it, outermost first. */
  #draft: Draft | null = null;
  readonly #above: { readonly indent: number; readonly group: string | null; readonly isTask: boolean }[] =
    [];
  #fence: string | null = null;
  #afterBlank = true;
  /** A table row that may turn out to be the header. */
  #row: { readonly cells: string; readonly line: number } | null = null;

  constructor(room: number) {
    this.#room = room;
  }

  heading(title: string): void {
    this.#flush();
    this.#above.length = 0;
    this.#group = cut(headingWords(title), GROUP_LIMIT) || null;
  }

  line(raw: string, line: number): void {
    if (this.#tasks.length >= this.#room || this.#isCode(raw)) return;
    const text = raw.replace(/^[ \t]{0,3}(?:>[ \t]?)+/, '');
    if (text.trim() === '') {
      this.#settleRow();
      this.#afterBlank = true;
      if (this.#draft?.kind === 'text') this.#flush();
      return;
    }
    if (this.#row !== null && TABLE_RULE.test(text)) this.#row = null;
    else if (/^[ \t]*\|/.test(text)) this.#tableRow(text, line);
    else if (RULE.test(text)) this.#flush();
    else this.#words(text, line);
    this.#afterBlank = false;
  }

  finish(): readonly PendingItem[] {
    this.#settleRow();
    this.#flush();
    return this.#tasks;
  }

  /** Fences inside list items are indented deeper than the scan of the whole text recognizes. */
  #isCode(raw: string): boolean {
    const fence = FENCE.exec(raw)?.[1];
    if (this.#fence !== null) {
      if (fence?.startsWith(this.#fence) && raw.trim() === fence) this.#fence = null;
      return true;
    }
    this.#fence = fence ?? null;
    return fence !== undefined;
  }

  #words(text: string, line: number): void {
    this.#settleRow();
    const item = ITEM.exec(text) ?? BARE_BOX.exec(text);
    const indent = widthOf(item?.[1] ?? /^[ \t]*/.exec(text)?.[0] ?? '');
    if (item) this.#item(indent, item[2], item[3] ?? '', line);
    else if (this.#draft !== null && (!this.#afterBlank || (indent > 1 && this.#draft.kind !== 'text'))) {
      // Continues on the next line; after a blank line, text inside an item is a detail of it.
      if (!this.#afterBlank && this.#draft.length < TASK_TEXT_LIMIT * 2) this.#more(this.#draft, text);
    } else {
      this.#flush();
      this.#above.length = 0;
      this.#begin({ line, indent: 0, kind: 'text', done: false, group: this.#group }, text);
    }
  }

  #item(indent: number, box: string | undefined, text: string, line: number): void {
    const parent = this.#parentOf(indent);
    // A plain item below a task is a detail of it, unless the task only introduces what follows.
    if (box === undefined && parent?.isTask === true) return;
    const done = box !== undefined && /[xX~-]/.test(box);
    const kind = box === undefined ? 'item' : 'box';
    this.#begin({ line, indent, kind, done, group: parent === null ? this.#group : parent.group }, text);
  }

  /** The parent of an item at that depth; null at the left margin. */
  #parentOf(indent: number): { readonly group: string | null; readonly isTask: boolean } | null {
    const last = this.#draft;
    if (last !== null && last.kind !== 'text' && indent > last.indent) {
      const isIntro = this.#isIntro(last);
      const words = groupOf(last);
      this.#flush();
      this.#above.push({ indent: last.indent, group: words, isTask: !isIntro });
    } else this.#flush();
    while ((this.#above.at(-1)?.indent ?? -1) >= indent) this.#above.pop();
    return this.#above.at(-1) ?? null;
  }

  #begin(draft: Omit<Draft, 'words' | 'length'>, text: string): void {
    this.#draft = { ...draft, words: [], length: 0 };
    this.#more(this.#draft, text);
  }

  #more(draft: Draft, text: string): void {
    draft.words.push(text.trim());
    draft.length += text.length;
  }

  #isIntro(draft: Draft): boolean {
    return draft.kind !== 'box' && /[:\uff1a]\s*(?:\*\*|__)?$/.test(draft.words.join(' ').trim());
  }

  #flush(): void {
    const draft = this.#draft;
    this.#draft = null;
    if (draft === null) return;
    const raw = draft.words.join(' ').trim();
    const isLabel = draft.kind === 'text' && /^(?:\*\*|__)[^*_]{1,100}(?:\*\*|__)[:\uff1a]?$/.test(raw);
    if (isLabel || this.#isIntro(draft)) {
      if (draft.kind === 'text') this.#group = groupOf(draft);
      return;
    }
    this.#add(raw, draft);
  }

  #add(raw: string, { line, done, group }: Pick<Draft, 'line' | 'done' | 'group'>): void {
    if (this.#tasks.length >= this.#room) return;
    const ticked = TICKED.test(raw);
    const struck = STRUCK.exec(raw)?.[1];
    const words = (struck ?? raw).replace(TICKED, '').replace(UNTICKED, '');
    const text = oneLine(plainOf(words), TASK_TEXT_LIMIT);
    if (!/[\p{L}\p{N}]/u.test(text)) {
      // A lone `-` or dash is a common way to write "none".
      this.saysNone ||= /^[-\u2013\u2014]+$/.test(text);
      return;
    }
    if (/^not recorded\.?$/i.test(text)) return;
    if (saysNothingPending(text)) this.saysNone = true;
    else this.#tasks.push({ line, text, done: done || ticked || struck !== undefined, group });
  }

  #tableRow(text: string, line: number): void {
    this.#flush();
    this.#settleRow();
    const cells = text
      .split('|')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    this.#row = { cells: cells.join(' \u00b7 '), line };
  }

  #settleRow(): void {
    const row = this.#row;
    this.#row = null;
    if (row !== null) this.#add(row.cells, { line: row.line, done: false, group: this.#group });
  }
}

function groupOf({ words }: Draft): string | null {
  const text = plainOf(words.join(' '));
  return cut(text.replace(/[\s:\uff1a]+$/, ''), GROUP_LIMIT) || null;
}

/** Text as read. A secret's placeholder is not emphasis: text packs contain it already hidden, and must yield the same words. */
function plainOf(words: string): string {
  const hidden = hideCredentials(words).replaceAll(/(?<=\/\/|=|\s)\*\*\*(?=[@&\s'"]|$)/g, '\\*\\*\\*');
  return plainInline(oneLine(hidden, LINE_LIMIT));
}

function widthOf(indent: string): number {
  let width = 0;
  for (const sign of indent) width += sign === '\t' ? 4 - (width % 4) : 1;
  return width;
}

const NONE =
  /^(?:none|nothing|nil|n\/a|not applicable|keine?|nichts)(?: (?:at this time|at the moment|for now|right now|currently|known|yet|so far|here|to report|from this session|this session))*$/;
const NONE_OF =
  /^(?:(?:there (?:is|are) )?(?:currently )?)?(?:none|nothing|no)(?: (?:known|more|other|further|new|open|currently|is|are|left|remains?|remaining|still|pending|outstanding|incomplete|unfinished|blocking|to do|todo|to-do|follow[- ]?ups?|tasks?|items?|work|issues?|actions?|steps?|todos?|at this time|at the moment|for now|right now|from|in|this|session|and|or)){1,10}$/;
const ALL_DONE =
  /^(?:all|everything)(?: (?:of|the|is|are|was|were|planned|pending|open|requested|tasks?|items?|work|steps?|in|this|session|has|have|been|now)){0,8} (?:done|complete|completed|finished|closed|resolved|merged|shipped|deployed)$/;
const GOOD_NEWS =
  /\b(?:all|everything|done|completed?|finished|merged|shipped|deployed|closed|resolved|works?)\b/;

/** True for "None", "Nothing pending.", "No open tasks at this time", "All tasks completed": there is nothing to do. */
function saysNothingPending(text: string): boolean {
  if (text.length > 160) return false;
  const words = text
    .toLowerCase()
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replaceAll(/\s+/g, ' ');
  if ([NONE, NONE_OF, ALL_DONE].some((pattern) => pattern.test(words))) return true;
  // "None - everything is merged." says it twice.
  const [first = '', ...rest] = words.split(/\s*[.,;:\u2013\u2014(]\s*|\s-\s/);
  const more = rest.join(' ');
  return (
    [NONE, NONE_OF].some((pattern) => pattern.test(first)) &&
    (more === '' || (GOOD_NEWS.test(more) && !/\b(?:but|except|until|once|still|not)\b/.test(more)))
  );
}
