import type { Command } from 'commander';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import { logId } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import type { IndexReport } from '../../core/workflows/pull-index.ts';
import type { PullReport, PullSelection } from '../../core/sync/pull-logs.ts';
import type { PushReport } from '../../core/sync/push-tally.ts';
import type { RunOptions } from '../../core/sync/sync-deps.ts';
import { fullSync, type FullReport } from '../../core/workflows/full-sync.ts';
import type { Outcome } from '../../core/workflows/outcome.ts';
import { pullIndex } from '../../core/workflows/pull-index.ts';
import type { TextsOptions } from '../../core/workflows/pull-team-texts.ts';
import { pullLogs } from '../../core/workflows/pull-logs.ts';
import { pushAndLook, type PushAndLookReport } from '../../core/workflows/push-and-look.ts';
import { push } from '../../core/workflows/push.ts';
import type { NotesOptions } from '../../core/workflows/receive-notes.ts';
import { arrivedNotes, NO_NOTES } from '../arrived-notes.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { parseCount, parseMachines, parseSelection, zoneOf, type SelectOptions } from '../parse-options.ts';
import { progressLine } from '../progress-line.ts';
import { firstTextsLine, fullText, indexText, pullText, pushText } from '../sync-text.ts';
import { withOutcome } from '../with-core.ts';
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

/** What each mode reports. */
interface Reports {
  readonly push: PushReport;
  readonly index: IndexReport;
  readonly pull: PullReport;
  readonly full: FullReport;
  readonly both: PushAndLookReport;
}

type Mode = keyof Reports;

/** `session-log sync`: the four modes of ADR-058, and without one of them a push and an index pull. */
export function registerSync(program: Command, context: CliContext): void {
  addSyncOptions(program.command('sync'))
    .description('push new logs and read what others have pushed; or one of the modes below')
    .addHelpText('after', EXAMPLES)
    .action((options: SyncCliOptions) => runSync(context, options));
}

const EXAMPLES = `
Examples:
  session-log sync
  session-log sync --push
  session-log sync --index
  session-log sync --pull --machine a1b2c3d4 --date 2026-01-03
  session-log sync --pull --machine a1b2c3d4 --all
  session-log sync --full`;

/** The options, also for the ADR's own command name `session-log-sync`. */
export function addSyncOptions(command: Command): Command {
  return addSelection(command)
    .option('--push', 'only push: new and extended logs, then this machine’s index')
    .option('--index', 'only read which logs the other machines have pushed')
    .option('--pull', 'fetch logs into the cache; choose them with --machine, --date, --path, --all …')
    .option('--full', 'everything: restore, push, index, and check against the store')
    .option('--all', 'with --pull: every log that matches, or of all machines')
    .option('--path <path>', 'with --pull and --machine: this one log')
    .option(
      '--force [path]',
      'with --push: push logs that are shorter than what is stored (the stored version is kept)',
    )
    .option('--deleted', 'with --push: logs that vanished all at once were deleted on purpose')
    .option('--dry-run', 'say what would be done, change nothing')
    .option('--wait <seconds>', 'how long to wait for another sync of this machine (default: 120)')
    .option('--json', 'print one JSON envelope');
}

/** Runs the chosen mode and prints its result. */
export async function runSync(context: CliContext, options: SyncCliOptions): Promise<void> {
  const json = options.json ?? false;
  const mode = chooseMode(options);
  const wait = mode.ok ? parseCount('wait', options.wait, 0) : mode;
  if (!mode.ok || !wait.ok) return finish(context, json, mode.ok ? wait : mode, () => '');
  const progress = progressLine(context, json);
  let notes = NO_NOTES;
  const run: RunOptions & NotesOptions & TextsOptions = {
    signal: context.signal,
    dryRun: options.dryRun ?? false,
    ...(wait.value === undefined ? {} : { waitMs: wait.value * 1000 }),
    ...(progress.onProgress ? { onProgress: progress.onProgress } : {}),
    reader: { folder: context.cwd },
    // A program that requests JSON reads notes by `notes --json`; showing them to nobody would mark them read.
    ...(json
      ? {}
      : {
          onFirst: (size) => {
            progress.clear();
            context.warn(`${firstTextsLine(size)}\n`);
          },
          onNotes: (received) => void (notes = arrivedNotes(received, context.env)),
        }),
  };
  await withOutcome(
    context,
    json,
    async (core) => {
      const result = await runMode(core, mode.value, options, run);
      progress.clear();
      return result;
    },
    (report) => `${notes.text}${reportText(mode.value, report)}`,
    (report) => ({ mode: mode.value, report }),
  );
  await notes.shown();
}

function chooseMode(options: SyncCliOptions): Result<Mode, AppError> {
  const chosen = (['push', 'index', 'pull', 'full'] as const).filter((mode) => options[mode]);
  const [mode] = chosen;
  if (mode === undefined) {
    const [lost] = (['force', 'deleted'] as const).filter((name) => options[name] !== undefined);
    if (lost !== undefined) return err(needs(lost, '--push'));
    const [chooses] = PULL_OPTIONS.filter((name) => options[name] !== undefined);
    return chooses === undefined ? ok('both') : err(needs(chooses, '--pull'));
  }
  if (chosen.length === 1) return ok(mode);
  return fail('usage', `Choose one of --${chosen.join(' and --')}.`, 'See `session-log sync --help`.');
}

/** Options that select the logs to pull. */
const PULL_OPTIONS = ['machine', 'date', 'from', 'to', 'user', 'project', 'client', 'path', 'all'] as const;

function needs(option: string, mode: string): AppError {
  return appError(
    'usage',
    `--${option} goes with ${mode}.`,
    `Add ${mode}, or see \`session-log sync --help\`.`,
  );
}

async function runMode(
  core: Core,
  mode: Mode,
  options: SyncCliOptions,
  run: RunOptions & NotesOptions & TextsOptions,
): Answer<Outcome<Reports[Mode]>> {
  const force =
    options.force === true ? ('all' as const) : options.force ? new Set([options.force]) : undefined;
  const forced = force === undefined ? run : { ...run, force };
  if (mode === 'push') return push(core, { ...forced, ...(options.deleted ? { lost: 'deleted' } : {}) });
  if (mode === 'index') return pullIndex(core, run);
  if (mode === 'full') return fullSync(core, forced);
  if (mode === 'both') return pushAndLook(core, forced);
  const selection = await choosePull(core, options);
  return selection.ok ? pullLogs(core, selection.value, run) : selection;
}

/** A pull without a selection would fetch the whole team's history: that must be explicit (`--all`). */
async function choosePull(core: Core, options: SyncCliOptions): Answer<PullSelection> {
  if (options.path !== undefined) {
    const path = parseLogPath(options.path);
    if (!path.ok) return path;
    const machines = await parseMachines(options.machine ?? [], core.sync.index);
    if (!machines.ok) return machines;
    const [machine] = machines.value;
    if (!machine) return fail('usage', '--path needs --machine.', 'Say whose log it is.');
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
    return fail(
      'usage',
      'Say which logs to pull.',
      'Use --date, --path, --user, --project … or --all; --machine narrows to one machine.',
    );
  return parseSelection(options, [], core.sync.index, () => zoneOf(core.settings));
}

const TEXTS: { readonly [M in Mode]: (report: Reports[M]) => string } = {
  push: pushText,
  index: indexText,
  pull: pullText,
  full: fullText,
  both: ({ push: pushed, index }) => `${pushText(pushed)}\n${indexText(index)}`,
};

function reportText(mode: Mode, report: Reports[Mode]): string {
  return (TEXTS[mode] as (report: Reports[Mode]) => string)(report);
}
