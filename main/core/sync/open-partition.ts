import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger, type Ledger } from '../ledger/ledger.ts';
import { listPartition, type PartitionListing } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** This machine's partition, in its ledger and in the store. */
export interface OwnPartition {
  readonly ledger: Ledger;
  readonly listing: PartitionListing;
}

/** Opens the ledger and lists this machine's objects. */
export async function openPartition(
  deps: SyncDeps,
  { signal }: RunOptions,
): Promise<Result<OwnPartition, AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const listing = await listPartition(deps, signal);
  return listing.ok ? ok({ ledger: ledger.value, listing: listing.value }) : listing;
}
