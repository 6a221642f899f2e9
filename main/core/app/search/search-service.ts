import type { Answer } from '../../../../shared/app-error.ts';
import type { LogPlace } from '../../../../shared/domain/log-query.ts';
import type { SearchFilter } from '../../../../shared/domain/search-question.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import type { SearchFound, SearchStatus } from '../../../../shared/ipc/searching.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import type { SearchDeps } from '../../search/search-deps.ts';
import type { TextOrigin } from '../../ports/search-index.ts';
import { searchLogs, type SearchRequest } from '../../search/search-logs.ts';
import { teamTexts } from '../../workflows/pull-team-texts.ts';
import type { Caller, SearchService } from '../app-service.ts';
import type { PresentCore } from '../present-core.ts';
import type { KeptSearchesFile } from './kept-searches.ts';
import type { SearchUpkeep } from './search-upkeep.ts';

export interface SearchServiceParts {
  readonly present: PresentCore;
  readonly upkeep: SearchUpkeep;
  readonly kept: KeptSearchesFile;
}

/** A query in progress. */
interface Asked {
  readonly words: string;
  readonly stop: AbortController;
}

/** Searches for pages. Only the newest query of a box is answered: older ones are cancelled. */
export function createSearchService({ present, upkeep, kept }: SearchServiceParts): SearchService {
  const asked = new Map<string, Set<Asked>>();

  /** Cancels a box's older queries; further pages of the same query run in parallel. */
  function replace(box: string, words: string): Asked & { readonly done: () => void } {
    const all = asked.get(box) ?? new Set<Asked>();
    for (const one of all) if (one.words !== words) one.stop.abort();
    const question: Asked = { words, stop: new AbortController() };
    asked.set(box, all.add(question));
    const done = (): void => {
      all.delete(question);
      if (all.size === 0 && asked.get(box) === all) asked.delete(box);
    };
    return { ...question, done };
  }

  return {
    find: (input, caller) =>
      present.use(async ({ search }) => {
        const { box, cursor: _cursor, limit: _limit, snippets: _snippets, ...question } = input;
        const { stop, done } = replace(boxOf(box, caller), JSON.stringify(question));
        try {
          const request = { ...requestOf(input), waiting: upkeep.now.waiting, signal: stop.signal };
          return await (input.typing === true ? whileTyping : answer)(search, request);
        } finally {
          done();
        }
      }),
    status: () =>
      present.use(async ({ search, sync, settings }) => {
        const facts = await search.search.facts();
        if (!facts.ok) return facts;
        const setting = settings.search.team;
        const size = await teamTexts({ sync, settings });
        if (!size.ok) return size;
        const { logs, textBytes, fileBytes, keptBytes } = facts.value;
        const { machines, logs: teamLogs, bytes, text } = size.value;
        return ok({
          ...upkeep.now,
          logs,
          textBytes,
          fileBytes,
          keptBytes,
          team: { setting, machines, logs: teamLogs, bytes, text },
        } satisfies SearchStatus);
      }),
    kept: () => kept.read(),
    keep: (change) => kept.keep(change),
    build({ run }) {
      upkeep.setRunning(run);
      return Promise.resolve(ok(undefined));
    },
  };
}

async function answer(deps: SearchDeps, request: SearchRequest): Answer<SearchFound> {
  return mapOk(await searchLogs(deps, request), (found) => ({ ...found, asked: request.text }));
}

/** An unfinished word matches nothing, or a log that means something else by it: then prefix matches count. */
async function whileTyping(deps: SearchDeps, request: SearchRequest): Answer<SearchFound> {
  const typed = await answer(deps, request);
  if (!typed.ok || !isUnfinished(request.text) || isAnswered(typed.value)) return typed;
  const begun = await answer(deps, { ...request, text: `${request.text}*` });
  return begun.ok && isAnswered(begun.value) ? begun : typed;
}

function isAnswered({ hits }: SearchFound): boolean {
  return hits.some(({ rung }) => rung !== 'most');
}

/** Whether the text ends inside a plain word with enough letters for a prefix. */
function isUnfinished(text: string): boolean {
  const quotes = text.split('"').length - 1;
  return quotes % 2 === 0 && /(?:^|\s)[\p{L}\p{N}_][\p{L}\p{N}_.-]{2,}$/u.test(text);
}

function boxOf(box: string, { kind, id }: Caller): string {
  return `${kind} ${id} ${box}`;
}

const ORIGINS: Readonly<Record<LogPlace, readonly TextOrigin[]>> = {
  workspace: ['workspace'],
  git: ['git'],
  local: ['own'],
  cached: ['cached'],
  store: ['pack'],
};

/** Filters chosen beside the words, as search conditions. */
function requestOf(input: ParsedInput<'search.find'>) {
  const { text, machines = [], users = [], projects = [], clients = [], places = [], captured } = input;
  const named = (field: 'machine' | 'user' | 'project' | 'client', values: readonly string[]) =>
    values.map((value): SearchFilter => ({ field, value, prefix: false, not: false }));
  const { from, to, limit, cursor, snippets } = input;
  return {
    text,
    filters: [
      ...named('machine', machines),
      ...named('user', users),
      ...named('project', projects),
      ...named('client', clients),
      ...(captured === undefined
        ? []
        : [{ field: 'mark', value: 'is:captured', not: !captured } satisfies SearchFilter]),
    ],
    ...(places.length === 0 ? {} : { origins: places.flatMap((place) => ORIGINS[place]) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(snippets === undefined ? {} : { snippets }),
  };
}
