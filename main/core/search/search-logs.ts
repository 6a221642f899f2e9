import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { foldText } from '../../../shared/domain/fold-text.ts';
import { logId, type CalendarDate } from '../../../shared/domain/ids.ts';
import { partId } from '../../../shared/domain/log-path.ts';
import { Lines } from '../../../shared/domain/log-text/lines.ts';
import { sectionOf } from '../../../shared/domain/log-text/sections.ts';
import { lineInText, stretchesOf } from '../../../shared/domain/log-text/stretches.ts';
import { parseSearch } from '../../../shared/domain/parse-search.ts';
import type { SearchAnswer, SearchHit, SearchOptions } from '../../../shared/domain/search-answer.ts';
import type { SearchFilter, SearchQuestion } from '../../../shared/domain/search-question.ts';
import { err, ok } from '../../../shared/result.ts';
import { localDay } from '../logs/describe-log.ts';
import type { FoundText, FoundTexts, TextOrigin } from '../ports/search-index.ts';
import { readHit, type HitText } from './read-hit.ts';
import type { SearchDeps } from './search-deps.ts';
import { sectionAt, snippetsOf, wordsThere } from './snippets.ts';

const [USUAL_LIMIT, MOST_HITS] = [20, 200];
const [USUAL_SNIPPETS, MOST_SNIPPETS] = [2, 10];
/** Rows read from the database at once, and most per answer: for a section, each must be opened. */
const [STEP, LOOKED_AT] = [100, 600];

