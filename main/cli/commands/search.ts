import type { Command } from 'commander';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { SearchAnswer } from '../../../shared/domain/search-answer.ts';
import type { SearchFilter, SearchMark, ValueField } from '../../../shared/domain/search-question.ts';
import { dayOf } from '../../../shared/format/time.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { refreshLocal } from '../../core/workflows/refresh-local.ts';
import { mergeTexts } from '../../core/search/merge-texts.ts';
import { searchLogs, type SearchRequest } from '../../core/search/search-logs.ts';
import { sweepTexts } from '../../core/search/sweep.ts';
import type { WorkspaceNotice } from '../../core/workspaces/refresh-workspaces.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { parseDayWord } from '../day-words.ts';
import { printPaged } from '../pager.ts';
import { parseCount, several, zoneOf } from '../parse-options.ts';
import { searchText } from '../search-text.ts';

/** Milliseconds spent indexing changes before the answer: while nothing can be found yet; otherwise; and after the answer. */
const [FIRST_CATCH_UP_MS, CATCH_UP_MS, CATCH_UP_LATER_MS] = [1_500, 250, 1_500];
/** Milliseconds for merging after the answer when something was indexed; with `--update`. */
const [MERGE_MS, MERGE_MS_UPDATE] = [200, 5_000];

interface SearchCommandOptions {
  readonly machine?: readonly string[];
  readonly user?: readonly string[];
  readonly project?: readonly string[];
  readonly client?: readonly string[];
  readonly section?: readonly string[];
  readonly mine?: boolean;
  readonly captured?: boolean;
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly snippets?: string;
  readonly update?: boolean;
  readonly json?: boolean;
}

/** An answer as printed by `search --json`. */
type SearchReport = SearchAnswer & { readonly notices: readonly WorkspaceNotice[] };

/** `session-log search`: the text of every available log; works without a network. */
export function registerSearch(program: Command, context: CliContext): void {
  program
    .command('search [words...]')
    .description(
      'find words in the text of every log: of this machine, its workspaces, and what other machines have pushed',
    )
    .option('-m, --machine <name>', 'host name or UUID prefix; may be repeated', several)
    .option('-u, --user <name>', 'who wrote it; may be repeated', several)
    .option('-p, --project <name>', 'project; may be repeated', several)
    .option('-c, --client <slug>', 'client; may be repeated', several)
    .option(
      '-s, --section <title>',
      'only in sections with these words in their titles, e.g. Pending',
      several,
    )
    .option('--mine', 'only your own')
    .option('--captured', 'only logs made from agents’ transcripts')
    .option('--no-captured', 'only logs that someone wrote')
    .option('-d, --date <day>', 'one day: YYYY-MM-DD, today, yesterday, 3d (three days ago)')
    .option('--from <day>', 'first day, in the same words')
    .option('--to <day>', 'last day')
    .option('--limit <hits>', 'maximum number of hits, up to 200 (default: 20)')
    .option('--cursor <page>', 'the next page, as named by the previous one')
    .option('--snippets <lines>', 'lines per hit, up to 10 (default: 2)')
    .option('--update', 'first index everything that changed, however long it takes')
    .option('--json', 'print one JSON envelope')
    .addHelpText('after', LANGUAGE)
    .action(async (words: readonly string[], options: SearchCommandOptions) => {
      const core = await context.core();
      if (!core.ok) return finish(context, options.json ?? false, core, () => '');
      try {
        const found = await search(context, core.value, words, options);
        if (!found.ok) return finish(context, options.json ?? false, found, () => '');
        const { report } = found.value;
        let { readIn } = found.value;
        if (options.json) finish(context, true, ok(report), () => '');
        else print(context, report);
        if (report.waiting > 0 && !context.signal.aborted)
          readIn += await readInLater(core.value, context.signal);
        if (readIn > 0) await mergeTexts(core.value.search, options.update ? MERGE_MS_UPDATE : MERGE_MS);
      } finally {
        await core.value.close();
      }
    });
}

