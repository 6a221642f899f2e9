import { readNoteHeading, type NoteHeading } from '../../../shared/domain/log-text/note-heading.ts';
import { visitHeadings, type Heading } from '../../../shared/domain/log-text/headings.ts';
import { readFrontMatter } from '../../../shared/domain/log-text/front-matter.ts';
import { lastThat } from '../../../shared/last-that.ts';

/**
 * A log split into blocks that can be read, measured and drawn one by one. Lexing 10 MB of Markdown takes seconds; finding where to split
 * it takes milliseconds, and only what is on screen is ever lexed.
 */
export interface LogDocument {
  readonly text: string;
  readonly blocks: readonly LogBlock[];
  readonly sections: readonly DocumentSection[];
  /** Link reference definitions of the whole text, by lower-case label. */
  readonly references: Readonly<Record<string, { readonly href: string; readonly title: string }>>;
  /** The front matter keys that have a value, in order; nested ones as `metadata.date`. */
  readonly frontMatter: readonly (readonly [string, string])[];
  readonly lines: number;
}

export interface LogBlock {
  /** `markdown` is lexed; `code` is a part of a long fenced block; `plain` is text too long to lex (a line of a megabyte). */
  readonly kind: 'markdown' | 'code' | 'plain';
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** First line, 1-based. */
  readonly line: number;
  readonly lines: number;
  /** Innermost section; -1 above the first heading. */
  readonly section: number;
  /** For `code`: the whole fenced text, without its fences, so that one button copies all of it. */
  readonly code?: {
    readonly start: number;
    readonly end: number;
    readonly first: boolean;
    readonly last: boolean;
    readonly language: string;
  };
}

export interface DocumentSection {
  readonly title: string;
  readonly level: number;
  readonly line: number;
  readonly start: number;
  /** Offset just past its heading. */
  readonly body: number;
  /** Offset just past the section's last character, including sub-sections. */
  readonly end: number;
  /** Index of its first block, which starts with its heading. */
  readonly block: number;
  /** True for sections with credentials: folded until a person reveals them. Their sub-sections are secret as well. */
  readonly secret: boolean;
  /** The outermost secret section containing it (possibly itself); -1 for none. */
  readonly secretRoot: number;
  readonly note: NoteHeading | null;
}

