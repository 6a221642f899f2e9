import type { Command } from 'commander';
import type { LogPage, LogRow } from '../../../shared/domain/log-query.ts';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import { refreshLocal } from '../../core/logs/refresh-local.ts';
import type { CliContext } from '../cli-context.ts';
import { parseSelection, several, type SelectOptions } from '../parse-options.ts';
import { textTable } from '../text-table.ts';
import { withCore } from '../with-core.ts';

interface ListOptions extends SelectOptions {
  readonly json?: boolean;
  readonly long?: boolean;
}

/** `session-log list`: the logs of every machine, from the local index; works without a network. */
export function registerList(program: Command, context: CliContext): void {
  addSelection(program.command('list [words...]').alias('ls'))
    .description('list logs of all machines; words narrow by title, topic, person, project, host or path')
    .option('--long', 'show the full id of each log')
    .option('--json', 'print one JSON envelope')
    .action((words: string[], options: ListOptions) =>
      withCore(
        context,
        options.json ?? false,
        async (core) => {
          const fresh = await refreshLocal(core.sync);
          if (!fresh.ok) return fresh;
          const query = await parseSelection(options, words, core.sync.index);
          if (!query.ok) return query;
          const page = await core.sync.index.page({ limit: 50, ...query.value });
          return page.ok ? ok({ ...page.value, offset: query.value.offset ?? 0 }) : page;
        },
        (page) => listText(page, options.long ?? false),
      ),
    );
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
    .option('-d, --date <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'first day')
    .option('--to <day>', 'last day')
    .option('--place <place>', 'local, cached or store; may be repeated', several)
    .option('--oldest', 'oldest first')
    .option('--offset <rows>', 'rows to skip')
    .option('--limit <rows>', 'rows at most, up to 1000');
}

const PLACE_WORDS = { workspace: 'work tree', local: 'here', cached: 'cached', store: 'in store' } as const;

/** Where a log is, in the words of the list. */
export function placeText(row: Pick<LogRow, 'place' | 'stale' | 'backedUp'>): string {
  if (row.place === 'local') return row.backedUp ? 'here' : 'here, not pushed';
  return row.stale ? 'cached, old' : PLACE_WORDS[row.place];
}

function listText(page: LogPage & { readonly offset: number }, long: boolean): string {
  if (page.rows.length === 0)
    return 'No logs match. `session-log sync --index` reads what other machines have pushed.';
  const rows = page.rows.map((row) => [
    row.date,
    row.host,
    placeText(row),
    formatBytes(row.size),
    row.author ?? row.user ?? '',
    row.title ?? row.topic ?? '',
    long ? row.id : row.path,
  ]);
  const table = textTable(
    [
      { title: 'DATE' },
      { title: 'MACHINE' },
      { title: 'PLACE' },
      { title: 'SIZE', right: true },
      { title: 'WHO' },
      { title: 'TITLE' },
      { title: long ? 'ID' : 'PATH' },
    ],
    rows,
  );
  const last = page.offset + page.rows.length;
  const rest = last < page.total ? `; the next: --offset ${last}` : '';
  return `${table}\n\n${page.offset === 0 && rest === '' ? plural(page.total, 'log') : `${page.offset + 1}\u2013${last} of ${plural(page.total, 'log')}${rest}`}`;
}
