import type { CalendarDate } from '../../../shared/domain/ids.ts';
import type { SearchAnswer, SearchHit } from '../../../shared/domain/search-answer.ts';
import type { SearchFilter } from '../../../shared/domain/search-question.ts';
import { dayOf } from '../../../shared/format/time.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { AppError } from '../../../shared/app-error.ts';
import { searchLogs, type SearchRequest } from '../../core/search/search-logs.ts';
import { parseDayWord } from '../day-words.ts';
import { zoneOf } from '../parse-options.ts';
import { answerText, byline, cutItem, dataLine, fitting, type AnswerItem } from './answer.ts';
import type { ToolArguments } from './tool-arguments.ts';
import type { RunTool, ToolBase } from './tool-base.ts';

/** Lines per hit. */
const SNIPPETS = 2;

/** `search_logs`: hits with lines, best first, as many as the budget permits. */
export const searchTool: RunTool<ToolArguments<'search_logs'>> = async (base, args, signal) => {
  const request = requestOf(base, args);
  if (!request.ok) return request;
  const waiting = await base.fresh.upToDate();
  if (!waiting.ok) return waiting;
  const answer = await searchLogs(base.core.search, {
    ...request.value,
    waiting: waiting.value,
    signal,
    fits: (hits) => fitting(hits.map(itemOf), args.budget),
  });
  return answer.ok ? ok(textOf(answer.value, args.budget)) : answer;
};

function textOf({ hits, total, next, waiting, explanations }: SearchAnswer, budget: number): string {
  const items = hits.map(itemOf).map((item) => cutItem(item, budget));
  const head = { total: total.count, shown: hits.length, truncated: next !== null, next };
  return answerText(head, items, {
    more: {
      ...(total.atLeast ? { atLeast: true } : {}),
      ...(waiting > 0 ? { notYetReadIn: waiting } : {}),
    },
    hints: [
      ...explanations.map((sentence) => dataLine(sentence)),
      ...(hits.length === 0 ? ['Nothing found. Try fewer or other words, or list_logs.'] : []),
    ],
  });
}

function itemOf(hit: SearchHit): AnswerItem {
  // A heading adds nothing to the title and the section.
  const lines = hit.snippets
    .filter(({ text }) => !text.startsWith('#'))
    .map(({ line, section, text }) => `${line}${sectionText(section, hit.title)}: ${dataLine(text, 240)}`);
  const here =
    hit.commit !== null
      ? [`(deleted in git; commit ${hit.commit.slice(0, 9)} has it)`]
      : hit.pulled
        ? []
        : ['(only its text for searching is here; read_log pull:true brings it all)'];
  return {
    by: byline(hit.user, hit.host, hit.day),
    text: [dataLine(hit.title ?? hit.path), hit.id, ...lines, ...here].join('\n   '),
  };
}

function sectionText(section: string | null, title: string | null): string {
  const says = section !== null && section !== title && !section.endsWith(' - Session Entry');
  return says ? ` [${dataLine(section, 40)}]` : '';
}

function requestOf({ core }: ToolBase, args: ToolArguments<'search_logs'>): Result<SearchRequest, AppError> {
  const fields = ['machine', 'user', 'project'] as const;
  const filters = fields.flatMap((field): readonly SearchFilter[] => {
    const value = args[field];
    return value === undefined ? [] : [{ field, value, prefix: false, not: false }];
  });
  const days: { from?: CalendarDate; to?: CalendarDate } = {};
  for (const name of ['from', 'to'] as const) {
    const text = args[name];
    if (text === undefined) continue;
    const day = parseDayWord(name, text, dayOf(Date.now(), zoneOf(core.settings)));
    if (!day.ok) return day;
    days[name] = day.value;
  }
  const { query: text, limit, cursor } = args;
  return ok({
    text,
    filters,
    ...days,
    limit,
    snippets: SNIPPETS,
    anew: true,
    ...(cursor === undefined ? {} : { cursor }),
  });
}
