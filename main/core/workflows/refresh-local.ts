import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { refreshOwnRows } from '../ledger/refresh-own-rows.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { refreshWorkspaces, type WorkspaceNotice } from '../workspaces/refresh-workspaces.ts';

/**
 * Brings the rows of the index that come from this disk up to it, without the store: this machine's own logs and those of the workspaces.
 * @returns what is to be said of workspaces
 */
export async function refreshLocal(deps: SyncDeps): Promise<Result<readonly WorkspaceNotice[], AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const own = await refreshOwnRows(deps, ledger.value);
  return own.ok ? refreshWorkspaces(deps) : own;
}
