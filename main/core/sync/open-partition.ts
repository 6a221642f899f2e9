import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { ledgerPath, openLedger, type Ledger } from '../ledger/ledger.ts';
import { listPartition, type PartitionListing } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** This machine's partition, as it remembers it and as the store has it. */
export interface OwnPartition {
  readonly ledger: Ledger;
  readonly listing: PartitionListing;
}

/** Opens the ledger and lists what the store has of this machine. */
export async function openPartition(
  deps: SyncDeps,
  { signal }: RunOptions,
): Promise<Result<OwnPartition, AppError>> {
  const ledger = await openLedger(deps.files, ledgerPath(deps));
  if (!ledger.ok) return ledger;
  const listing = await listPartition(deps, signal);
  return listing.ok ? ok({ ledger: ledger.value, listing: listing.value }) : listing;
}