/** A block ends at the next good position once it is this long (characters). */
const GOOD = 2_000;
/** From this length on it is also split between list items. */
const LONG = 4_000;
/** Maximum length of a lexed block: some regular expressions of the lexer are quadratic. */
const MOST = 20_000;
const CODE_PIECE_LINES = 120;
const REFERENCES = 2_000;
/** What a section says that holds nothing: there is nothing to hide. */
const NOTHING = /^\s*(?:_Not recorded\._|None\.|)\s*$/;
const LONGEST_NOTHING = 100;
const SECRET = /credential|secret|password|api[ -]?keys?\b|private keys?\b/i;
const REFERENCE =
  /^ {0,3}\[([^\]\\]{1,200})\]:[ \t]*<?([^\s<>]{1,2000})>?(?:[ \t]+["'(](.{0,300})["')])?[ \t]*$/;
const LIST_ITEM = /^(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** Splits a log into blocks and sections, in time linear in its length. */
export function readDocument(text: string): LogDocument {
  const bom = text.startsWith('\ufeff') ? 1 : 0;
  const front = readFrontMatter(text, bom);
  const from = front?.end ?? bom;
  const firstLine = (front?.lines ?? 0) + 1;
  const cutter = new Cutter(text, from, firstLine);
  const scanned = visitHeadings(text, from, firstLine, cutter);
  cutter.finish(scanned.lastLine);
  return {
    text,
    blocks: cutter.blocks,
    sections: cutter.closedSections(),
    references: cutter.references,
    frontMatter: front ? [...front.values].filter(([, value]) => value !== '') : [],
    lines: Math.max(scanned.lastLine, firstLine - 1),
  };
}

/** Index of the innermost section that starts at or before an offset; -1 above the first. */
export function sectionOfOffset(document: LogDocument, offset: number): number {
  const { sections } = document;
  return lastThat(sections.length, (at) => (sections[at]?.start ?? 0) <= offset);
}

interface OpenSection extends Omit<DocumentSection, 'end'> {
  end: number;
}

/** The state of one pass; a class because the scan calls back line by line. */
class Cutter {
  readonly blocks: LogBlock[] = [];
  readonly references: Record<string, { readonly href: string; readonly title: string }> = {};
  #referenceCount = 0;
  readonly #sections: OpenSection[] = [];
  /** Indexes of the open sections, outermost first. */
  #path: number[] = [];
  readonly #text: string;
  /** Where the current block starts. */
  #start: number;
  #line: number;
  /** Where the line after the last visited one starts: a gap before the next visited one is a fenced block or a comment. */
  #next: number;
  #nextLine: number;

  constructor(text: string, from: number, line: number) {
    this.#text = text;
    this.#start = from;
    this.#next = from;
    this.#line = line;
    this.#nextLine = line;
  }

  heading(heading: Heading): void {
    this.#gap(heading.start, heading.line);
    this.#close(heading.start, heading.line);
    while (this.#path.length > 0 && (this.#sections[this.#path.at(-1) ?? 0]?.level ?? 0) >= heading.level)
      this.#endSection(heading.start);
    const parent = this.#sections[this.#path.at(-1) ?? -1];
    const index = this.#sections.length;
    const secret = parent?.secret === true || SECRET.test(heading.title);
    this.#sections.push({
      title: heading.title,
      level: heading.level,
      line: heading.line,
      start: heading.start,
      body: heading.end,
      end: this.#text.length,
      block: this.blocks.length,
      secret,
      secretRoot: !secret ? -1 : parent?.secret === true ? parent.secretRoot : index,
      note: heading.level >= 2 ? readNoteHeading(heading.title) : null,
    });
    this.#path.push(index);
    this.#seen(heading.end, heading.line + heading.lines - 1);
  }

  line(start: number, end: number, line: number): void {
    this.#gap(start, line);
    const length = start - this.#start;
    if (end - start > MOST) {
      this.#close(start, line);
      this.#plain(start, end, line);
    } else if (length + (end - start) > MOST) {
      this.#close(start, line);
    } else if (length > LONG && LIST_ITEM.test(this.#text.slice(start, start + 12))) {
      this.#close(start, line);
    }
    const next = this.#lineAfter(end);
    const blank = this.#isBlank(start, end);
    if (!blank && this.#text[start] === '[' && end - start < 2_600) this.#reference(start, end);
    this.#seen(next, line);
    if (blank && next - this.#start >= GOOD && this.#isGoodStart(next)) this.#close(next, line + 1);
  }

  finish(lastLine: number): void {
    this.#gap(this.#text.length, lastLine + 1);
    this.#close(this.#text.length, lastLine + 1);
  }

  closedSections(): DocumentSection[] {
    return this.#sections.map((section, index) => {
      const holdsNothing = section.secretRoot === index && section.end - section.body < LONGEST_NOTHING;
      return holdsNothing && NOTHING.test(this.#text.slice(section.body, section.end))
        ? { ...section, secret: false, secretRoot: -1 }
        : section;
    });
  }

  #endSection(at: number): void {
    const section = this.#sections[this.#path.pop() ?? -1];
    if (section) section.end = at;
  }

  #seen(next: number, line: number): void {
    this.#next = next;
    this.#nextLine = line + 1;
  }

  #lineAfter(end: number): number {
    const feed = this.#text.indexOf('\n', end);
    return feed === -1 ? this.#text.length : feed + 1;
  }

  #isBlank(start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const code = this.#text.charCodeAt(at);
      if (code !== 32 && code !== 9) return false;
    }
    return true;
  }

  /** Text that starts at the margin and does not continue a list can be lexed separately from what is above it. */
  #isGoodStart(at: number): boolean {
    const first = this.#text.charCodeAt(at);
    if (Number.isNaN(first) || first === 32 || first === 9 || first === 10 || first === 13) return false;
    return !LIST_ITEM.test(this.#text.slice(at, at + 12));
  }

  #push(block: Omit<LogBlock, 'section'>): void {
    if (block.end > block.start) this.blocks.push({ ...block, section: this.#path.at(-1) ?? -1 });
  }

  /** Ends the current block at an offset, the start of line `line`. */
  #close(at: number, line: number): void {
    this.#push({ kind: 'markdown', start: this.#start, end: at, line: this.#line, lines: line - this.#line });
    this.#start = at;
    this.#line = line;
  }

  /** A line too long to lex, in pieces. */
  #plain(start: number, end: number, line: number): void {
    for (let at = start; at < end;) {
      let to = Math.min(end, at + MOST);
      // Never between the halves of a surrogate pair.
      const last = this.#text.charCodeAt(to - 1);
      if (to < end && last >= 0xd800 && last <= 0xdbff) to -= 1;
      // The line break belongs to the last piece, so that the blocks together are the text.
      const next = to < end ? to : this.#lineAfter(end);
      this.#push({ kind: 'plain', start: at, end: next, line, lines: 1 });
      at = next;
    }
    this.#start = this.#lineAfter(end);
    this.#line = line + 1;
  }

  /** Examines the gap between the last visited line and this one: a long fenced block becomes separate blocks. */
  #gap(start: number, line: number): void {
    const from = this.#next;
    if (start - from < GOOD) return;
    const opening = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]{0,40})/.exec(this.#text.slice(from, from + 200));
    this.#close(from, this.#nextLine);
    if (opening === null) this.#chop(from, start, this.#nextLine, undefined);
    else this.#fence(from, start, this.#nextLine, opening[2] ?? '');
    this.#start = start;
    this.#line = line;
  }

  #fence(from: number, to: number, line: number, language: string): void {
    const codeStart = Math.min(to, this.#lineAfter(from));
    const body = this.#text.slice(codeStart, to);
    const closing = /(?:^|\n) {0,3}(?:`{3,}|~{3,})[ \t]*\r?\n?$/.exec(body.slice(-400));
    const codeEnd = closing === null ? to : to - closing[0].length;
    this.#chop(codeStart, Math.max(codeStart, codeEnd), line + 1, language);
  }

  /** Splits code into pieces of a few lines each; a comment or another gap (no language given) is shown the same way. */
  #chop(from: number, to: number, line: number, language: string | undefined): void {
    let [at, atLine] = [from, line];
    while (at < to) {
      let [end, count] = [at, 0];
      while (end < to && count < CODE_PIECE_LINES && end - at < MOST) {
        end = Math.min(to, this.#lineAfter(end), at + MOST);
        count += 1;
      }
      const code = { start: from, end: to, first: at === from, last: end >= to, language: language ?? '' };
      this.#push({ kind: 'code', start: at, end, line: atLine, lines: count, code });
      at = end;
      atLine += count;
    }
  }

  #reference(start: number, end: number): void {
    if (this.#referenceCount >= REFERENCES) return;
    const match = REFERENCE.exec(this.#text.slice(start, end));
    if (!match) return;
    const label = (match[1] ?? '').toLowerCase().replaceAll(/\s+/g, ' ').trim();
    if (label === '' || Object.hasOwn(this.references, label)) return;
    Object.defineProperty(this.references, label, {
      value: { href: match[2] ?? '', title: match[3] ?? '' },
      enumerable: true,
    });
    this.#referenceCount += 1;
  }
}
