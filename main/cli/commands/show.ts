import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import { forTerminal } from '../../../shared/domain/terminal-text.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { readLog } from '../../core/logs/read-log.ts';
import { refreshLocal } from '../../core/logs/refresh-local.ts';
import { pullLogs } from '../../core/sync/pull-logs.ts';
import type { CliContext } from '../cli-context.ts';
import { parseSelection, several, type SelectOptions } from '../parse-options.ts';
import { withCore } from '../with-core.ts';

interface ShowOptions extends SelectOptions {
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly pull?: boolean;
}

/** `session-log show`: prints one log, own or cached; fetches it first with `--pull`. */
export function registerShow(program: Command, context: CliContext): void {
  program
    .command('show <log>')
    .description('print a log: its id, its path, the end of its path, or a day')
    .option('-m, --machine <name>', 'of this machine: UUID prefix or host name', several)
    .option('--pull', 'fetch it from the store first if it is not on this machine')
    .option('--raw', 'print the bytes as they are, terminal controls and all')
    .option('--json', 'print one JSON envelope')
    .action((name: string, options: ShowOptions) =>
      withCore(
        context,
        options.json ?? false,
        async (core) => {
          const row = await findLog(core, name, options);
          if (!row.ok) return row;
          if (options.pull && row.value.place !== 'local') {
            const pulled = await pullLogs(core.sync, { ids: [row.value.id] }, { signal: context.signal });
            if (!pulled.ok) return pulled;
          }
          const log = await readLog(core.sync, row.value.id);
          return mapOk(log, (value) => ({ ...value.row, text: new TextDecoder().decode(value.bytes) }));
        },
        (log) => (options.raw ? log.text : forTerminal(log.text)),
      ),
    );
}

/**
 * Finds the one log that a person means.
 * @param name an id, a path, the end of a path, or a day (with `--machine` where several machines have one)
 * @returns `ambiguous` with the candidates, or `not-found`
 */
export async function findLog(
  core: Core,
  name: string,
  options: SelectOptions,
): Promise<Result<LogRow, AppError>> {
  const fresh = await refreshLocal(core.sync);
  if (!fresh.ok) return fresh;
  const id = parseLogId(name);
  if (id.ok) {
    const row = await core.sync.index.row(id.value.id);
    if (!row.ok) return row;
    if (row.value) return ok(row.value);
  }
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(name);
  const query = await parseSelection(
    { ...options, limit: '1000', ...(isDay ? { date: name } : {}) },
    isDay ? [] : [name.replaceAll(/[/\\._-]+/g, ' ')],
    core.sync.index,
  );
  if (!query.ok) return query;
  const page = await core.sync.index.page(query.value);
  if (!page.ok) return page;
  const rows = page.value.rows.filter(
    (row) =>
      isDay ||
      row.path === name ||
      row.path.endsWith(`/${name}`) ||
      row.path.toLowerCase().includes(name.toLowerCase()),
  );
  const exact = rows.filter((row) => row.path === name);
  const [only] = exact.length === 1 ? exact : rows;
  if (only && (rows.length === 1 || exact.length === 1)) return ok(only);
  if (rows.length === 0)
    return err(
      appError(
        'not-found',
        `No log matches "${name.slice(0, 80)}".`,
        'Run `session-log list` to see what there is.',
      ),
    );
  const candidates = rows.slice(0, 10).map((row) => row.id);
  return err(
    appError(
      'ambiguous',
      `${rows.length} logs match "${name.slice(0, 80)}":\n  ${candidates.join('\n  ')}`,
      'Give the whole id, or --machine.',
      { details: { candidates } },
    ),
  );
}
