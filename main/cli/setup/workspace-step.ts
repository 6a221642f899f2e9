import { resolve } from 'node:path';
import type { AppError } from '../../../shared/app-error.ts';
import { knownAuthor } from '../../../shared/domain/author.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { userHome } from '../../compose/user-home.ts';
import { chooseWorkspace, findWorkspace } from '../../core/workspaces/workspace.ts';
import { writeIdentity } from '../../core/author/write-author-file.ts';
import { findNearby, type NearbyTree } from '../../core/setup/find-nearby.ts';
import type { Asker } from '../ask.ts';
import { copyNearby, type CopyDone } from './copy-step.ts';
import { done, failed, settingsNow, stopped, type SetupRun, type StepDone } from './setup-run.ts';

/** A person is asked about so many workspaces; the rest are named. */
const ASKED = 12;

/** Logs that are there already, in repositories nearby: listed by registering the workspace, or copied where no workspace lists them. */
export async function workspaceStep(run: SetupRun): Promise<Result<StepDone, AppError>> {
  const { local, options, context } = run;
  const settings = settingsNow(run);
  if (!settings.ok) return failed('workspaces', settings.error);
  const registered = settings.value.git.workspaces;
  const named: string[] = [];
  for (const folder of options.workspace ?? []) {
    const path = resolve(context.cwd, folder);
    const found = await chooseWorkspace(local.files, context.cwd, path, []);
    if (!found.ok) return failed('workspaces', found.error);
    named.push(found.value.root);
  }
  const trees = options.workspace === undefined ? await search(run) : [];
  const listed =
    options.workspace === undefined
      ? await offer(run, registered, trees)
      : register(run, registered, named, []);
  if (!listed.ok || listed.value.action === 'failed') return listed;
  const unlisted = trees.filter((tree) => tree.unlisted.length > 0).slice(0, ASKED);
  const copied = await copyNearby(run, unlisted);
  if (!copied.ok) {
    const failure = failed('workspaces', copied.error);
    return failure.ok
      ? ok({ ...listed.value, ...failure.value, says: [...listed.value.says, ...failure.value.says] })
      : failure;
  }
  return ok(withCopies(listed.value, copied.value));
}

function withCopies(listed: StepDone, copied: CopyDone): StepDone {
  const undo = [...(listed.undo === null ? [] : [listed.undo]), ...copied.undo].join(' && ');
  return {
    ...listed,
    action: copied.undo.length > 0 ? 'changed' : listed.action,
    says: [...listed.says, ...copied.says],
    undo: undo === '' ? null : undo,
  };
}

async function search({ local, context }: SetupRun): Promise<readonly NearbyTree[]> {
  const around = await findWorkspace(local.files, context.cwd);
  const { trees } = await findNearby(local, {
    home: userHome() ?? context.cwd,
    also: around.ok && around.value !== null ? [around.value.root] : [],
    signal: context.signal,
  });
  return trees;
}

async function offer(
  run: SetupRun,
  registered: readonly string[],
  trees: readonly NearbyTree[],
): Promise<Result<StepDone, AppError>> {
  const listable = trees.filter(({ root, isListable }) => isListable && !registered.includes(root));
  if (run.asker === null)
    return register(
      run,
      registered,
      [],
      listable.map((tree) => `${logsOf(tree)}: --workspace ${tree.root}`),
    );
  const chosen = await askTrees(run, run.asker, listable.slice(0, ASKED));
  return chosen.ok ? register(run, registered, chosen.value, []) : chosen;
}

async function askTrees(
  run: SetupRun,
  asker: Asker,
  trees: readonly NearbyTree[],
): Promise<Result<readonly string[], AppError>> {
  const chosen: string[] = [];
  for (const tree of trees) {
    const wanted = await asker.confirm(`${logsOf(tree)}. Show them in the list?`, true);
    if (wanted === null) return stopped();
    if (wanted) chosen.push(tree.root);
    if (wanted && tree.identity === 'wanted') {
      const identified = await askIdentity(run, asker, tree);
      if (!identified.ok) return identified;
    }
  }
  return ok(chosen);
}

/** A team's tree that lists its people and does not know who this machine's is. */
async function askIdentity(run: SetupRun, asker: Asker, tree: NearbyTree): Promise<Result<void, AppError>> {
  const settings = settingsNow(run);
  const author = settings.ok ? knownAuthor(settings.value.author) : null;
  const workspace = await findWorkspace(run.local.files, tree.root);
  if (author === null || !workspace.ok || workspace.value === null) return ok(undefined);
  const wanted = await asker.confirm(
    `${tree.name} names its authors. Write its .claude/identity.json for ${author.name} (${author.user}), so that saves there go into the tree?`,
    false,
  );
  if (wanted === null) return stopped();
  const written = wanted
    ? await writeIdentity(run.local.files, workspace.value, author, run.local.hostname)
    : null;
  if (written !== null)
    asker.say(written.ok ? `Written: ${written.value}` : `${written.error.message} ${written.error.remedy}`);
  return ok(undefined);
}

function register(
  run: SetupRun,
  before: readonly string[],
  chosen: readonly string[],
  hints: readonly string[],
): Result<StepDone, AppError> {
  const added = [...new Set(chosen)].filter((root) => !before.includes(root));
  if (added.length === 0) {
    const listed = before.length === 0 ? 'No workspace is listed.' : `Listed: ${before.join(', ')}.`;
    return done('workspaces', 'unchanged', [listed, ...hints]);
  }
  const settings = settingsNow(run);
  if (!settings.ok) return failed('workspaces', settings.error);
  const { git } = settings.value;
  const saved = run.store.set(
    { ...settings.value, git: { ...git, workspaces: [...before, ...added] } },
    { ...settings.value, git: { ...git, workspaces: before } },
  );
  if (!saved.ok) return failed('workspaces', saved.error);
  const undo = `session-log config set git.workspaces "${before.join(',')}"`;
  return done('workspaces', 'changed', [`Logs of ${added.join(', ')} are listed now.`, ...hints], undo);
}

function logsOf({ name, root, logs }: NearbyTree): string {
  return `${plural(logs, 'log')} in ${name} (${root})`;
}
