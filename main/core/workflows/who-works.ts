import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { checkHost, readIdentity, type Identity } from '../author/author-file.ts';
import type { GitSyncRequest } from '../git-sync/git-sync-deps.ts';
import type { TreeReport } from '../git-sync/report.ts';
import { findReader, knownReaders, type Reader } from '../notes/reader.ts';
import { ownLogs } from '../save/own-logs.ts';
import { findWorkspace, type Workspace } from '../workspaces/workspace.ts';
import type { WorkTreesDeps, WorkTreesRequest } from './sync-work-trees.ts';

/** Who works in a tree. */
export interface Who {
  /** Top of the work tree; the folder itself until that is known. */
  readonly root: string;
  readonly workspace: Workspace | null;
  readonly reader: Reader;
  readonly commits: Omit<GitSyncRequest['identity'], 'machine'>;
  readonly vaultPath: string | null;
}

/**
 * Finds the committer of a tree: only the identity in it counts; a vault has none of its own and uses a workspace's. A reader of notes need
 * not be able to commit.
 */
export async function whoIn(
  deps: WorkTreesDeps,
  request: WorkTreesRequest,
  path: string,
  role: TreeReport['role'],
): Answer<Who> {
  if (request.mode === 'notes') return readerIn(deps, path);
  const others = role === 'vault' ? [...request.trees, ...deps.settings.git.workspaces] : [];
  let missing: AppError | null = null;
  let own: Workspace | null = null;
  for (const folder of [path, ...others]) {
    const workspace = await findWorkspace(deps.files, folder);
    if (!workspace.ok) return workspace;
    if (folder === path) own = workspace.value;
    const identity =
      workspace.value === null ? err(noTree(folder)) : await readIdentity(deps.files, workspace.value);
    if (identity.ok) return committer(deps, identity.value, path, own);
    if (identity.error.code !== 'not-configured') return identity;
    missing ??= identity.error;
  }
  return err(missing ?? noTree(path));
}

function committer(
  { hostname }: WorkTreesDeps,
  identity: Identity,
  path: string,
  workspace: Workspace | null,
): Result<Who, AppError> {
  // Commits would name another machine.
  const host = checkHost(identity, hostname);
  if (!host.ok) return host;
  const { user, fullName, email, machine, vaultPath } = identity;
  return ok({
    root: workspace?.root ?? path,
    workspace,
    reader: { user, fullName },
    commits: { name: fullName, email, user, host: machine },
    vaultPath,
  });
}

async function readerIn(deps: WorkTreesDeps, path: string): Answer<Who> {
  const reader = await findReader(deps.files, path, knownReaders(deps.settings, deps.systemUser));
  if (!reader.ok) return reader;
  const { user, fullName } = reader.value;
  return ok({
    root: path,
    workspace: null,
    reader: reader.value,
    commits: { name: fullName ?? user, email: '', user, host: deps.hostname },
    vaultPath: null,
  });
}

/** What a run may commit: named paths, else logs the person's saves wrote there; in a vault everything new or changed. */
export async function ownIn(
  { files, clock, paths }: WorkTreesDeps,
  { own, mode }: WorkTreesRequest,
  { workspace, commits }: Who,
  role: TreeReport['role'],
): Answer<GitSyncRequest['own']> {
  if (mode === 'notes') return ok([]);
  if (own !== 'saved') return ok(own);
  if (role === 'vault') return ok('present');
  if (workspace === null) return ok([]);
  return ownLogs(files, { workspace, user: commits.user, now: clock.now(), memory: paths.sessionHints });
}

function noTree(folder: string): AppError {
  return appError(
    'not-configured',
    `${folder} is not inside a git repository.`,
    'Bring it back, or take it out of the list: `session-log config set git.workspaces` names those that stay.',
    { details: { folder } },
  );
}
