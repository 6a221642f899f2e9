import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { Command } from 'commander';
import { hideMarks } from '../../../shared/domain/session-mark.ts';
import { err, mapOk } from '../../../shared/result.ts';
import { readLog } from '../../core/logs/read-log.ts';
import { pullLogs } from '../../core/workflows/pull-logs.ts';
import { failureOf, type CliContext } from '../cli-context.ts';
import { findLog } from '../find-log.ts';
import { several, type SelectOptions } from '../parse-options.ts';
import { withCore } from '../with-core.ts';

interface ShowOptions extends SelectOptions {
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly pull?: boolean;
}

/** `session-log show`: prints one session or log, from its fullest available text; pulls it first with `--pull`. */
export function registerShow(program: Command, context: CliContext): void {
  program
    .command('show <words...>')
    .description(
      'print a session: words of its title, its id, its path or the end of it, the id of the agent\u2019s session, or a day',
    )
    .option('-m, --machine <name>', 'of this machine: UUID prefix or host name', several)
    .option('-u, --user <name>', 'written by this person', several)
    .option('-p, --project <name>', 'of this project', several)
    .option('--pull', 'fetch it from the store first if it is not on this machine')
    .option('--raw', 'print the bytes unchanged, including terminal controls and marks')
    .option('--json', 'print one JSON envelope')
    .action((words: readonly string[], options: ShowOptions) =>
      withCore(
        options.raw ? { ...context, out: (text) => context.outAsIs(text) } : context,
        options.json ?? false,
        async (core) => {
          const row = await findLog(core, words, options);
          if (!row.ok) return row;
          if (options.pull && (row.value.place === 'store' || row.value.stale)) {
            const pulled = await pullLogs(core, { ids: [row.value.id] }, { signal: context.signal });
            const failure = failureOf(pulled);
            if (failure !== null) return err(failure);
          }
          const log = await readLog(core.sync, row.value.id);
          return mapOk(log, (value) => ({
            ...value.row,
            text: decodeLog(value.bytes),
            file: value.file,
            commit: value.commit,
            line: value.line,
          }));
        },
        (log) => {
          if (log.commit !== null)
            context.warn(
              `session-log: Git has deleted or moved this log: read from commit ${log.commit.slice(0, 9)}.\n`,
            );
          return options.raw ? log.text : hideMarks(log.text);
        },
      ),
    );
}
