import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { GitSyncDeps, GitSyncRequest } from './git-sync-deps.ts';
import { innerTrees } from './inner-trees.ts';
import { LIMITS, type GitSyncLimits } from './limits.ts';
import { assignOwn, type Own } from './own-paths.ts';
import { locateRepo, type Repo } from '../repository/repo.ts';
import { unreached, type GitSyncReport, type TreeReport } from './report.ts';
import { syncTree } from './sync-tree.ts';
import { underTreeLock } from './tree-lock.ts';

/**
 * Commits a machine's own logs, syncs the branch with its remote, and does the same in the vault and in inner repositories of the workspace
 * that hold logs. Safe to repeat and to kill at any moment: the next run finishes or undoes what was half-done. A conflict never touches
 * the user's files, nor what other sessions have changed or staged.
 *
 * Fails without any change: `lock-held` when another sync of the workspace does not end in time, `not-configured` when there is no work
 * tree, `invalid-input` for an impossible path or name. Fails at once: `lock-lost`, `cancelled`. Everything else is in the report; see
 * `exitCodeOfReport`.
 */
export async function gitSync(deps: GitSyncDeps, request: GitSyncRequest): Answer<GitSyncReport> {
  const limits = { ...LIMITS, ...deps.limits };
  const bad = identityProblem(request);
  if (bad) return err(bad);
  const workspace = await locateRepo(deps.git, request.workspace, locating(limits, request));
  if (!workspace.ok) return workspace;
  const vault =
    request.vault === undefined ? null : await locateRepo(deps.git, request.vault, locating(limits, request));
  const places = [workspace.value];
  const broken: TreeReport[] = [];
  for (const folder of await innerTrees(deps.files, workspace.value, request.own)) {
    const inner = await locateRepo(deps.git, folder, locating(limits, request));
    if (!inner.ok) broken.push(unreached('workspace', folder, inner.error));
    else if (places.every(({ tree }) => tree !== inner.value.tree)) places.push(inner.value);
  }
  const workspaces = places.length;
  if (vault?.ok && places.every(({ tree }) => tree !== vault.value.tree)) places.push(vault.value);
  const own = assignOwn(request.own, places);
  if (!own.ok) return own;
  const first = await locked(deps, limits, request, workspace.value, 'workspace', own.value[0] ?? NONE);
  if (!first.ok) return first;
  const trees: TreeReport[] = [first.value, ...broken];
  for (const [at, place] of places.entries()) {
    if (at === 0) continue;
    const role = at < workspaces ? 'workspace' : 'vault';
    const done = await locked(deps, limits, request, place, role, ownIn(role, own.value[at]));
    if (!done.ok && (done.error.code === 'lock-lost' || done.error.code === 'cancelled')) return done;
    trees.push(done.ok ? done.value : unreached(role, place.tree, done.error));
  }
  if (vault && !vault.ok) trees.push(unreached('vault', request.vault ?? '', vault.error));
  return ok({ trees });
}

const NONE: Own = { all: false, paths: [] };
const PRESENT: Own = { all: true, removals: false };

/** A vault exists for what sessions put into it: if no files of it are named, everything new or changed is committed; removals are not. */
function ownIn(role: TreeReport['role'], own: Own | undefined): Own {
  if (own === undefined) return NONE;
  return role === 'vault' && !own.all && own.paths.length === 0 ? PRESENT : own;
}

function locked(
  deps: GitSyncDeps,
  limits: GitSyncLimits,
  request: GitSyncRequest,
  repo: Repo,
  role: TreeReport['role'],
  own: Own,
): Answer<TreeReport> {
  return underTreeLock(deps, limits, request, repo, (run) => syncTree(run, role, own));
}

function locating(limits: GitSyncLimits, { signal }: GitSyncRequest): Parameters<typeof locateRepo>[2] {
  return { readMs: limits.readMs, signal };
}

function identityProblem({ identity }: GitSyncRequest): AppError | null {
  const { name, email, host, machine } = identity;
  // Git silently strips these from names, and a line break could forge a line of the message.
  const unfit = (text: string): boolean => /[\u0000-\u001f\u007f<>]/.test(text);
  const wrong =
    name.trim() === '' || unfit(name)
      ? 'name'
      : unfit(email)
        ? 'email'
        : host === '' || unfit(host)
          ? 'host'
          : unfit(machine)
            ? 'machine'
            : null;
  if (wrong === null) return null;
  return appError(
    'invalid-input',
    `The identity's ${wrong} cannot stand in a commit.`,
    'Correct .claude/identity.json: plain text on one line, without < and >.',
    { details: { field: wrong } },
  );
}
