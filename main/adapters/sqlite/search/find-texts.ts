import type { CalendarDate, LogPath, MachineUuid } from '../../../../shared/domain/ids.ts';
import { SEARCH_RUNGS, type SearchRung } from '../../../../shared/domain/search-answer.ts';
import {
  TEXT_ORIGINS,
  type FoundText,
  type FoundTexts,
  type IndexQuestion,
} from '../../../core/ports/search-index.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { DamagedIndex } from '../index-faults.ts';
import { inflections } from './inflections.ts';
import { notRankedBy, withinBudget, wordsToRank } from './rank-words.ts';
import { scoreRows } from './score-rows.ts';
import {
  allOf,
  anyOf,
  expressionsOf,
  quoted,
  withFacts,
  type Expressions,
  type Term,
} from './match-words.ts';
import { firstRow, lastRow, rowDay } from './search-schema.ts';

/** Rows of one rung that are ranked: of more, the newest. */
const RANKED = 2_000;
/** Matches that a word is counted up to; what has more counts as common. */
const COUNTED = 20_000;
/**
 * How often the ranking words of a question may stand in all logs together, each time half a microsecond: what would be above is not ranked
 * by. A small database is ranked by all words, because even those that say little tell long texts from bare titles.
 */
const [SCORED, SCORED_OF_FEW] = [20_000, 400_000];
/** Words in all logs of a small database. */
const FEW = 500_000;

/** A word that more than this share of the rows has is not worth marking beside rarer ones. */
const EVERYWHERE = 0.4;
/** Words apart that still count as close together. */
const NEAR = 10;
/** How much better than an old log a new one is, and after how many days that is half gone. */
const [RECENT, HALF_LIFE_DAYS] = [0.12, 90];
const DAY_MS = 86_400_000;

interface Candidate {
  readonly id: number;
  readonly rung: SearchRung;
  /** Larger is better. */
  readonly score: number;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds what answers a question, rung by rung, best first. Work is bounded whatever is asked: of a rung with very many rows only the newest
 * are ranked, and ranking goes by the rarer words.
 * @param pause given control between two steps; throws when nobody waits for the answer any more
 */
export async function findTexts(
  db: SqliteConnection,
  asked: IndexQuestion,
  now: number,
  pause: () => Promise<void>,
): Promise<FoundTexts> {
  const expressions = expressionsOf(asked);
  const { from, to } = asked.question;
  const span: Span = {
    first: to === null ? 0 : firstRow(to),
    last: from === null ? Number.MAX_SAFE_INTEGER : lastRow(from),
  };
  const finder = new Finder(db, expressions, span, now);
  if (expressions.explanations.length > 0)
    return {
      rows: [],
      more: false,
      count: 0,
      atLeast: false,
      complete: true,
      explanations: expressions.explanations,
      words: [],
    };
  const wanted = asked.offset + asked.limit + 1;
  for (const rung of finder.rungs()) {
    rung(wanted);
    await pause();
  }
  const found = finder.ranked();
  const page = found.slice(asked.offset, asked.offset + asked.limit);
  const atLeast = !finder.complete;
  return {
    rows: page.map((one) => readFound(db, one)).filter((row) => row !== null),
    more: found.length > asked.offset + asked.limit,
    count: found.length,
    atLeast,
    complete: finder.complete,
    explanations: finder.explanations,
    words: finder.marked(),
  };
}

/** One question on its way down the ladder. */
class Finder {
  complete = true;
  readonly explanations: string[] = [];
  /** Other forms of the words that were looked for. */
  readonly forms = new Set<string>();
  readonly #db: SqliteConnection;
  readonly #expressions: Expressions;
  readonly #span: Span;
  readonly #now: number;
  readonly #found = new Map<number, Candidate>();
  readonly #counts = new Map<string, number>();
  #wider: readonly Term[] | null = null;
  #scores: ReadonlyMap<number, number> | null = null;
  #loosened = false;

  constructor(db: SqliteConnection, expressions: Expressions, span: Span, now: number) {
    this.#db = db;
    this.#expressions = expressions;
    this.#span = span;
    this.#now = now;
  }

