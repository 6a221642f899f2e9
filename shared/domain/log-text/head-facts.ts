import type { CalendarDate } from '../ids.ts';
import { findDays } from './find-day.ts';
import { headingDay } from './heading-day.ts';
import { readLabel, type LabelKind } from './labels.ts';
import { readPerson, type PersonName } from './person-name.ts';
import { plainInline } from './plain-inline.ts';
import { cut, oneLine, type Heading } from './headings.ts';

/** What a log's first lines tell about it. */
export interface HeadFacts {
  /** From a labelled line (`**Date:** …`), a table row, a line that is only a day, or a heading that begins or ends with one. */
  readonly day: CalendarDate | null;
  readonly person: PersonName | null;
  readonly project: string | null;
  readonly client: string | null;
  readonly tags: readonly string[];
}

/** Maximum lines of a log's head, and of headings in it: the title and one section. */
const HEAD_LINES = 60;
const HEAD_SECTIONS = 2;
/** Enough to detect that a log covers many days. */
const HEADINGS_LOOKED_AT = 200;
/** Longer lines contain more than a day. */
const LONGEST_ALONE = 80;
const LINE_LIMIT = 1_000;
const VALUE_LIMIT = 200;

/** A line without any of these is neither a field nor a day. */
const TELLING = /[:|\uff1a\u5e74\ub144]|\d{4}/;
const FIELD = /^[^\p{L}\p{N}]{0,6}([\p{L}\p{M}][\p{L}\p{M}\p{N} /&'-]{0,40}?)\s?[:\uff1a]\s*(\S.*)$/u;
/** Several fields in one line: `**Date:** … | **Author:** …`. */
const BETWEEN_FIELDS =
  /\s+[|\u00b7\u2022]\s+|\s{2,}(?=\*\*)|\s+(?=\*\*[^*]{1,40}(?::\*\*|\*\*\s?[:\uff1a]))/u;
/** What a line may contain besides its day and still count as only a day: punctuation, a time, a weekday. */
const DAY_COMPANY =
  /^[\s\p{P}#>|*~]*(?:\p{L}{1,12}[\s\p{P}]*)?(?:at |T)?(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s?(?:[ap]m|uhr|utc|z)?[\s\p{P}]*){0,2}[\s\p{P}#>|*~]*$/iu;

/** Collects {@link HeadFacts} while a log is scanned. */
export class HeadReader {
  #open = true;
  #sections = 0;
  #labelled: CalendarDate | null = null;
  #alone: CalendarDate | null = null;
  #title: CalendarDate | null = null;
  /** Day of the first heading below the title; void when a sibling heading has another day: the log then covers many days. */
  #section: CalendarDate | null = null;
  #manyDays = false;
  #manyAlone = false;
  #begun = false;
  /** The first line of text, above any heading, begins with a day: others may too, so the log may cover many. */
  #startsWithDay = false;
  #looked = 0;
  readonly #people: Partial<Record<'author' | 'user', PersonName>> = {};
  #isTalk = false;
  #project: string | null = null;
  #client: string | null = null;
  #tags: readonly string[] = [];
  /** Columns of the current table if its first row names them, else empty; null outside a table. */
  #columns: readonly (LabelKind | null)[] | null = null;

  heading({ level, title, line }: Pick<Heading, 'level' | 'title' | 'line'>): void {
    this.#columns = null;
    if (level >= 2) this.#sections++;
    if (line > HEAD_LINES || this.#sections > HEAD_SECTIONS) this.#open = false;
    const isFirst = this.#looked === 0;
    if (this.#open && level >= 2) this.#field(title);
    if (this.#manyDays || ++this.#looked > HEADINGS_LOOKED_AT || (level > 2 && !isFirst)) return;
    const found = headingDay(title);
    if (found === null) return;
    if (level === 1 && this.#title === null && this.#sections === 0) this.#title = found;
    else if (this.#section === null && this.#open) this.#section = found;
    else if (found !== (this.#section ?? this.#title)) this.#manyDays = true;
  }

  line(text: string, start: number, end: number, line: number): void {
    if (!this.#open) return;
    if (line > HEAD_LINES) {
      this.#open = false;
      return;
    }
    if (end === start || end - start > LINE_LIMIT) return;
    const raw = text.slice(start, end).trim();
    if (!this.#begun && raw !== '') this.#startsWithDay = this.#looked === 0 && dayAtStart(raw) !== null;
    this.#begun ||= raw !== '';
    if (!TELLING.test(raw)) {
      this.#columns = null;
      return;
    }
    if (raw.startsWith('|')) {
      this.#row(raw);
      return;
    }
    this.#columns = null;
    let fields = 0;
    if (/[:\uff1a]/.test(raw))
      for (const part of raw.split(BETWEEN_FIELDS)) fields += this.#field(plainInline(part)) ? 1 : 0;
    if (fields > 0 || raw.length > LONGEST_ALONE * 3 || !/\d{4}/.test(raw)) return;
    const alone = this.#startsWithDay ? dayAtStart(raw) : dayAlone(plainInline(raw));
    if (alone !== null && alone !== (this.#alone ?? alone)) this.#manyAlone = true;
    this.#alone ??= alone;
  }

  facts(): HeadFacts {
    const { author, user } = this.#people;
    return {
      day:
        this.#labelled ??
        this.#title ??
        (this.#manyAlone ? null : this.#alone) ??
        (this.#manyDays ? null : this.#section),
      person: author ?? (this.#isTalk ? null : user) ?? null,
      project: this.#project,
      client: this.#client,
      tags: this.#tags,
    };
  }

  #field(part: string): boolean {
    const match = FIELD.exec(part);
    if (!match) return false;
    const label = match[1] ?? '';
    // "User: … Assistant: …" is a transcribed conversation, not an attribution.
    if (/^(?:assistant|claude|agent|ai|model|system|answer)$/i.test(label) && this.#people.user)
      this.#isTalk = true;
    return this.#take(label, match[2] ?? '');
  }

  /** A table gives it by rows (`| Date | 2026-01-05 |`) or, if its first row names at least two fields, by columns. */
  #row(raw: string): void {
    const cells = tableCells(raw);
    if (cells.every((cell) => /^:?-+:?$/.test(cell))) return;
    const [label = '', value = ''] = cells;
    if (this.#columns === null) {
      const kinds = cells.map((cell) => readLabel(cell)?.kind ?? null);
      this.#columns = kinds.filter((kind) => kind !== null).length > 1 ? kinds : [];
      // The first row is a header, where "project" may mean "item"; a day is unambiguous.
      if (kinds[0] === 'date') this.#take(label, value);
    } else if (this.#columns.length === 0) this.#take(label, value);
    else for (const [at, kind] of this.#columns.entries()) if (kind) this.#set(kind, cells[at] ?? '', false);
  }

  #take(label: string, value: string): boolean {
    const known = readLabel(label);
    return known !== null && this.#set(known.kind, oneLine(value, VALUE_LIMIT), known.isForeign);
  }

  /** True when the value is valid for its kind. */
  #set(kind: LabelKind, value: string, pointsAreDayFirst: boolean): boolean {
    if (kind === 'date') {
      const found = findDays(value, { pointsAreDayFirst, shortYears: true })[0];
      this.#labelled ??= found?.date ?? null;
      return found !== undefined;
    }
    if (kind === 'author' || kind === 'user') {
      const person = readPerson(value);
      if (person) this.#people[kind] ??= person;
      return person !== null;
    }
    if (value === '' || /^[\p{P}\p{S}\s]*$/u.test(value)) return false;
    if (kind === 'tags') {
      if (this.#tags.length === 0) this.#tags = readTags(value);
    } else if (kind === 'project') this.#project ??= lastName(value);
    else this.#client ??= cut(value, 100);
    return true;
  }
}

function tableCells(raw: string): string[] {
  const cells = raw
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split('|', 20);
  return cells.map((cell) => plainInline(cell.trim()));
}

/** For a path, its last folder; an address is not a project name. */
function lastName(value: string): string | null {
  if (value.includes('://')) return null;
  const path = /^(?:[~.]|[A-Za-z]:)?[\\/]\S+/.exec(value)?.[0];
  return cut(path?.split(/[\\/]/).findLast((part) => part !== '') ?? value, 100);
}

/** Parses `a, b`, `#a #b` or `[a, b]` into a list without duplicates. */
export function readTags(value: string): readonly string[] {
  const parts = value.replaceAll(/[[\]"']/g, '').split(/[,;\u3001\uff0c]|\s+(?=#)/);
  const tags = parts.map((part) => oneLine(part.replace(/^[\s#]+/, ''), 60)).filter((tag) => tag !== '');
  return [...new Set(tags)];
}

/** The day a line begins with, after list markers and a bracket. */
function dayAtStart(line: string): CalendarDate | null {
  const words = line.replace(/^[\s\-*+>#[(]+/, '');
  const [found] = findDays(words);
  return found?.start === 0 ? found.date : null;
}

/** The day of a line that contains only a day, its weekday and a time. */
function dayAlone(line: string): CalendarDate | null {
  if (line.length > LONGEST_ALONE) return null;
  const found = findDays(line)[0];
  if (!found) return null;
  const rest = line.slice(0, found.start) + line.slice(found.end);
  return DAY_COMPANY.test(rest) ? found.date : null;
}
