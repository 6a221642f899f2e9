import { resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { openDesk, type Desk } from '../../compose/open-desk.ts';
import { formatReceipt } from '../../core/git-sync/receipt.ts';
import { exitCodeOfReport, worstTree } from '../../core/git-sync/report.ts';
import { noteBanner } from '../../core/notes/banner.ts';
import { markNotes } from '../../core/notes/inbox.ts';
import { checkHost, readIdentity, type Identity } from '../../core/save/identity.ts';
import { chooseWorkspace } from '../../core/save/workspace.ts';
import { describeError, finish, type CliContext } from '../cli-context.ts';
import { parseCount } from '../parse-options.ts';
import { syncTrees, type TreesRequest, type TreesSynced } from '../sync-trees.ts';
import { forPeople } from '../terminal-encoding.ts';

interface GitSyncOptions {
  readonly all?: boolean;
  readonly workspace?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

/** `session-log git-sync`: commits what is named, and brings work tree, vault and remotes together. */
export function registerGitSync(program: Command, context: CliContext): void {
  program
    .command('git-sync')
    .description(
      'bring the work tree and the vault together with their remotes; what other sessions have changed stays as it is',
    )
    .argument('[paths...]', 'files and folders to commit first')
    .option('--all', 'commit everything that is changed, of all sessions')
    .option('--workspace <folder>', 'a folder of the work tree (the current folder)')
    .option('--wait <seconds>', 'how long to wait for another sync; then exit 75')
    .option('--json', 'print one JSON envelope')
    .action((paths: string[], options: GitSyncOptions) => runGitSync(context, paths, options));
}

async function runGitSync(
  context: CliContext,
  paths: readonly string[],
  options: GitSyncOptions,
): Promise<void> {
  const json = options.json ?? false;
  const desk = openDesk();
  if (!desk.ok) return finish(context, json, desk, () => '');
  const request = await requestOf(context, desk.value, paths, options);
  if (!request.ok) return finish(context, json, request, () => '');
  const synced = await syncTrees(context, desk.value, request.value);
  if (json) return finish(context, true, judged(synced), () => '');
  if (!synced.ok) return finish(context, false, synced, () => '');
  const { report, notes } = synced.value;
  context.out(
    forPeople([...notes.map((note) => noteBanner(note)), formatReceipt(report)].join('\n'), context.env),
  );
  context.exitWith(exitCodeOfReport(report));
  const { user, fullName } = request.value.author;
  const marked = await markNotes(
    desk.value,
    { user, fullName },
    notes.map((note) => note.hash),
    'read',
  );
  if (!marked.ok) context.note(`${describeError(marked.error)}\n`);
}

/** A run that a person or time must complete is a failure to a program, with the report beside it. */
function judged(synced: Result<TreesSynced, AppError>): Result<TreesSynced['report'], AppError> {
  if (!synced.ok) return synced;
  const problem = worstTree(synced.value.report)?.problem ?? null;
  if (problem === null) return ok(synced.value.report);
  return err({ ...problem, details: { ...problem.details, report: synced.value.report } });
}

async function requestOf(
  context: CliContext,
  desk: Desk,
  paths: readonly string[],
  options: GitSyncOptions,
): Promise<Result<TreesRequest, AppError>> {
  if (options.all && paths.length > 0)
    return err(
      appError('usage', 'Name paths or give --all, not both.', 'See `session-log git-sync --help`.'),
    );
  const wait = parseCount('wait', options.wait, 0);
  if (!wait.ok) return wait;
  const named = options.workspace === undefined ? null : resolve(context.cwd, options.workspace);
  const workspace = await chooseWorkspace(desk.files, context.cwd, named, desk.settings.git.workspaces);
  if (!workspace.ok) return workspace;
  const identity: Result<Identity, AppError> = await readIdentity(desk.files, workspace.value);
  if (!identity.ok) return identity;
  // Commits would carry another machine's name.
  const host = checkHost(identity.value, desk.hostname);
  if (!host.ok) return host;
  return ok({
    workspace: workspace.value.root,
    vault: identity.value.vaultPath,
    author: identity.value,
    own: options.all ? 'all' : paths.map((path) => resolve(context.cwd, path)),
    waitMs: (wait.value ?? desk.settings.git.lockWaitSeconds) * 1_000,
  });
}
