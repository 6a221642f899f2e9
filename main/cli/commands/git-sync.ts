import { resolve } from 'node:path';
import type { Command } from 'commander';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { openDesk, type Desk } from '../../compose/open-desk.ts';
import { formatReceipt } from '../../core/git-sync/receipt.ts';
import {
  exitCodeOfReport,
  unreached,
  worstTree,
  type GitSyncReport,
  type TreeReport,
} from '../../core/git-sync/report.ts';
import { markNotes, type InboxItem } from '../../core/notes/inbox.ts';
import { checkHost, readIdentity, type Identity } from '../../core/author/author-file.ts';
import { ownLogs } from '../../core/save/own-logs.ts';
import { chooseWorkspace, type Workspace } from '../../core/workspaces/workspace.ts';
import { describeError, finish, type CliContext } from '../cli-context.ts';
import { parseCount, several } from '../parse-options.ts';
import { syncTrees, type TreesRequest } from '../sync-trees.ts';
import { noteScreen } from '../note-screen.ts';
import { forPeople } from '../terminal-encoding.ts';

interface GitSyncOptions {
  readonly own?: readonly string[];
  readonly all?: boolean;
  readonly workspace?: string;
  readonly registered?: boolean;
  readonly vault?: string;
  readonly wait?: string;
  readonly json?: boolean;
}

/** `session-log git-sync`: commits what is one's own, and brings work tree, vault and remotes together. */
export function registerGitSync(program: Command, context: CliContext): void {
  program
    .command('git-sync')
    .description(
      'bring the work tree and the vault together with their remotes; what other sessions have changed stays as it is',
    )
    .argument('[paths...]', 'files and folders to commit first (the logs that your saves wrote here)')
    .option('--own <path>', 'the same as naming it as an argument; may be repeated', several)
    .option('--all', 'commit everything that is changed, of all sessions')
    .option('--workspace <folder>', 'a folder of the work tree (the current folder)')
    .option('--registered', 'every work tree of the setting git.workspaces')
    .option('--vault <folder>', 'the second work tree (setting git.vault, or vault_path of identity.json)')
    .option('--wait <seconds>', 'how long to wait for another sync; then exit 75')
    .option('--json', 'print one JSON envelope')
    .action((paths: string[], options: GitSyncOptions) => runGitSync(context, paths, options));
}

/** What a command line asks for, checked. */
interface Asked {
  readonly own: readonly string[] | 'all' | 'saved';
  readonly workspaces: readonly Workspace[];
  /** Absolute; undefined leaves it to settings and identity. */
  readonly vault: string | undefined;
  readonly waitMs: number;
  /** One work tree that was asked for fails the command; one of several is reported beside the others. */
  readonly single: boolean;
}

/** Everything that the runs of a command came to. */
interface Outcome {
  readonly report: GitSyncReport;
  readonly notes: readonly InboxItem[];
  readonly readers: readonly Pick<Identity, 'user' | 'fullName'>[];
}

/** Runs the git syncs that a command line asks for and prints how they went. */
export async function runGitSync(
  context: CliContext,
  paths: readonly string[],
  options: GitSyncOptions,
): Promise<void> {
  const json = options.json ?? false;
  const desk = openDesk();
  if (!desk.ok) return finish(context, json, desk, () => '');
  const asked = await parseAsked(context, desk.value, [...paths, ...(options.own ?? [])], options);
  if (!asked.ok) return finish(context, json, asked, () => '');
  const outcome = await syncEach(context, desk.value, asked.value);
  if (!outcome.ok) return finish(context, json, outcome, () => '');
  const { report, notes, readers } = outcome.value;
  if (json) {
    finish(context, true, judged(report), () => '');
    return context.exitWith(exitCodeOfReport(report));
  }
  const screen = noteScreen(notes);
  context.out(
    forPeople([...(screen.text ? [screen.text] : []), formatReceipt(report)].join('\n'), context.env),
  );
  context.exitWith(exitCodeOfReport(report));
  const shown = screen.shown.map((note) => note.hash);
  for (const reader of readers) {
    const marked = await markNotes(desk.value, reader, shown, 'read');
    if (!marked.ok) context.note(`${describeError(marked.error)}\n`);
  }
}

/** A run that a person or time must complete is a failure to a program, with the report beside it. */
function judged(report: GitSyncReport): Result<GitSyncReport, AppError> {
  const problem = worstTree(report)?.problem ?? null;
  return problem === null ? ok(report) : err({ ...problem, details: { ...problem.details, report } });
}