const LANGUAGE = `
A question, best in quotation marks of the shell:
  retry queue            both words, best first: as a phrase, close together, anywhere; other forms; most of a question's words
  '"retry queue"'        exactly so
  retr*  a OR b  -word   words that begin so; one of both; without the word ('queue -mail', for a word with - in front is an option)
  machine: user: project: client: agent: section: file: commit:
  date:2026-01  before:2026-02-01  after:7d  date:2026-01-05..2026-01-09
  has:note  has:pending  is:mine  is:pulled  is:captured  -is:captured`;

function print(context: CliContext, report: SearchReport): void {
  for (const { root, problem } of report.notices)
    context.warn(`session-log: Workspace ${root}: ${problem}.\n`);
  printPaged(context, (style) => searchText(report, style));
}

async function search(
  context: CliContext,
  core: Core,
  words: readonly string[],
  options: SearchCommandOptions,
): Answer<{ readonly report: SearchReport; readonly readIn: number }> {
  const request = requestOf(words, options, () => dayOf(Date.now(), zoneOf(core.settings)));
  if (!request.ok) return request;
  const notices = await refreshLocal(core.sync);
  if (!notices.ok) return notices;
  const facts = await core.search.search.facts();
  if (!facts.ok) return facts;
  const swept = await sweepTexts(core.search, {
    signal: context.signal,
    ...(options.update ? {} : { withinMs: facts.value.logs === 0 ? FIRST_CATCH_UP_MS : CATCH_UP_MS }),
    onProgress: ({ done, total }) => {
      if (context.interactive && options.update) context.draw(`reading in ${done} of ${total} logs`);
    },
  });
  if (context.interactive && options.update) context.draw('');
  if (!swept.ok) return swept;
  const answer = await searchLogs(core.search, {
    ...request.value,
    waiting: swept.value.waiting,
    signal: context.signal,
  });
  return answer.ok
    ? ok({
        report: { ...answer.value, notices: notices.value },
        readIn: swept.value.added + swept.value.removed,
      })
    : answer;
}

/**
 * Indexes what the answer reported as waiting, for the next query. @returns number of logs indexed; a failure recurs there and is
 * reported then
 */
async function readInLater(core: Core, signal: AbortSignal): Promise<number> {
  const swept = await sweepTexts(core.search, { signal, withinMs: CATCH_UP_LATER_MS });
  return swept.ok ? swept.value.added + swept.value.removed : 0;
}

function requestOf(
  words: readonly string[],
  options: SearchCommandOptions,
  today: () => string,
): Result<SearchRequest, AppError> {
  const [limit, snippets] = [
    parseCount('limit', options.limit, 1),
    parseCount('snippets', options.snippets, 0),
  ];
  if (!limit.ok) return limit;
  if (!snippets.ok) return snippets;
  const days: { from?: NonNullable<SearchRequest['from']>; to?: NonNullable<SearchRequest['to']> } = {};
  for (const [name, text] of [
    ['from', options.from ?? options.date],
    ['to', options.to ?? options.date],
  ] as const) {
    if (text === undefined) continue;
    const day = parseDayWord(options.date === undefined ? name : 'date', text, today());
    if (!day.ok) return day;
    days[name] = day.value;
  }
  return ok({
    text: words.join(' '),
    filters: filtersOf(options),
    ...days,
    ...(limit.value === undefined ? {} : { limit: limit.value }),
    ...(snippets.value === undefined ? {} : { snippets: snippets.value }),
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
  });
}

function filtersOf(options: SearchCommandOptions): readonly SearchFilter[] {
  const fields: readonly (ValueField & keyof SearchCommandOptions)[] = [
    'machine',
    'user',
    'project',
    'client',
    'section',
  ];
  const values = fields.flatMap((field) =>
    (options[field] ?? []).map((value): SearchFilter => ({ field, value, prefix: false, not: false })),
  );
  const mark = (value: SearchMark, not: boolean): SearchFilter => ({ field: 'mark', value, not });
  return [
    ...values,
    ...(options.mine ? [mark('is:mine', false)] : []),
    ...(options.captured === undefined ? [] : [mark('is:captured', !options.captured)]),
  ];
}
