import * as v from 'valibot';
import type { Settings } from '../../../shared/domain/settings.ts';
import { folderPath, inFolder } from '../files/folder-path.ts';
import { knownOf, MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

interface FileDeps extends Pick<SyncDeps, 'files'> {
  readonly logger?: SyncDeps['logger'];
  readonly paths: Pick<SyncDeps['paths'], 'state'>;
}

const FORMAT = {
  maxBytes: MIB,
  schema: stateObject({ workspaces: knownOf(v.pipe(v.string(), v.minLength(1))) }),
};

/** More than a person works in at a time; the longest unused ones give way. */
const MOST = 100;

type Registered = Pick<Settings['git'], 'workspaces' | 'vault'>;

/**
 * The workspaces that logs were saved or synced in without being registered, most recent first: their logs are listed and searched, because
 * what was saved must be found from any folder. Nothing is synced because of this.
 * @param git of the settings: one that was registered since is forgotten here, so that removing it there ends its listing
 * @returns roots, absolute
 */
export async function usedWorkspaces(deps: FileDeps, git: Registered): Promise<readonly string[]> {
  const known = await readAll(deps);
  const used = known.filter((root) => !isRegistered(git, root));
  if (used.length < known.length) await write(deps, used);
  return used;
}

/** Remembers a workspace. Of two at once one may be lost until it is used again. A failed write is logged: the log itself is saved. */
export async function rememberWorkspace(deps: FileDeps, git: Registered, root: string): Promise<void> {
  if (isRegistered(git, root)) return;
  const known = await readAll(deps);
  if (!known.includes(root)) await write(deps, [root, ...known].slice(0, MOST));
}

/** Forgets a workspace, until it is used again. @returns false for one that was not known */
export async function forgetWorkspace(deps: FileDeps, root: string): Promise<boolean> {
  const known = await readAll(deps);
  const left = known.filter((one) => one !== root);
  if (left.length < known.length) await write(deps, left);
  return left.length < known.length;
}

function isRegistered({ workspaces, vault }: Registered, root: string): boolean {
  return [...workspaces, vault].some((one) => folderPath(one) === folderPath(root));
}

async function readAll(deps: FileDeps): Promise<readonly string[]> {
  return (await recallState(deps.files, pathOf(deps), FORMAT, deps.logger))?.workspaces ?? [];
}

async function write(deps: FileDeps, workspaces: readonly string[]): Promise<void> {
  const written = await writeState(deps.files, pathOf(deps), { schema: 1, workspaces });
  if (!written.ok) deps.logger?.warn(written.error.message, { code: written.error.code });
}

function pathOf({ paths }: FileDeps): string {
  return inFolder(paths.state, 'used-workspaces.json');
}