async function parseAsked(
  context: CliContext,
  desk: Desk,
  paths: readonly string[],
  options: GitSyncOptions,
): Promise<Result<Asked, AppError>> {
  const clash = contradiction(paths, options);
  if (clash !== null)
    return err(appError('usage', `${clash}, not both.`, 'See `session-log git-sync --help`.'));
  const wait = parseCount('wait', options.wait, 0);
  if (!wait.ok) return wait;
  const own = paths.map((path) => resolve(context.cwd, path));
  for (const path of own) {
    const facts = await desk.files.stat(path);
    if (!facts.ok) return facts;
    if (facts.value === null)
      return err(appError('not-found', `There is no ${path}.`, 'Correct the path; nothing was changed.'));
  }
  const workspaces = await chooseWorkspaces(context, desk, options);
  if (!workspaces.ok) return workspaces;
  return ok({
    own: options.all ? 'all' : own.length > 0 ? own : 'saved',
    workspaces: workspaces.value,
    vault: options.vault === undefined ? undefined : resolve(context.cwd, options.vault),
    waitMs: (wait.value ?? desk.settings.git.lockWaitSeconds) * 1_000,
    single: !options.registered,
  });
}

function contradiction(paths: readonly string[], options: GitSyncOptions): string | null {
  if (options.all && paths.length > 0) return 'Name paths or give --all';
  if (options.registered && options.workspace !== undefined) return 'Give --workspace or --registered';
  if (options.registered && paths.length > 0) return 'Name paths of one work tree or give --registered';
  return null;
}

async function chooseWorkspaces(
  context: CliContext,
  desk: Desk,
  options: GitSyncOptions,
): Promise<Result<readonly Workspace[], AppError>> {
  const registered = desk.settings.git.workspaces;
  if (!options.registered) {
    const named = options.workspace === undefined ? null : resolve(context.cwd, options.workspace);
    const one = await chooseWorkspace(desk.files, context.cwd, named, registered);
    return one.ok ? ok([one.value]) : one;
  }
  if (registered.length === 0)
    return err(
      appError(
        'not-configured',
        'No work tree is registered.',
        'Register them: session-log config set git.workspaces <folder>,<folder>',
      ),
    );
  const found: Workspace[] = [];
  for (const folder of registered) {
    const one = await chooseWorkspace(desk.files, folder, folder, []);
    // One that is gone is reported by its run, after which the others still have theirs.
    found.push(
      one.ok ? one.value : { kind: 'workspace', root: folder, name: folder, identityRoots: [folder] },
    );
  }
  return ok(found);
}

/** Syncs the work trees one after the other, a vault that they share only once. */
async function syncEach(context: CliContext, desk: Desk, asked: Asked): Promise<Result<Outcome, AppError>> {
  const trees: TreeReport[] = [];
  const notes: InboxItem[] = [];
  const readers: Outcome['readers'][number][] = [];
  const vaults = new Set<string>();
  for (const workspace of asked.workspaces) {
    const request = await requestOf(desk, asked, workspace);
    const vault = request.ok ? vaultOf(desk, request.value) : '';
    const synced = request.ok
      ? await syncTrees(context, desk, { ...request.value, vaultNamed: vaults.has(vault) ? '' : vault })
      : request;
    if (synced.ok) {
      vaults.add(vault);
      trees.push(...synced.value.report.trees);
      notes.push(...synced.value.notes);
      if (request.ok) readers.push(request.value.author);
    } else {
      const { code } = synced.error;
      // Deferred is a state of the tree, not a failure of the command: it is told as such, and in the same words.
      const fails = asked.single && code !== 'lock-held' && code !== 'offline';
      if (fails || code === 'cancelled' || code === 'lock-lost') return synced;
      trees.push(unreached('workspace', workspace.root, synced.error));
    }
  }
  return ok({ report: { trees }, notes, readers });
}

function vaultOf(desk: Desk, { vault, vaultNamed }: TreesRequest): string {
  return vaultNamed ?? (desk.settings.git.vault || vault || '');
}

async function requestOf(
  desk: Desk,
  asked: Asked,
  workspace: Workspace,
): Promise<Result<TreesRequest, AppError>> {
  const identity = await readIdentity(desk.files, workspace);
  if (!identity.ok) return identity;
  // Commits would carry another machine's name.
  const host = checkHost(identity.value, desk.hostname);
  if (!host.ok) return host;
  const { user } = identity.value;
  const memory = desk.paths.sessionHints;
  const own =
    asked.own === 'saved'
      ? await ownLogs(desk.files, { workspace, user, now: desk.clock.now(), memory })
      : ok(asked.own);
  if (!own.ok) return own;
  return ok({
    workspace: workspace.root,
    vault: identity.value.vaultPath,
    ...(asked.vault === undefined ? {} : { vaultNamed: asked.vault }),
    author: identity.value,
    own: own.value,
    waitMs: asked.waitMs,
  });
}
