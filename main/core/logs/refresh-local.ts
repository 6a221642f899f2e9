import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger } from '../sync/ledger.ts';
import { refreshOwnRows } from '../sync/refresh-own-rows.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Brings this machine's rows of the index up to its disk, without the store: what `list` and the window show offline. */
export async function refreshLocal(deps: SyncDeps): Promise<Result<void, AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  return ledger.ok ? refreshOwnRows(deps, ledger.value) : ledger;
}
