import { dayFromNumber, dayNumber } from '../format/time.ts';
import { parseCalendarDate, quote, type CalendarDate } from './ids.ts';
import {
  SEARCH_MARKS,
  VALUE_FIELDS,
  type SearchFilter,
  type SearchMark,
  type SearchQuestion,
  type SearchWord,
  type ValueField,
} from './search-question.ts';

/** Longer input was pasted by mistake, and its beginning is enough. */
const MAX_TYPED = 2_000;
const MAX_WORDS = 32;
const MAX_VALUE = 200;
const SHORTEST_PREFIX = 3;

const DAY_FIELDS = ['date', 'before', 'after'] as const;
const FIELDS: readonly string[] = [...VALUE_FIELDS, ...DAY_FIELDS, 'has', 'is'];
/** Synonyms people use. */
const ALIASES: Readonly<Record<string, string>> = {
  person: 'user',
  by: 'user',
  author: 'user',
  host: 'machine',
  since: 'after',
};

// Every quantifier follows a different first character, so matching a piece is linear.
const PIECE = /(-?)(?:([A-Za-z]{2,12}):(?!:|\/\/))?(?:"([^"]*)(?:"|$)|(\S+))/g;

/**
 * Parses a typed search. Never fails: anything that is not an operator is a word, and an unknown field is explained.
 * @param today the current day, for `date:yesterday`
 */
export function parseSearch(typed: string, today: CalendarDate): SearchQuestion {
  const reader = new QuestionReader(today);
  if (typed.length > MAX_TYPED)
    reader.explanations.push(`Only the first ${MAX_TYPED.toLocaleString('en')} characters were read.`);
  const text = typed.slice(0, MAX_TYPED);
  for (const match of text.matchAll(PIECE)) {
    const [whole, minus = '', field, quoted, plain = ''] = match;
    reader.take({ whole, not: minus !== '', field, exact: quoted !== undefined, value: quoted ?? plain });
  }
  return reader.finish();
}

interface Piece {
  readonly whole: string;
  readonly not: boolean;
  readonly field: string | undefined;
  readonly exact: boolean;
  readonly value: string;
}

class QuestionReader {
  readonly explanations: string[] = [];
  readonly #today: CalendarDate;
  readonly #groups: SearchWord[][] = [];
  readonly #without: SearchWord[] = [];
  readonly #filters: SearchFilter[] = [];
  #from: CalendarDate | null = null;
  #to: CalendarDate | null = null;
  #joins = false;
  #words = 0;

  constructor(today: CalendarDate) {
    this.#today = today;
  }

  take(piece: Piece): void {
    const { field, value, whole } = piece;
    const isOr = field === undefined && !piece.exact && !piece.not && (value === 'OR' || value === '|');
    // Several values of one field are combined that way anyway.
    if (isOr && (this.#groups.length > 0 || this.#filters.length > 0)) {
      this.#joins = this.#groups.length > 0;
      return;
    }
    if (field !== undefined && this.#takeField(piece, field.toLowerCase())) return;
    this.#takeWord(
      field === undefined ? piece : { ...piece, value: whole.replace(/^-/, '').replaceAll('"', ' ') },
    );
  }

  finish(): SearchQuestion {
    if (this.#words > MAX_WORDS) this.explanations.push(`Only the first ${MAX_WORDS} words were searched.`);
    return {
      groups: this.#groups,
      without: this.#without,
      filters: this.#filters,
      from: this.#from,
      to: this.#to,
      explanations: this.explanations,
    };
  }

  #takeWord({ value, exact, not }: Piece): void {
    if (!/[\p{L}\p{N}]/u.test(value)) return;
    if (++this.#words > MAX_WORDS) return;
    const stem = value.slice(0, MAX_VALUE);
    const asked = !exact && /[\p{L}\p{N}]\*$/u.test(stem);
    const letters = stem.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (asked && letters < SHORTEST_PREFIX)
      this.explanations.push(
        `${quote(stem)} begins too many words: give at least ${SHORTEST_PREFIX} letters before the *. It was searched as a word.`,
      );
    const word = { text: stem, exact, prefix: asked && letters >= SHORTEST_PREFIX };
    const last = this.#groups.at(-1);
    if (not) this.#without.push(word);
    else if (this.#joins && last) last.push(word);
    else this.#groups.push([word]);
    this.#joins = false;
  }

  /** @returns false when it is not a field after all, but a word */
  #takeField({ value, not }: Piece, typed: string): boolean {
    const field = ALIASES[typed] ?? typed;
    if (value.trim() === '') {
      if (!FIELDS.includes(field)) return false;
      this.explanations.push(`${field}: has no value and was left out.`);
      return true;
    }
    if (isValueField(field)) {
      const prefix = value.endsWith('*');
      this.#filters.push({ field, value: value.slice(0, MAX_VALUE).replace(/\*$/, ''), prefix, not });
      return true;
    }
    if (field === 'has' || field === 'is') return this.#takeMark(`${field}:${value.toLowerCase()}`, not);
    if (isDayField(field)) return this.#takeDays(field, value, not);
    this.#explainField(typed, value);
    return false;
  }

  #takeMark(value: string, not: boolean): boolean {
    const mark = SEARCH_MARKS.find((known) => known === value || `${known}s` === value);
    if (mark !== undefined) {
      this.#filters.push({ field: 'mark', value: mark satisfies SearchMark, not });
      return true;
    }
    this.explanations.push(
      `${quote(value)} is no mark of a log; there are ${SEARCH_MARKS.join(', ')}. It was searched as words.`,
    );
    return false;
  }

  #takeDays(field: (typeof DAY_FIELDS)[number], value: string, not: boolean): boolean {
    const span = daySpan(value, this.#today);
    if (span === null || not) {
      this.explanations.push(
        not
          ? `-${field}: cannot be turned round; use before: and after:. It was searched as words.`
          : `${field}:${quote(value)} is no day; write 2026-01-05, 2026-01, 2026, today, yesterday or 7d. It was searched as words.`,
      );
      return false;
    }
    const [first, last] = span;
    if (field === 'before') this.#to = earlier(this.#to, addDays(first, -1));
    else if (field === 'after') this.#from = later(this.#from, addDays(last, 1));
    else {
      this.#from = later(this.#from, first);
      this.#to = earlier(this.#to, last);
    }
    return true;
  }

  #explainField(field: string, value: string): void {
    // `localhost:8080`, `12:30`, `C:\x` are words with a colon and need no explanation.
    if (/^[\d\\/]/.test(value)) return;
    const near = nearest(field, FIELDS);
    this.explanations.push(
      near === null
        ? `${field}: is no field; there are ${FIELDS.map((name) => `${name}:`).join(' ')}. It was searched as words.`
        : `${field}: is no field; did you mean ${near}:? It was searched as words.`,
    );
  }
}

function isValueField(field: string): field is ValueField {
  return (VALUE_FIELDS as readonly string[]).includes(field);
}

function isDayField(field: string): field is (typeof DAY_FIELDS)[number] {
  return (DAY_FIELDS as readonly string[]).includes(field);
}

/** The days a word means, both ends inclusive; null for a word that means none. */
function daySpan(text: string, today: CalendarDate): readonly [CalendarDate, CalendarDate] | null {
  const word = text.toLowerCase();
  if (word === 'today') return [today, today];
  if (word === 'yesterday') return [addDays(today, -1), addDays(today, -1)];
  const ago = /^(\d{1,4})([dw])$/.exec(word);
  if (ago) {
    const day = addDays(today, -Number(ago[1]) * (ago[2] === 'w' ? 7 : 1));
    return [day, day];
  }
  const range = /^(.+?)\.\.(.+)$/.exec(word);
  if (range) {
    const [first, last] = [daySpan(range[1] ?? '', today), daySpan(range[2] ?? '', today)];
    return first === null || last === null ? null : [first[0], last[1]];
  }
  const month = /^(\d{4})(?:-(\d{2}))?$/.exec(word);
  if (month) {
    const first = parseCalendarDate(`${month[1]}-${month[2] ?? '01'}-01`);
    const next =
      month[2] === undefined
        ? `${Number(month[1]) + 1}-01-01`
        : nextMonth(Number(month[1]), Number(month[2]));
    const end = parseCalendarDate(next);
    return first.ok && end.ok ? [first.value, addDays(end.value, -1)] : null;
  }
  const day = parseCalendarDate(word);
  return day.ok ? [day.value, day.value] : null;
}

function addDays(day: CalendarDate, days: number): CalendarDate {
  return dayFromNumber(dayNumber(day) + days) as CalendarDate;
}

function nextMonth(year: number, month: number): string {
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}

function earlier(one: CalendarDate | null, other: CalendarDate): CalendarDate {
  return one !== null && one < other ? one : other;
}

function later(one: CalendarDate | null, other: CalendarDate): CalendarDate {
  return one !== null && one > other ? one : other;
}

/**
 * Returns the name probably meant by a mistyped one: at most two edits away.
 * @returns null when none is near
 */
export function nearest(name: string, names: readonly string[]): string | null {
  const ranked = names
    .map((known) => ({ known, away: distance(name.slice(0, 40), known.slice(0, 40)) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  return best !== undefined && best.away <= Math.min(2, Math.floor(name.length / 2)) ? best.known : null;
}

/** The number of letters to change, add or remove (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[other.length] ?? 0;
}
