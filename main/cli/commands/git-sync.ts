import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { openLocal, type LocalContext } from '../../compose/open-local.ts';
import { chooseWorkspace } from '../../core/workspaces/workspace.ts';
import { endingOf, type Outcome } from '../../core/workflows/outcome.ts';
import { markShown } from '../../core/workflows/own-notes.ts';
import { allTrees, syncWorkTrees, type WorkTreesReport } from '../../core/workflows/sync-work-trees.ts';
import { describeError, finish, finishOutcome, type CliContext } from '../cli-context.ts';
import { gitProgress } from '../git-progress.ts';
import { exitCodeOfReport, formatReceipt } from '../git-receipt.ts';
import { noteScreen } from '../note-screen.ts';
import { parseCount, several } from '../parse-options.ts';
import { forPeople } from '../terminal-encoding.ts';

interface GitSyncOptions {
  readonly own?: readonly string[];
  readonly all?: boolean;
  readonly workspace?: string;
  readonly registered?: boolean;
  readonly vault?: string;
  readonly wait?: string;
  readonly withSecrets?: boolean;
  readonly json?: boolean;
}

/** `session-log git-sync`: commits one's own logs, and syncs workspace, vault and remotes. */
export function registerGitSync(program: Command, context: CliContext): void {
  program
    .command('git-sync')
    .description(
      'commit, pull and push the logs of this workspace (and the vault); what other sessions have changed stays as it is',
    )
    .argument('[paths...]', 'files and folders to commit first (the logs that your saves wrote here)')
    .option('--own <path>', 'same as naming it as an argument; may be repeated', several)
    .option('--all', 'commit all changes, from all sessions')
    .option('--workspace <folder>', 'a folder of the workspace (default: the current folder)')
    .option('--registered', 'every workspace in the setting git.workspaces')
    .option(
      '--vault <folder>',
      'the second workspace (default: the setting git.vault, or vault_path of identity.json)',
    )
    .option('--with-secrets', 'commit logs even if there are secrets in them')
    .option('--wait <seconds>', 'how long to wait for another sync; then exit 75')
    .option('--json', 'print one JSON envelope')
    .action((paths: string[], options: GitSyncOptions) => runGitSync(context, paths, options));
}

/** The validated request of a command line. */
interface Asked {
  readonly own: readonly string[] | 'all' | 'saved';
  /** Roots of workspaces. */
  readonly trees: readonly string[];
  /** Absolute; undefined leaves it to settings and identity. */
  readonly vault?: string;
  readonly waitMs: number;
  /** A single requested workspace fails the command; one of several is reported beside the others. */
  readonly single: boolean;
}

/** Runs the git syncs requested by a command line and prints their results. */
export async function runGitSync(
  context: CliContext,
  paths: readonly string[],
  options: GitSyncOptions,
): Promise<void> {
  const json = options.json ?? false;
  const local = openLocal();
  if (!local.ok) return finish(context, json, local, () => '');
  const asked = await parseAsked(context, local.value, [...paths, ...(options.own ?? [])], options);
  if (!asked.ok) return finish(context, json, asked, () => '');
  const progress = gitProgress(context);
  const synced = await syncWorkTrees(local.value, {
    ...asked.value,
    mode: 'logs',
    withSecrets: options.withSecrets ?? false,
    signal: context.signal,
    onProgress: progress.onProgress,
    onTree: progress.clear,
  });
  progress.clear();
  const refused = refusal(synced, asked.value.single);
  if (refused !== null) return finish(context, json, err(refused), () => '');
  const { runs } = synced.report;
  const report = allTrees(synced.report);
  const screen = noteScreen(runs.flatMap(({ notes }) => notes));
  finishOutcome(context, json, { report, problem: json ? synced.problem : null }, () =>
    forPeople([...(screen.text ? [screen.text] : []), formatReceipt(report)].join('\n'), context.env),
  );
  context.exitWith(exitCodeOfReport(report));
  // With --json a program has read them, not a person.
  if (json) return;
  for (const { reader } of runs) {
    if (reader === null) continue;
    const marked = await markShown(local.value, { reader, notes: screen.shown });
    if (!marked.ok) context.warn(`${describeError(marked.error)}\n`);
  }
}

/**
 * The failure that ends the command without a receipt. A single requested workspace that cannot be synced fails it, one of several is
 * reported beside the others; deferred is a state of the tree, not a failure of the command.
 */
function refusal({ report, problem }: Outcome<WorkTreesReport>, single: boolean): AppError | null {
  const failure = report.runs.at(-1)?.failure ?? null;
  if (failure === null) return null;
  const stopped = failure === problem && (endingOf(failure) === 'cancelled' || failure.code === 'lock-lost');
  return stopped || (single && endingOf(failure) !== 'deferred') ? failure : null;
}

async function parseAsked(
  context: CliContext,
  local: LocalContext,
  paths: readonly string[],
  options: GitSyncOptions,
): Answer<Asked> {
  const clash = contradiction(paths, options);
  if (clash !== null) return fail('usage', `${clash}, not both.`, 'See `session-log git-sync --help`.');
  const wait = parseCount('wait', options.wait, 0);
  if (!wait.ok) return wait;
  const own = paths.map((path) => resolve(context.cwd, path));
  for (const path of own) {
    const facts = await local.files.stat(path);
    if (!facts.ok) return facts;
    if (facts.value === null)
      return fail('not-found', `There is no ${path}.`, 'Correct the path; nothing was changed.');
  }
  const trees = await chooseTrees(context, local, options);
  if (!trees.ok) return trees;
  return ok({
    own: options.all ? 'all' : own.length > 0 ? own : 'saved',
    trees: trees.value,
    ...(options.vault === undefined ? {} : { vault: resolve(context.cwd, options.vault) }),
    waitMs: (wait.value ?? local.settings.git.lockWaitSeconds) * 1_000,
    single: !options.registered,
  });
}

function contradiction(paths: readonly string[], options: GitSyncOptions): string | null {
  if (options.all && paths.length > 0) return 'Name paths or give --all';
  if (options.registered && options.workspace !== undefined) return 'Give --workspace or --registered';
  if (options.registered && paths.length > 0) return 'Name paths of one workspace or give --registered';
  return null;
}

async function chooseTrees(
  context: CliContext,
  local: LocalContext,
  options: GitSyncOptions,
): Answer<readonly string[]> {
  const registered = local.settings.git.workspaces;
  if (!options.registered) {
    const named = options.workspace === undefined ? null : resolve(context.cwd, options.workspace);
    const one = await chooseWorkspace(local.files, context.cwd, named, registered);
    return one.ok ? ok([one.value.root]) : one;
  }
  if (registered.length > 0) return ok(registered);
  return fail(
    'not-configured',
    'No workspace is registered.',
    'Register them: session-log config set git.workspaces <folder>,<folder>',
  );
}
