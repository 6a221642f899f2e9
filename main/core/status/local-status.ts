import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { diffLocal } from '../ledger/diff-local.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { fingerprintOf, keepSettled, ledgerMark, readSettled } from '../ledger/settled.ts';

export interface LocalStatus {
  readonly logs: number;
  readonly bytes: number;
  /** Logs that never leave this machine (`sync.stayHere`). */
  readonly staysHere: number;
  /** Logs new or changed since their last push. */
  readonly unsynced: number;
  readonly unsyncedBytes: number;
  /** Pushed logs that vanished so many at once that they count as lost. */
  readonly lost: number;
  /** Files that cannot be pushed because of their name or kind. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
}

const NOTHING_WAITS = { unsynced: 0, unsyncedBytes: 0, lost: 0, refused: [] } as const;

/**
 * Counts the logs on this disk and how many wait, by size and time only: reads no log, and the ledger only if something changed since it
 * knew everything.
 */
export async function localStatus(
  deps: Pick<SyncDeps, 'bytes' | 'files' | 'paths' | 'store' | 'layout' | 'self' | 'surroundings'>,
): Answer<LocalStatus> {
  const { files } = deps;
  const path = ledgerPath(deps);
  const mark = await ledgerMark(files, path);
  const settled = mark === null ? null : await readSettled(files, path, mark);
  const scan = await files.scanLogs(deps.paths.sessionLogs);
  if (!scan.ok) return scan;
  const { files: found, problems } = scan.value;
  const stays = deps.surroundings.staysHere();
  const leaving = found.filter(({ path: log }) => !stays(log));
  const sums = {
    logs: found.length,
    bytes: sizeOf(found),
    staysHere: found.length - leaving.length,
  };
  const fingerprint = fingerprintOf(leaving, deps.bytes);
  if (settled === fingerprint && problems.length === 0) return ok({ ...sums, ...NOTHING_WAITS });
  const ledger = await openLedger(files, path);
  if (!ledger.ok) return ledger;
  const rows = new Map([...ledger.value.rows].filter(([log]) => !stays(log)));
  const { changed, lost, refused } = diffLocal(leaving, rows, problems);
  const isSettled = changed.length + lost.length + refused.length + problems.length === 0;
  if (mark !== null && isSettled) await keepSettled(files, path, mark, fingerprint);
  return ok({
    ...sums,
    unsynced: changed.length,
    unsyncedBytes: sizeOf(changed),
    lost: lost.length,
    refused: [...refused, ...problems],
  });
}

function sizeOf(files: readonly { readonly size: number }[]): number {
  let sum = 0;
  for (const { size } of files) sum += size;
  return sum;
}
