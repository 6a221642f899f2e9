import { readFrontMatter } from '../../../shared/domain/log-text/front-matter.ts';
import { visitHeadings, type Heading } from '../../../shared/domain/log-text/headings.ts';
import { sectionOf, type SectionName } from '../../../shared/domain/log-text/sections.ts';

/** A level 1 or 2 heading with everything up to the next such heading. */
export interface TextSection {
  /** Which of the ten it is; null for a note, an update or a custom section. */
  readonly name: SectionName | null;
  readonly title: string;
  readonly level: number;
  /** Heading and body as written, `\n` line breaks, without blank ends. */
  readonly heading: string;
  readonly body: string;
}

/** A log's text by its main headings. */
export interface SplitText {
  /** With its `---` lines; `''` for none. */
  readonly frontMatter: string;
  /** The first level-1 heading other than the ten sections, as written. */
  readonly title: string | null;
  /** Text before the first section. */
  readonly preamble: string;
  readonly sections: readonly TextSection[];
}

/** Splits a text into sections; joining all parts loses nothing but blank lines between them. */
export function splitSections(raw: string): SplitText {
  const text = normalBreaks(raw);
  const matter = readFrontMatter(text, 0);
  const start = matter?.end ?? 0;
  const cuts: Heading[] = [];
  visitHeadings(text, start, (matter?.lines ?? 0) + 1, {
    heading: (heading) => {
      if (heading.level <= 2) cuts.push(heading);
    },
    line: () => undefined,
  });
  const titleAt = cuts.findIndex((cut) => cut.level === 1 && sectionOf(cut.title) === null);
  const title = titleAt === -1 ? undefined : cuts[titleAt];
  const preamble: string[] = [trimBlank(text.slice(start, cuts[0]?.start ?? text.length))];
  const sections: TextSection[] = [];
  for (const [index, cut] of cuts.entries()) {
    const body = trimBlank(text.slice(cut.end, cuts[index + 1]?.start ?? text.length));
    if (cut === title) {
      preamble.push(body);
      continue;
    }
    const heading = text.slice(cut.start, cut.end).trim();
    sections.push({ name: sectionOf(cut.title), title: cut.title, level: cut.level, heading, body });
  }
  return {
    frontMatter: matter === null ? '' : text.slice(0, matter.end).trimEnd(),
    title: title?.written ?? null,
    preamble: preamble.filter((part) => part !== '').join('\n\n'),
    sections,
  };
}

/** Without a byte order mark and with `\n` only: input from Windows shells and editors must hash and compare alike. */
export function normalBreaks(text: string): string {
  return (text.startsWith('\ufeff') ? text.slice(1) : text).replaceAll('\r\n', '\n');
}

/** Without blank lines at both ends; keeps the first line's indentation, which may be code. */
export function trimBlank(text: string): string {
  let start = 0;
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', start)) {
    if (text.slice(start, feed).trim() !== '') break;
    start = feed + 1;
  }
  return text.slice(start).trimEnd();
}

/** The line of a text's unclosed code fence; null when all are closed. */
export function openFenceOf(text: string): number | null {
  return visitHeadings(text, 0, 1, { heading: () => undefined, line: () => undefined }).openFence;
}

/**
 * The closing line for a text's open fence, `''` when all are closed.
 * @param openFence its line, if already known
 */
export function closingFence(text: string, openFence: number | null = openFenceOf(text)): string {
  if (openFence === null) return '';
  let start = 0;
  for (let line = 1; line < openFence; line++) start = text.indexOf('\n', start) + 1;
  return /^ {0,3}(`{3,}|~{3,})/.exec(text.slice(start, start + 10_000))?.[1] ?? '';
}

/** Demotes all headings of a text so that the highest has at least `level`; their relative depth stays, up to six levels. */
export function demoteHeadings(text: string, level: number): string {
  const headings: Heading[] = [];
  visitHeadings(text, 0, 1, { heading: (heading) => headings.push(heading), line: () => undefined });
  const highest = headings.reduce((min, heading) => Math.min(min, heading.level), 6);
  const deeper = level - highest;
  if (deeper <= 0 || headings.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const heading of headings) {
    const marks = '#'.repeat(Math.min(deeper, 6 - heading.level));
    if (heading.lines === 1) {
      const at = text.indexOf('#', heading.start);
      parts.push(text.slice(from, at), marks);
      from = at;
    } else {
      // An underline has only two levels, so the heading gets marks instead.
      const words = text.slice(heading.start, text.indexOf('\n', heading.start)).trim();
      parts.push(text.slice(from, heading.start), `${marks}${'#'.repeat(heading.level)} ${words}\n`);
      from = heading.end;
    }
  }
  parts.push(text.slice(from));
  return parts.join('');
}
