import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { recordRun } from '../../core/status/record-run.ts';
import { fullSync, type FullReport } from '../../core/sync/full-sync.ts';
import { pullIndex, type PullIndexReport } from '../../core/sync/pull-index.ts';
import { pullLogs, type PullReport, type PullSelection } from '../../core/sync/pull-logs.ts';
import { push, type PushReport } from '../../core/sync/push.ts';
import type { RunOptions } from '../../core/sync/sync-deps.ts';
import { arrivedNotes, type ArrivedNotes } from '../arrived-notes.ts';
import type { CliContext } from '../cli-context.ts';
import { parseCount, parseMachines, parseSelection, zoneOf, type SelectOptions } from '../parse-options.ts';
import { progressLine } from '../progress-line.ts';
import { fullText, indexText, pullText, pushText } from '../sync-text.ts';
import { withCore } from '../with-core.ts';
import { addSelection } from './list.ts';

export interface SyncCliOptions extends SelectOptions {
  readonly push?: boolean;
  readonly index?: boolean;
  readonly pull?: boolean;
  readonly full?: boolean;
  readonly all?: boolean;
  readonly path?: string;
  readonly force?: boolean | string;
  readonly deleted?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: string;
  readonly json?: boolean;
}

export type SyncOutcome =
  | { readonly mode: 'push'; readonly report: PushReport }
  | { readonly mode: 'index'; readonly report: PullIndexReport }
  | { readonly mode: 'pull'; readonly report: PullReport }
  | { readonly mode: 'full'; readonly report: FullReport };

type Mode = SyncOutcome['mode'];

/** `session-log sync`: the four modes of ADR-058. */
export function registerSync(program: Command, context: CliContext): void {
  addSyncOptions(program.command('sync'))
    .description('push own logs, read the index, pull logs of other machines, or all of it')
    .addHelpText('after', EXAMPLES)
    .action((options: SyncCliOptions) => runSync(context, options));
}

const EXAMPLES = `
Examples:
  session-log sync --push
  session-log sync --index
  session-log sync --pull --machine a1b2c3d4 --date 2026-01-03
  session-log sync --pull --machine a1b2c3d4 --all
  session-log sync --full`;

/** The options, also for the ADR's own command name `session-log-sync`. */
export function addSyncOptions(command: Command): Command {
  return addSelection(command)
    .option('--push', 'send new and grown logs, then the own index')
    .option('--index', 'read which logs the other machines have pushed')
    .option('--pull', 'fetch logs into the cache; choose them with --machine, --date, --path, --all …')
    .option('--full', 'everything: restore, push, index, and check against the store')
    .option('--all', 'with --pull: every log that matches, or of all machines')
    .option('--path <path>', 'with --pull and --machine: this one log')
    .option(
      '--force [path]',
      'with --push: push logs that are shorter than what is stored (the stored version is kept)',
    )
    .option('--deleted', 'with --push: logs that went from here all at once were deleted on purpose')
    .option('--dry-run', 'say what would be done, change nothing')
    .option('--wait <seconds>', 'how long to wait for another sync of this machine (120)')
    .option('--json', 'print one JSON envelope');
}

/** Runs the chosen mode and prints how it went. */
export async function runSync(context: CliContext, options: SyncCliOptions): Promise<void> {
  const json = options.json ?? false;
  const progress = progressLine(context, json);
  const arrived: { notes?: ArrivedNotes } = {};
  await withCore(
    context,
    json,
    async (core) => {
      const mode = chooseMode(options);
      if (!mode.ok) return mode;
      const wait = parseCount('wait', options.wait, 0);
      if (!wait.ok) return wait;
      const run: RunOptions = {
        signal: context.signal,
        dryRun: options.dryRun ?? false,
        ...(wait.value === undefined ? {} : { waitMs: wait.value * 1000 }),
        ...(progress.onProgress ? { onProgress: progress.onProgress } : {}),
      };
      const result = await runMode(core, mode.value, options, run);
      progress.clear();
      // A program that asks for JSON reads notes by `notes --json`; showing them to nobody would mark them read.
      if (!json && !run.dryRun && (mode.value === 'index' || mode.value === 'full'))
        arrived.notes = await arrivedNotes(core, context);
      return result;
    },
    (outcome) => `${arrived.notes?.text ?? ''}${outcomeText(outcome)}`,
    (error) => `${arrived.notes?.text ?? ''}${partialText(chooseMode(options), error)}`,
  );
  await arrived.notes?.shown();
}

