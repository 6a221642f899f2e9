import type { Command } from 'commander';
import { fail, type Answer } from '../../../shared/app-error.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import type { Outcome } from '../../core/workflows/outcome.ts';
import { restoreAll, takeBack, type RestoreAllReport, type TakenBack } from '../../core/workflows/restore.ts';
import type { Core } from '../../compose/core.ts';
import type { CliContext } from '../cli-context.ts';
import { progressLine } from '../progress-line.ts';
import { restoreAllText } from '../sync-text.ts';
import { withCore, withOutcome } from '../with-core.ts';

interface RestoreOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `session-log restore`: restores own logs from the store. */
export function registerRestore(program: Command, context: CliContext): void {
  program
    .command('restore [path]')
    .description(
      'restore a log of this machine from the store: one that was cut or deleted here (what is here is kept beside it)',
    )
    .option(
      '--all',
      'every own log and every copy of a session that the store has and this disk lacks; what is here is left as it is',
    )
    .option('--dry-run', 'with --all: say what would come back, change nothing')
    .option('--json', 'print one JSON envelope')
    .action((path: string | undefined, options: RestoreOptions) =>
      path !== undefined && !options.all && !options.dryRun
        ? restoreOneLog(context, path, options)
        : restoreLostLogs(context, path, options),
    );
}

async function restoreOneLog(context: CliContext, name: string, options: RestoreOptions): Promise<void> {
  await withCore(
    context,
    options.json ?? false,
    (core) => takeOne(core, name, context.signal),
    ({ path, changed, keptAs }) =>
      changed
        ? `${path} is back as the store has it.${keptAs === null ? '' : `\nWhat was here is kept as ${keptAs}`}`
        : `${path} is here as the store has it; nothing was changed.`,
  );
}

async function takeOne(
  core: Core,
  name: string,
  signal: AbortSignal,
): Answer<TakenBack & { readonly path: string }> {
  const path = parseLogPath(name);
  if (!path.ok) return path;
  const taken = await takeBack(core, path.value, { signal });
  if (taken.ok) return ok({ path: path.value, ...taken.value });
  return taken.error.code === 'not-found'
    ? fail('not-found', taken.error.message, 'Run `session-log list` to see the logs of this machine.')
    : taken;
}

async function restoreLostLogs(
  context: CliContext,
  path: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  const [json, dryRun] = [options.json ?? false, options.dryRun ?? false];
  const progress = progressLine(context, json);
  await withOutcome(
    context,
    json,
    async (core): Answer<Outcome<RestoreAllReport>> => {
      if (path !== undefined || !options.all)
        return fail(
          'usage',
          'Say one log, or --all (with --dry-run to see first what would come back).',
          'See `session-log restore --help`.',
        );
      const { onProgress } = progress;
      const report = await restoreAll(core, {
        signal: context.signal,
        dryRun,
        ...(onProgress ? { onProgress } : {}),
      });
      progress.clear();
      return report;
    },
    (report) => restoreAllText(report, dryRun),
  );
}
