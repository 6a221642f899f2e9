import * as v from 'valibot';
import { inFolder } from '../files/folder-path.ts';
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

/**
 * The workspaces that logs were saved or synced in, registered or not, most recent first: their logs are listed and searched, because what
 * was saved must be found from any folder. Nothing is synced because of this.
 * @returns roots, absolute
 */
export async function usedWorkspaces(deps: FileDeps): Promise<readonly string[]> {
  return (await recallState(deps.files, pathOf(deps), FORMAT, deps.logger))?.workspaces ?? [];
}

/** Remembers a workspace. Of two at once one may be lost until it is used again. A failed write is logged: the log itself is saved. */
export async function rememberWorkspace(deps: FileDeps, root: string): Promise<void> {
  const known = await usedWorkspaces(deps);
  if (known.includes(root)) return;
  await write(deps, [root, ...known].slice(0, MOST));
}

/** Forgets a workspace that is gone. */
export async function forgetWorkspace(deps: FileDeps, root: string): Promise<void> {
  const known = await usedWorkspaces(deps);
  if (known.includes(root))
    await write(
      deps,
      known.filter((one) => one !== root),
    );
}

async function write(deps: FileDeps, workspaces: readonly string[]): Promise<void> {
  const written = await writeState(deps.files, pathOf(deps), { schema: 1, workspaces });
  if (!written.ok) deps.logger?.warn(written.error.message, { code: written.error.code });
}

function pathOf({ paths }: FileDeps): string {
  return inFolder(paths.state, 'used-workspaces.json');
}
