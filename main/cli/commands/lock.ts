import { constants } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, EXIT, type AppError, type Answer } from '../../../shared/app-error.ts';
import { ago } from '../../../shared/format/time.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { acquireForCommand, openGitTools, type KeptLock } from '../../compose/git-tools.ts';
import { runInForeground } from '../../compose/programs.ts';
import { locateRepo } from '../../core/repository/repo.ts';
import { LOCK_NAME, OLDER_LOCK_NAMES, type LockOwner } from '../../core/ports/lock.ts';
import { ownerText as nameOf } from '../owner-text.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { parseCount } from '../parse-options.ts';

interface LockOptions {
  readonly wait?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

const DEFAULT_WAIT_S = 120;
const LOCATE_MS = 20_000;

/**
 * `session-log lock -- <command>`: runs any command under the lock of the git sync, so that scripts that do not know the program can
 * take part; `session-log lock status`: who holds it.
 */
export function registerLock(program: Command, context: CliContext): void {
  // Everything after `--` belongs to the command, including options.
  program.enablePositionalOptions();
  const lock = program
    .command('lock')
    .description('run a command under the git sync lock, or see who holds it')
    .usage('[options] -- <command> [arguments…]')
    .argument('[command...]', 'what to run, after --')
    .option(
      '--wait <seconds>',
      `how long to wait for whoever holds it (default: ${DEFAULT_WAIT_S}); then exit 75`,
    )
    .option('--workspace <folder>', 'a folder of the workspace (default: the current folder)')
    .passThroughOptions()
    .action((words: string[], options: LockOptions) => runLocked(context, words, options));
  lock
    .command('status')
    .description('who holds the lock, since when, and what for')
    .option('--workspace <folder>', 'a folder of the workspace (default: the current folder)')
    .option('--json', 'print one JSON envelope')
    .action((options: LockOptions) => showStatus(context, options));
}

async function showStatus(context: CliContext, options: LockOptions): Promise<void> {
  const place = await lockPlace(context, options);
  if (!place.ok) return finish(context, options.json ?? false, place, () => '');
  const owner = await openGitTools().locks.status(place.value.path);
  const value: Result<{ readonly path: string; readonly owner: LockOwner | null }, AppError> = owner.ok
    ? ok({ path: place.value.path, owner: owner.value })
    : owner;
  finish(context, options.json ?? false, value, (status) => ownerText(status.owner, Date.now()));
}

function ownerText(owner: LockOwner | null, now: number): string {
  if (owner === null) return 'Nobody holds the lock.';
  const since = owner.since > 0 ? `, since ${ago(owner.since, now)}` : '';
  const state = {
    alive: 'It is running.',
    dead: 'It is dead; whoever comes next takes the lock over.',
    unknown: 'Whether it runs cannot be seen from here.',
  }[owner.verdict];
  const doing = owner.command === '' ? '' : `: ${owner.command}`;
  return `${nameOf(owner)}${since}${doing}\n${state}`;
}

async function runLocked(context: CliContext, words: readonly string[], options: LockOptions): Promise<void> {
  const [program] = words;
  if (program === undefined)
    return refuse(
      context,
      appError('usage', 'Say which command to run under the lock.', 'session-log lock -- bash sync.sh'),
    );
  const wait = parseCount('wait', options.wait, 0);
  if (!wait.ok) return refuse(context, wait.error);
  const place = await lockPlace(context, options);
  if (!place.ok) return refuse(context, place.error);
  const lock = await acquireForCommand({
    path: place.value.path,
    alsoHonour: place.value.older,
    command: words.join(' ').slice(0, 200),
    waitMs: (wait.value ?? DEFAULT_WAIT_S) * 1000,
    signal: context.signal,
  });
  if (!lock.ok) return refuse(context, lock.error);
  const code = await runProgram(program, words.slice(1), context, lock.value);
  const released = await lock.value.release();
  if (released === 'lost') {
    context.warn(
      'session-log: the lock was removed while the command ran; another program may have run beside it.\n',
    );
    // Whatever the command's exit code: it may not have been alone.
    return context.exitWith(EXIT.lockLost);
  }
  // Not the command's failure: its exit code stands. Others take over the lock as soon as its lock process has ended.
  if (released === 'stuck')
    context.warn(
      `session-log: the lock could not be removed; it counts as dead when this command ends. If others still wait, look at the rights on ${place.value.path}.\n`,
    );
  if (code !== 0) context.exitWith(code);
}

/**
 * Runs the command in the foreground; it determines the exit code, by the shell's rules for signals and missing programs. A termination
 * signal that reaches only this process is forwarded, and the command decides.
 */
async function runProgram(
  program: string,
  args: readonly string[],
  context: CliContext,
  lock: KeptLock,
): Promise<number> {
  const { code, signal, problem } = await runInForeground({
    program,
    args,
    cwd: context.cwd,
    env: lock.env,
    stdio: [...lock.stdio],
    handOn: ['SIGTERM', 'SIGHUP'],
    onStarted: (pid) => lock.running(pid),
  });
  if (problem === null) return code ?? 128 + signalNumber(signal);
  context.warn(`session-log: ${program} cannot be run (${problem}).\n`);
  return problem === 'ENOENT' ? 127 : 126;
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 15 : constants.signals[signal];
}

async function lockPlace(
  context: CliContext,
  options: LockOptions,
): Answer<{ readonly path: string; readonly older: readonly string[] }> {
  const named = options.workspace ?? context.cwd;
  const folder = isAbsolute(named) ? named : resolve(context.cwd, named);
  const repo = await locateRepo(openGitTools().git, folder, { readMs: LOCATE_MS, signal: context.signal });
  if (!repo.ok) return repo;
  const { commonDir } = repo.value;
  return ok({
    path: `${commonDir}/${LOCK_NAME}`,
    older: OLDER_LOCK_NAMES.map((name) => `${commonDir}/${name}`),
  });
}

function refuse(context: CliContext, error: AppError): void {
  finish(context, false, err(error), () => '');
}