/** A question from an interface. */
export interface SearchRequest extends SearchOptions {
  /** As typed. */
  readonly text: string;
  /** Conditions beside the words, from options or buttons. */
  readonly filters?: readonly SearchFilter[];
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Only logs available in one of these ways; default any. */
  readonly origins?: readonly TextOrigin[];
  /** Logs on this disk not indexed yet, from the last sweep. */
  readonly waiting?: number;
  /** Scan the hits' logs for secrets again: for a program, which passes on what it reads. */
  readonly anew?: boolean;
  /** Number of hits taken, at least one; the next page begins after them. Default all. */
  readonly fits?: (hits: readonly SearchHit[]) => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Searches the text of every available log. No input is an error. Copies of one session (its log in a workspace, its part of a daily log)
 * are one hit, and further sessions of the same daily log fold under the best of them.
 * @returns `cancelled` on the signal, `io`, `disk-full`, `corrupt` of the database, `invalid-input` for an invalid cursor
 */
export async function searchLogs(deps: SearchDeps, request: SearchRequest): Answer<SearchAnswer> {
  const question = questionOf(deps, request);
  const limit = bounded(request.limit, USUAL_LIMIT, 1, MOST_HITS);
  const start =
    request.cursor === undefined ? 0 : Number(/^r(\d{1,6})$/.exec(request.cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return err(badCursor());
  const page = new Page(limit);
  let [offset, first]: [number, FoundTexts | null] = [start, null];
  let more = true;
  while (more && !page.isFull() && offset - start < LOOKED_AT) {
    const found = await deps.search.find(
      { question, me: { names: deps.me(), machine: deps.sync.self.uuid }, offset, limit: STEP },
      { signal: request.signal },
    );
    if (!found.ok) return found;
    first ??= found.value;
    const { taken, enough } = await take(deps, page, found.value, question, { ...request, offset });
    offset += taken;
    more = enough || found.value.more;
  }
  const snippets = bounded(request.snippets, USUAL_SNIPPETS, 0, MOST_SNIPPETS);
  const words = markedWords(question, first);
  const shown = { words, limit: snippets, anew: request.anew ?? false };
  const found = await Promise.all(page.hits().map((hit) => withLines(deps, hit, question, shown)));
  const hits = found.slice(0, request.fits?.(found));
  const isCutHere = hits.length < found.length;
  const cut = more && !page.isFull();
  // The database counted rows that are skipped here.
  const isFilteredHere = hasSection(question) || request.origins !== undefined;
  return ok({
    hits,
    total: {
      count: Math.max(0, (first?.count ?? 0) - page.copies),
      atLeast: (first?.atLeast ?? false) || isFilteredHere,
    },
    next: isCutHere ? `r${page.hits()[hits.length]?.offset}` : more ? `r${offset}` : null,
    complete: (first?.complete ?? true) && !cut,
    waiting: request.waiting ?? 0,
    explanations: [
      ...question.explanations,
      ...(first?.explanations ?? []),
      ...(cut ? [`Only the first ${LOOKED_AT} logs were looked at; the next page goes on.`] : []),
    ],
  });
}

function questionOf(deps: SearchDeps, request: SearchRequest): SearchQuestion {
  const typed = parseSearch(request.text, localDay(deps.sync.clock.now()));
  return {
    ...typed,
    filters: [...typed.filters, ...(request.filters ?? [])],
    from: request.from ?? typed.from,
    to: request.to ?? typed.to,
  };
}

/** One hit with all rows folded under it. */
interface Folded {
  found: FoundText;
  text: HitText | null;
  /** Rows of other sessions in the same file. */
  readonly more: FoundText[];
  /** Of its first row among those that answer. */
  readonly offset: number;
}

/** One page's hits as they arrive. */
class Page {
  readonly #limit: number;
  readonly #byFile = new Map<string, Folded>();
  /** Each session's hit, by its copies' common key. */
  readonly #sessions = new Map<string, Folded>();
  /** Rows that are copies of a session already here. */
  copies = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  isFull(): boolean {
    return this.#byFile.size >= this.#limit;
  }

  /** @param session that it is a copy of; null for none */
  add(found: FoundText, session: string | null, text: HitText | null, offset: number): void {
    const copy = session === null ? undefined : this.#sessions.get(session);
    if (copy) {
      this.copies++;
      // A session's own log has more than its part of a daily log; the rank stays.
      if (copy.found.part !== null && found.part === null) [copy.found, copy.text] = [found, text];
      return;
    }
    const file = logId(found.machine, found.path);
    const known = this.#byFile.get(file);
    if (known) {
      known.more.push(found);
      return;
    }
    const hit: Folded = { found, text, more: [], offset };
    this.#byFile.set(file, hit);
    if (session !== null) this.#sessions.set(session, hit);
  }

  hits(): readonly Folded[] {
    return [...this.#byFile.values()];
  }
}

/** Takes rows until the page is full. @returns the number examined, and whether any are left */
async function take(
  deps: SearchDeps,
  page: Page,
  { rows, words }: FoundTexts,
  question: SearchQuestion,
  { origins, anew = false, offset }: SearchRequest & { readonly offset: number },
): Promise<{ readonly taken: number; readonly enough: boolean }> {
  let taken = 0;
  for (const found of rows) {
    if (page.isFull()) return { taken, enough: true };
    taken++;
    if (origins !== undefined && !origins.includes(found.origin)) continue;
    const text = hasSection(question) ? await readHit(deps, found, anew) : null;
    if (hasSection(question) && (text === null || !answersSection(text, question, words))) continue;
    page.add(found, await sessionKey(deps, found), text, offset + taken - 1);
  }
  return { taken, enough: false };
}

/** Copies of one session share its id and its person. */
async function sessionKey({ sync }: SearchDeps, found: FoundText): Promise<string | null> {
  const row = await sync.index.row(partId(logId(found.machine, found.path), found.part));
  if (!row.ok || row.value === null || row.value.session === null)
    return found.part === null ? null : `${found.part} ${found.user ?? ''}`;
  return `${row.value.session} ${row.value.user ?? ''}`;
}

function hasSection({ filters }: SearchQuestion): boolean {
  return filters.some(({ field }) => field === 'section');
}

function sectionTest({ filters }: SearchQuestion): ((title: string) => boolean) | undefined {
  const asked = filters.flatMap((one) =>
    one.field === 'section' && !one.not ? [foldText(one.value).trim()] : [],
  );
  if (asked.length === 0) return undefined;
  const known = new Map<string, boolean>();
  return (title) => {
    const answer =
      known.get(title) ??
      asked.some((value) => foldText(`${title} ${sectionOf(title) ?? ''}`).includes(value));
    known.set(title, answer);
    return answer;
  };
}

/** Whether every word is in a requested section; without words, whether there is such a section. */
function answersSection(hit: HitText, question: SearchQuestion, words: readonly string[]): boolean {
  const refused = question.filters.flatMap((one) =>
    one.field === 'section' && one.not ? [foldText(one.value).trim()] : [],
  );
  const titles = hit.parsed.sections.filter(({ line }) =>
    hit.ranges.some(([first, last]) => line >= first && line <= last),
  );
  if (titles.some(({ title }) => refused.some((value) => foldText(title).includes(value)))) return false;
  const inSection = sectionTest(question);
  if (inSection === undefined) return true;
  if (question.groups.length === 0) return titles.some(({ title }) => inSection(title));
  const there = wordsThere({
    ...hit,
    words,
    whole: wholeWords(question),
    limit: 0,
    credentials: false,
    inSection,
  });
  return (
    there.size > 0 && (question.groups.length === 1 || there.size >= Math.min(2, question.groups.length))
  );
}

/** Single quoted words not also requested without quotes, folded. */
function wholeWords({ groups }: SearchQuestion): ReadonlySet<string> {
  const all = groups.flat();
  const free = new Set(all.filter(({ exact }) => !exact).map(({ text }) => foldText(text)));
  const quoted = all.filter(({ exact, prefix }) => exact && !prefix).map(({ text }) => foldText(text).trim());
  return new Set(quoted.filter((word) => !free.has(word)));
}

/** Words to highlight; prefixes end with a star. */
function markedWords(question: SearchQuestion, found: FoundTexts | null): readonly string[] {
  const prefixes = question.groups.flat().filter(({ prefix }) => prefix);
  const starred = prefixes.map(
    ({ text }) =>
      `${
        foldText(text)
          .match(/[a-z0-9\u0080-\uffff]+/g)
          ?.at(-1) ?? ''
      }*`,
  );
  return [...(found?.words ?? []), ...starred.filter((word) => word !== '*')];
}

async function withLines(
  deps: SearchDeps,
  { found, text, more }: Folded,
  question: SearchQuestion,
  {
    words,
    limit,
    anew,
  }: { readonly words: readonly string[]; readonly limit: number; readonly anew: boolean },
): Promise<SearchHit> {
  const log = logId(found.machine, found.path);
  const hit = limit > 0 ? (text ?? (await readHit(deps, found, anew))) : null;
  const inSection = sectionTest(question);
  const credentials = found.origin === 'own' && deps.ownCredentials();
  const asked =
    hit === null
      ? null
      : {
          ...hit,
          words,
          whole: wholeWords(question),
          limit,
          credentials,
          ...(inSection ? { inSection } : {}),
        };
  const snippets = asked === null ? [] : snippetsOf(asked);
  const line = snippets[0]?.line ?? found.line;
  return {
    id: partId(log, found.part),
    log,
    machine: found.machine,
    host: found.host,
    path: found.path,
    part: found.part,
    title: found.title,
    user: found.user,
    project: found.project,
    client: found.client,
    day: found.day,
    rung: found.rung,
    pulled: found.origin !== 'pack' && found.origin !== 'git',
    commit: found.commit,
    section: snippets[0]?.section ?? (hit === null ? null : sectionAt(hit.parsed, line)),
    line,
    readLine:
      found.part === null || hit === null
        ? line
        : lineInText(stretchesOf(new Lines(hit.text), hit.ranges), line),
    snippets,
    more: more.map((one) => ({ id: partId(log, one.part), title: one.title, line: one.line })),
  };
}

function bounded(value: number | undefined, usual: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(value ?? usual)));
}

function badCursor(): AppError {
  return appError('invalid-input', 'That is not a page of a search.', 'Search again from the first page.');
}