  /** The rungs from the top; the lower ones are left out when enough is found above them. */
  rungs(): readonly ((wanted: number) => void)[] {
    const { terms } = this.#expressions;
    if (terms.length === 0) return [() => this.#newest()];
    const plain = terms.every((term) => term.plain !== null && term.any.length === 1);
    const several = terms.length > 1 && plain;
    const words = terms.map((term) => term.plain ?? '');
    return [
      ...(several ? [() => this.#climb('phrase', quoted(words.join(' ')))] : []),
      ...(several ? [() => this.#climb('near', `NEAR(${words.map(quoted).join(' ')}, ${NEAR})`)] : []),
      () => this.#climb('all', allOf(terms.map((term) => anyOf(term.any)))),
      (wanted) => this.#similar(wanted),
      (wanted) => this.#most(wanted),
    ];
  }

  /** Words to be marked, the rarest first; what is in very many logs is marked only where nothing else is asked for. */
  marked(): readonly string[] {
    const words = [...new Set([...this.#expressions.marked, ...this.forms])];
    const counted = words
      .map((word) => ({ word, rows: this.#count(quoted(word), COUNTED) }))
      .sort((a, b) => a.rows - b.rows);
    const many = Math.max(20, this.#db.number('select rows from sums') * EVERYWHERE);
    const telling = counted.filter(({ rows }) => rows < Math.min(many, COUNTED));
    return (telling.length > 0 ? telling : counted).map(({ word }) => word);
  }

  ranked(): readonly Candidate[] {
    return [...this.#found.values()].sort(
      (a, b) =>
        SEARCH_RUNGS.indexOf(a.rung) - SEARCH_RUNGS.indexOf(b.rung) || b.score - a.score || a.id - b.id,
    );
  }

  /** Nothing but fields and days: the newest. */
  #newest(): void {
    const { first, last } = this.#span;
    const { facts, without } = this.#expressions;
    const ids =
      facts.length > 0
        ? this.#rows(withFacts('', this.#expressions), RANKED)
        : this.#db
            .all(
              `select id from docs where id between ?1 and ?2
                 and (?3 is null or id not in (select rowid from texts where texts match ?3)) order by id limit ?4`,
              first,
              last,
              without.length === 0 ? null : anyOf(without),
              RANKED,
            )
            .map(idOf);
    if (ids.length === RANKED) this.#bounded();
    for (const id of ids) this.#found.set(id, { id, rung: 'all', score: 0 });
  }

  #climb(rung: SearchRung, expression: string): void {
    const ids = this.#rows(withFacts(expression, this.#expressions), RANKED);
    const many = ids.length === RANKED;
    if (many) this.#bounded();
    const titled = many ? this.#titled() : [];
    this.#note([...ids, ...titled], rung, new Set(titled));
  }

  /** Of very many, those with all words in title or headings come along, however old they are. */
  #titled(): readonly number[] {
    const words = allOf(this.#expressions.terms.map((term) => anyOf(term.any)));
    return this.#rows(withFacts(`({title headings} : ${words})`, this.#expressions), RANKED / 10);
  }

  #similar(wanted: number): void {
    const { terms } = this.#expressions;
    if (this.#found.size >= wanted) return;
    const wider = this.#withForms();
    if (wider.every((term, at) => term.any.length === terms[at]?.any.length)) return;
    this.#climb('similar', allOf(wider.map((term) => anyOf(term.any))));
  }

  /** Any of the words, ranked: how a question in plain words is answered. What is in quotation marks counts as its words if nothing has it. */
  #most(wanted: number): void {
    const { terms } = this.#expressions;
    const free = terms.filter((term) => !term.fixed);
    if (this.#found.size >= wanted || (this.#found.size > 0 && free.length < 3)) return;
    if (free.length >= 2) this.#note([...this.#ranking().keys()], 'most');
    if (this.#found.size > 0 || terms.length < 2 || free.length === terms.length) return;
    this.explanations.push(
      'No log has what is in quotation marks together with the rest: its words were searched.',
    );
    this.#loosened = true;
    this.#scores = null;
    this.#note([...this.#ranking().keys()], 'most');
  }

  /** The words with their other forms that some log has. */
  #withForms(): readonly Term[] {
    if (this.#wider) return this.#wider;
    const { terms } = this.#expressions;
    const possible = terms.map(({ plain }) => (plain === null ? [] : inflections(plain)));
    const there = new Set(existing(this.#db, [...new Set(possible.flat())]));
    this.#wider = terms.map((term, at) => {
      const forms = (possible[at] ?? []).filter((form) => there.has(form));
      for (const form of forms) this.forms.add(form);
      return { ...term, any: [...term.any, ...forms.map(quoted)] };
    });
    return this.#wider;
  }

  /** The best rows by the words that tell something; empty where all are common, and then the newest come first. */
  #ranking(): ReadonlyMap<number, number> {
    if (this.#scores) return this.#scores;
    const counted = wordsToRank(this.#withForms())
      .map(({ name, forms }) => ({ name, forms, rows: this.#count(anyOf(forms.map(quoted)), COUNTED) }))
      .filter(({ rows }) => rows > 0);
    const { telling, dropped } = withinBudget(
      counted,
      this.#budget(),
      this.#db.number('select rows from sums'),
    );
    const asked = this.#expressions;
    const isQuestion = asked.terms.every((term) => !term.fixed);
    if (isQuestion && telling.length > 0 && dropped.length > 0) this.explanations.push(notRankedBy(dropped));
    const fixed = (this.#loosened ? [] : asked.terms)
      .filter((term) => term.fixed)
      .map((term) => anyOf(term.any));
    const any = anyOf(telling.flatMap(({ forms }) => forms.map(quoted)));
    const within = withFacts(fixed.length === 0 ? '' : allOf(fixed), asked, any);
    this.#scores =
      telling.length === 0
        ? new Map()
        : scoreRows(this.#db, telling, {
            ...this.#span,
            within: within === '' ? null : within,
            limit: SCORED,
          });
    return this.#scores;
  }

  #note(ids: readonly number[], rung: SearchRung, titled: ReadonlySet<number> = new Set()): void {
    const unseen = ids.filter((id) => !this.#found.has(id));
    if (unseen.length === 0) return;
    const scores = this.#ranking();
    for (const id of unseen) {
      const age = Math.max(0, (this.#now - Date.parse(rowDay(id))) / DAY_MS);
      const recent = 1 + RECENT * 2 ** (-age / HALF_LIFE_DAYS);
      const score = (scores.get(id) ?? 0) + (titled.has(id) ? 1 : 0);
      this.#found.set(id, { id, rung, score: score * recent });
      if (rung === 'most' && this.#found.size >= RANKED) break;
    }
  }

  #rows(expression: string, limit: number): readonly number[] {
    const { first, last } = this.#span;
    return this.#db
      .all(
        'select rowid from texts where texts match ? and rowid between ? and ? limit ?',
        expression,
        first,
        last,
        limit,
      )
      .map(idOf);
  }

  #count(expression: string, limit: number): number {
    const key = `${limit} ${expression}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const sql = 'select count(*) from (select 1 from texts where texts match ? limit ?)';
    const count = this.#db.number(sql, expression, limit);
    this.#counts.set(key, count);
    return count;
  }

  #budget(): number {
    return this.#db.number('select words from sums') <= FEW ? SCORED_OF_FEW : SCORED;
  }

  #bounded(): void {
    if (!this.complete) return;
    this.complete = false;
    this.explanations.push(
      `Very many logs answer this: the newest ${RANKED.toLocaleString('en')} were ranked. More words, a field or a day narrow it.`,
    );
  }
}

function idOf([id]: readonly (number | null)[]): number {
  return id ?? 0;
}

/** Which of these words some log has. */
function existing(db: SqliteConnection, words: readonly string[]): readonly string[] {
  return db.rows(
    'select json_quote(value) as row from json_each(?) where exists (select 1 from instances where term = value)',
    JSON.stringify(words),
  ) as string[];
}

type FoundRow = [
  machine: MachineUuid,
  path: LogPath,
  sha256: string,
  origin: number,
  host: string,
  commit: string | null,
  part: string | null,
  line: number,
  title: string | null,
  user: string | null,
  project: string | null,
  client: string | null,
];

function readFound(db: SqliteConnection, { id, rung }: Candidate): FoundText | null {
  const [row] = db.rows(
    `select json_array(l.machine, l.path, l.sha256, l.origin, l.host, l.git_commit, d.part, d.line, d.title, d.user, d.project, d.client)
       as row from docs d join logs l on l.no = d.log where d.id = ?`,
    id,
  ) as FoundRow[];
  if (row === undefined) throw new DamagedIndex('a row of the full text belongs to no log');
  const [machine, path, sha256, origin, host, commit, part, line, title, user, project, client] = row;
  const day: CalendarDate = rowDay(id);
  return {
    machine,
    path,
    sha256,
    origin: TEXT_ORIGINS[origin] ?? 'own',
    host,
    commit,
    part,
    line,
    title,
    user,
    project,
    client,
    day,
    rung,
  };
}
