import type { Command } from 'commander';
import { capturedAgent } from '../../../shared/domain/captured-log.ts';
import type { LogPage, LogQuery, LogRow } from '../../../shared/domain/log-query.ts';
import { mapOk } from '../../../shared/result.ts';
import type { AgentId } from '../../../shared/transcripts/agents.ts';
import { refreshFor } from '../../core/workflows/refresh-local.ts';
import type { WorkspaceNotice } from '../../core/workspaces/refresh-workspaces.ts';
import type { CliContext } from '../cli-context.ts';
import { emptyListText, listText } from '../list-text.ts';
import { parseSelection, several, zoneOf, type SelectOptions } from '../parse-options.ts';
import { terminalStyle } from '../terminal-style.ts';
import { withCore } from '../with-core.ts';

interface ListOptions extends SelectOptions {
  readonly json?: boolean;
  readonly long?: boolean;
}

/** A row, and the agent whose transcript its log was made from: null for a hand-written one. */
type ListedRow = LogRow & { readonly captured: AgentId | null };

/** A page as `list --json` prints it. */
interface ListedPage extends LogPage {
  readonly rows: readonly ListedRow[];
  readonly offset: number;
  /** Workspaces whose logs are not all listed, and why. */
  readonly notices: readonly WorkspaceNotice[];
}

/** `session-log list`: the sessions of every machine and workspace, from the local index; works without a network. */
export function registerList(program: Command, context: CliContext): void {
  addSelection(program.command('list [words...]').alias('ls'))
    .description(
      'list sessions of all machines; words narrow by title, topic, tag, person, project, host or path',
    )
    .option('--files', 'one row for each file as it lies on the disk: daily logs whole, and every copy')
    .option('--long', 'show the full id of each row')
    .option('--json', 'print one JSON envelope')
    .action(async (words: string[], options: ListOptions) => {
      const asked: { query?: LogQuery; timeZone?: () => string } = {};
      await withCore(
        context,
        options.json ?? false,
        async (core) => {
          const timeZone = (): string => zoneOf(core.settings);
          asked.timeZone = timeZone;
          const roots = await core.sync.surroundings.workspaces();
          const select = (): ReturnType<typeof parseSelection> =>
            parseSelection(options, words, core.sync.index, timeZone, roots);
          // Other machines are known before this disk is scanned, which takes long with very many logs.
          const early = options.machine?.length ? await select() : null;
          const notices = await refreshFor(core.sync, early?.ok ? (early.value.machines ?? []) : []);
          if (!notices.ok) return notices;
          const query = early?.ok ? early : await select();
          if (!query.ok) return query;
          asked.query = query.value;
          const page = await core.sync.index.page({ limit: 50, ...query.value });
          return mapOk(page, (value): ListedPage => ({
            ...value,
            rows: value.rows.map((row) => ({ ...row, captured: capturedAgent(row.path) })),
            offset: query.value.offset ?? 0,
            notices: notices.value,
          }));
        },
        (page) => pageText(context, page, options, asked),
      );
    });
}

function pageText(
  context: CliContext,
  page: ListedPage,
  { long = false, files = false }: ListOptions,
  asked: { readonly query?: LogQuery; readonly timeZone?: () => string },
): string {
  for (const { root, problem } of page.notices) context.warn(`session-log: Workspace ${root}: ${problem}.\n`);
  if (page.rows.length === 0) return emptyListText(isFiltered(asked.query ?? {}));
  const width = context.columns();
  const style = terminalStyle(context.env, width !== null);
  return listText(page, { timeZone: asked.timeZone ?? ((): string => 'UTC'), width, style, long, files });
}

/** True when a query excludes anything. */
function isFiltered(query: LogQuery): boolean {
  return Object.keys(query).some((key) => !['order', 'limit', 'files'].includes(key));
}

/** The options that select logs, shared by `list` and `sync --pull`. */
export function addSelection(command: Command): Command {
  return command
    .option(
      '-m, --machine <name>',
      'UUID prefix (8 characters are enough) or host name; may be repeated',
      several,
    )
    .option('-u, --user <name>', 'who wrote it; may be repeated', several)
    .option('-p, --project <name>', 'project; may be repeated', several)
    .option('-c, --client <slug>', 'client; may be repeated', several)
    .option('-d, --date <day>', 'one day: YYYY-MM-DD, today, yesterday, 3d (three days ago)')
    .option('--from <day>', 'first day, in the same words')
    .option('--to <day>', 'last day')
    .option(
      '--place <place>',
      'workspace, local (or here), cached, git (deleted there) or store; may be repeated',
      several,
    )
    .option('--captured', 'only logs made from agents’ transcripts')
    .option('--no-captured', 'only logs that someone wrote')
    .option('--oldest', 'oldest first')
    .option('--offset <rows>', 'rows to skip')
    .option('--limit <rows>', 'maximum number of rows, up to 1000');
}
