import { resolve } from 'node:path';
import type { AppError, Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { NearbyTree } from '../../../shared/ipc/setup.ts';
import { userHome } from '../../compose/user-home.ts';
import { chooseWorkspace, findWorkspace } from '../../core/workspaces/workspace.ts';
import { findNearby } from '../../core/setup/find-nearby.ts';
import { copyNearby, type CopyDone } from './copy-step.ts';
import { done, failed, settingsNow, type SetupRun, type StepDone } from './setup-run.ts';

/** Maximum workspaces listed, and maximum further ones offered for copying; nobody reads about more at once. */
const SHOWN = 12;

/** Existing logs in nearby repositories: listed by registering the workspace, or copied if no workspace lists them. */
export async function workspaceStep(run: SetupRun): Answer<StepDone> {
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
    options.workspace === undefined ? offer(run, registered, trees) : register(run, registered, named, []);
  if (!listed.ok || listed.value.action === 'failed') return listed;
  const unlisted = trees.filter((tree) => tree.unlisted.length > 0).slice(0, SHOWN);
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

function offer(
  run: SetupRun,
  registered: readonly string[],
  trees: readonly NearbyTree[],
): Result<StepDone, AppError> {
  const listable = trees.filter(({ root, isListable }) => isListable && !registered.includes(root));
  if (run.asker === null)
    return register(
      run,
      registered,
      [],
      listable.map((tree) => `${logsOf(tree)}: --workspace ${tree.root}`),
    );
  // Listing changes nothing in them and is undone with one command, so it is reported and not asked.
  const shown = listable.slice(0, SHOWN);
  for (const tree of shown) run.asker.say(logsOf(tree));
  return register(
    run,
    registered,
    shown.map(({ root }) => root),
    shown.flatMap(identityHint),
  );
}

/** A team's tree that lists its people but does not know whose machine this is. */
function identityHint({ name, root, identity }: NearbyTree): readonly string[] {
  if (identity !== 'wanted') return [];
  return [`${name} names its authors; to save into it: session-log whoami --set --workspace "${root}"`];
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