function chooseMode(options: SyncCliOptions): Result<Mode, AppError> {
  const chosen = (['push', 'index', 'pull', 'full'] as const).filter((mode) => options[mode]);
  const [mode] = chosen;
  if (mode && chosen.length === 1) return ok(mode);
  return err(
    appError(
      'usage',
      chosen.length === 0
        ? 'Say what to sync: --push, --index, --pull or --full.'
        : `Choose one of --${chosen.join(' and --')}.`,
      'See `session-log sync --help`.',
    ),
  );
}

async function runMode(
  core: Core,
  mode: Mode,
  options: SyncCliOptions,
  run: RunOptions,
): Promise<Result<SyncOutcome, AppError>> {
  const recorded = <T>(execute: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> =>
    run.dryRun ? execute() : recordRun(core.sync, core.statusPaths, mode, execute);
  const wrap = <T>(result: Result<T, AppError>): Result<SyncOutcome, AppError> =>
    result.ok ? ok({ mode, report: result.value } as SyncOutcome) : result;
  if (mode === 'index') return wrap(await recorded(() => pullIndex(core.sync, run)));
  if (mode === 'pull') {
    const selection = await choosePull(core, options);
    return selection.ok ? wrap(await recorded(() => pullLogs(core.sync, selection.value, run))) : selection;
  }
  const force =
    options.force === true ? ('all' as const) : options.force ? new Set([options.force]) : undefined;
  const request = { ...run, ...(force ? { force } : {}) };
  if (mode === 'push') {
    const lost = options.deleted ? { lost: 'deleted' as const } : {};
    return wrap(await recorded(() => push(core.sync, { ...request, ...lost })));
  }
  return wrap(await recorded(() => fullSync(core.sync, request)));
}

/** A pull without any choice would fetch the whole team's history: that must be said (`--all`). */
async function choosePull(core: Core, options: SyncCliOptions): Promise<Result<PullSelection, AppError>> {
  if (options.path !== undefined) {
    const path = parseLogPath(options.path);
    if (!path.ok) return path;
    const machines = await parseMachines(options.machine ?? [], core.sync.index);
    if (!machines.ok) return machines;
    const [machine] = machines.value;
    if (!machine) return err(appError('usage', '--path needs --machine.', 'Say whose log it is.'));
    return ok({ ids: [logId(machine.machine, path.value)] });
  }
  const narrowed = [
    options.date,
    options.from,
    options.to,
    options.user,
    options.project,
    options.client,
  ].some((value) => value !== undefined);
  if (!narrowed && !options.all)
    return err(
      appError(
        'usage',
        'Say which logs to pull.',
        'Use --date, --path, --user, --project … or --all; --machine narrows to one machine.',
      ),
    );
  return parseSelection(options, [], core.sync.index, () => zoneOf(core.settings));
}

function outcomeText(outcome: SyncOutcome): string {
  if (outcome.mode === 'push') return pushText(outcome.report);
  if (outcome.mode === 'index') return indexText(outcome.report);
  if (outcome.mode === 'pull') return pullText(outcome.report);
  return fullText(outcome.report);
}

/** What was done before something went wrong. */
function partialText(mode: Result<Mode, AppError>, error: AppError): string {
  const report = error.details?.['report'];
  return mode.ok && report ? outcomeText({ mode: mode.value, report } as SyncOutcome) : '';
}
