import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshWorkspaces, type WorkspaceNotice } from '../workspaces/refresh-workspaces.ts';

/**
 * Updates the index rows of this disk, without the store: this machine's own logs and those of the workspaces.
 * @returns notices about workspaces
 */
export async function refreshLocal(deps: SyncDeps): Answer<readonly WorkspaceNotice[]> {
  const own = await refreshOwnRows(deps, null);
  return own.ok ? refreshWorkspaces(deps) : own;
}

/**
 * {@link refreshLocal} for a question about these machines: skips this disk when it is about others alone.
 * @param machines subjects of the question; empty for all
 */
export async function refreshFor(
  deps: SyncDeps,
  machines: readonly MachineUuid[],
): Answer<readonly WorkspaceNotice[]> {
  const here = new Set([
    deps.self.uuid,
    ...(await deps.surroundings.workspaces()).map(({ machine }) => machine),
  ]);
  const isOfOthers = machines.length > 0 && machines.every((machine) => !here.has(machine));
  return isOfOthers ? ok([]) : refreshLocal(deps);
}
