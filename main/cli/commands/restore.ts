import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { takeBack } from '../../core/sync/take-back.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

/** `session-log restore`: brings an own log back from the store. */
export function registerRestore(program: Command, context: CliContext): void {
  program
    .command('restore <path>')
    .description(
      'take an own log back from the store: one that was cut or deleted here (what is here is kept beside it)',
    )
    .option('--json', 'print one JSON envelope')
    .action((name: string, options: { readonly json?: boolean }) =>
      withCore(
        context,
        options.json ?? false,
        async (
          core,
        ): Promise<Result<{ readonly path: string; readonly keptAs: string | null }, AppError>> => {
          const path = parseLogPath(name);
          if (!path.ok) return path;
          const taken = await takeBack(core.sync, path.value, { signal: context.signal });
          return taken.ok
            ? ok({ path: path.value, keptAs: taken.value })
            : taken.error.code === 'not-found'
              ? err(
                  appError(
                    'not-found',
                    taken.error.message,
                    'Run `session-log list` to see the logs of this machine.',
                  ),
                )
              : taken;
        },
        ({ path, keptAs }) =>
          `${path} is back as the store has it.${keptAs === null ? '' : `\nWhat was here is kept as ${keptAs}`}`,
      ),
    );
}
