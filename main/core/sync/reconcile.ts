import type { LogPath } from '../../../shared/domain/ids.ts';
import type { Logger } from '../ports/logger.ts';
import { ledgerRow, type Ledger } from '../ledger/ledger.ts';
import type { PartitionListing } from './list-partition.ts';

/**
 * Reconciles the ledger with the listing: forgets rows whose object is gone, damaged or of another generation, so that the push checks
 * again.
 * @param damaged logs whose stored bytes differ from their object's facts
 * @returns how many rows were wrong
 */
export function reconcile(
  logger: Logger,
  ledger: Ledger,
  listing: PartitionListing,
  damaged: ReadonlySet<LogPath>,
): number {
  let off = 0;
  for (const row of ledger.rows.values()) {
    const info = listing.logs.get(row.entry.path);
    const same = info?.generation === row.entry.stored.generation && !damaged.has(row.entry.path);
    if (row.goneSince > 0 || same) continue;
    off++;
    // An impossible mtime makes the next scan read the log; an unknown checksum makes it ask the store.
    const stored = { ...row.entry.stored, generation: info?.generation ?? '0' };
    ledger.record(ledgerRow({ ...row.entry, mtime: 0, stored }, null));
  }
  if (off > 0) logger.info('the ledger and the store disagreed', { rows: off });
  return off;
}
