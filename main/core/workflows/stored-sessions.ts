import type { Answer } from '../../../shared/app-error.ts';
import { mapOk } from '../../../shared/result.ts';
import { copiesLedgerPath, isStored, openCopiesLedger } from '../capture/copies-ledger.ts';
import { placeName } from '../capture/copy-place.ts';
import type { KnownSession } from '../capture/known-sessions.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** Finds sessions stored completely, from the ledger alone: no store access. */
export async function storedSessions(sync: SyncDeps): Answer<(one: KnownSession) => boolean> {
  const ledger = await openCopiesLedger(sync.files, copiesLedgerPath(sync));
  return mapOk(
    ledger,
    ({ rows }) =>
      (one) =>
        isStored(rows.get(placeName(one)), one.record),
  );
}
