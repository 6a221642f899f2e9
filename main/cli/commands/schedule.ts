import { isAbsolute } from 'node:path';
import type { Command } from 'commander';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { forTerminal, forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import { openLocal } from '../../compose/open-local.ts';
import { openTimers, wantedTimers } from '../../compose/timers.ts';
import { launchWords } from '../../core/install/command-line.ts';
import { TIMER_TASKS, type TimerTask } from '../../core/timers/timer-task.ts';
import type { TimerKind, TimerStep } from '../../core/timers/timer-system.ts';
import {
  installTimers,
  removeTimers,
  timersStatus,
  type TimersChange,
  type TimersStatus,
} from '../../core/timers/timers.ts';
import { finish, type CliContext } from '../cli-context.ts';

interface ScheduleOptions {
  readonly with?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const KINDS: readonly TimerKind[] = ['launchd', 'systemd', 'cron', 'task-scheduler'];

/** `session-log schedule`: the system's own timers, for machines that do not run the app. */
export function registerSchedule(program: Command, context: CliContext): void {
  const schedule = program
    .command('schedule')
    .description('have the system push daily, sync fully each week and check for notes, without the app');
  schedule
    .command('install')
    .description('set up the timers, or update them')
    .option('--with <kind>', 'systemd or cron, where there are both')
    .option('--dry-run', 'show what would be written and run, change nothing')
    .option('--json', 'print one JSON envelope')
    .action((options: ScheduleOptions) => runInstall(context, options));
  schedule
    .command('status')
    .description('which timers are set up, and whether what they start still exists')
    .option('--json', 'print one JSON envelope')
    .action((options: ScheduleOptions) => runStatus(context, options));
  schedule
    .command('remove')
    .description('remove the timers; logs and settings stay')
    .option('--dry-run', 'show what would go, change nothing')
    .option('--json', 'print one JSON envelope')
    .action((options: ScheduleOptions) => runRemove(context, options));
  schedule
    .command('run', { hidden: true })
    .argument('<task>', TIMER_TASKS.join(', '))
    .option('--home <folder>', 'the data folder')
    .action((task: string, options: { readonly home?: string }) => runTask(context, task, options.home));
}

async function runInstall(context: CliContext, options: ScheduleOptions): Promise<void> {
  const json = options.json ?? false;
  finish(context, json, await install(options), (change) => changeText([change], 'Set up'));
}

async function install(options: ScheduleOptions): Answer<TimersChange> {
  const local = openLocal();
  if (!local.ok) return local;
  const kind = KINDS.find((one) => one === options.with);
  if (options.with !== undefined && kind === undefined)
    return fail('usage', `There is no timer "${options.with}".`, `Possible are: ${KINDS.join(', ')}.`);
  const { home } = local.value.paths;
  const timers = wantedTimers(home, local.value.settings, await launchWords(openCommandLine()));
  return installTimers(openTimers(home), timers, {
    dryRun: options.dryRun ?? false,
    ...(kind === undefined ? {} : { kind }),
  });
}

async function runStatus(context: CliContext, options: ScheduleOptions): Promise<void> {
  const local = openLocal();
  if (!local.ok) return finish(context, options.json ?? false, local, () => '');
  const status = await timersStatus(openTimers(local.value.paths.home));
  const gone = status.timers.find(({ missing }) => missing !== null);
  const result: Result<TimersStatus, AppError> =
    gone === undefined
      ? ok(status)
      : fail(
          'attention',
          `The timer for ${gone.task} starts ${gone.missing ?? ''}, which no longer exists.`,
          'session-log schedule install',
          { details: { status } },
        );
  finish(
    context,
    options.json ?? false,
    result,
    (value) => statusText(value),
    () => statusText(status),
  );
}

async function runRemove(context: CliContext, options: ScheduleOptions): Promise<void> {
  const local = openLocal();
  if (!local.ok) return finish(context, options.json ?? false, local, () => '');
  const removed = await removeTimers(openTimers(local.value.paths.home), options.dryRun ?? false);
  finish(context, options.json ?? false, removed, (changes) => changeText(changes, 'Removed'));
}

async function runTask(context: CliContext, task: string, home: string | undefined): Promise<void> {
  const wanted: TimerTask | undefined = TIMER_TASKS.find((one) => one === task);
  if (wanted === undefined || (home !== undefined && !isAbsolute(home))) {
    const error = appError('usage', 'This is not a scheduled task.', 'session-log schedule install');
    return finish(context, false, err(error), () => '');
  }
  // Timers do not inherit the person's environment.
  if (home !== undefined) process.env['SESSION_LOG_HOME'] = home;
  const { runScheduled } = await import('../scheduled-run.ts');
  return runScheduled(context, wanted);
}

function changeText(changes: readonly TimersChange[], verb: string): string {
  const lines = changes.flatMap((change) => [
    ...(change.dryRun && change.steps.length > 0
      ? [`With ${change.kind} this would be done:`, ...change.steps.map(stepText)]
      : []),
    ...(change.dryRun ? [] : change.timers.map(({ task, place }) => `${verb}: ${task} (${place})`)),
    ...(change.steps.length === 0 ? ['Nothing to change.'] : []),
    ...change.hints,
  ]);
  return forTerminal(lines.length === 0 ? 'There are no timers of Session Log.' : lines.join('\n'));
}

function stepText(step: TimerStep): string {
  if (step.do === 'remove') return `  remove ${step.path}`;
  const body = step.do === 'write' ? step.text : (step.stdin ?? '');
  const head = step.do === 'write' ? `write ${step.path}` : [step.file, ...step.args].join(' ');
  const inner =
    body === ''
      ? []
      : body
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`);
  return [`  ${head}`, ...inner].join('\n');
}

function statusText({ kind, timers }: TimersStatus): string {
  if (timers.length === 0)
    return `No timers are set up.${kind === null ? '' : ` \`session-log schedule install\` would use ${kind}.`}`;
  const lines = timers.map((timer) =>
    forTerminalLine(
      [
        timer.task.padEnd(6),
        `${timer.kind}: ${timer.place}`,
        ...(timer.next === null ? [] : [`next ${timer.next}`]),
        ...(timer.missing === null ? [] : [`${timer.missing} is gone`]),
      ].join('  '),
    ),
  );
  return lines.join('\n');
}
