import type { AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshWorkspaces, type WorkspaceNotice } from '../workspaces/refresh-workspaces.ts';

/**
 * Brings the rows of the index that come from this disk up to it, without the store: this machine's own logs and those of the workspaces.
 * @returns what is to be said of workspaces
 */
export async function refreshLocal(deps: SyncDeps): Promise<Result<readonly WorkspaceNotice[], AppError>> {
  const own = await refreshOwnRows(deps, null);
  return own.ok ? refreshWorkspaces(deps) : own;
}

/**
 * {@link refreshLocal} for a question about these machines: what lies on this disk is not looked at when it is about others alone.
 * @param machines whom the question is about; everybody when there are none
 */
export async function refreshFor(
  deps: SyncDeps,
  machines: readonly MachineUuid[],
): Promise<Result<readonly WorkspaceNotice[], AppError>> {
  const here = new Set([
    deps.self.uuid,
    ...(await deps.surroundings.workspaces()).map(({ machine }) => machine),
  ]);
  const isOfOthers = machines.length > 0 && machines.every((machine) => !here.has(machine));
  return isOfOthers ? ok([]) : refreshLocal(deps);
}
