import type { LogPath } from '../../../shared/domain/ids.ts';
import { describeLog } from '../logs/describe-log.ts';
import { encodeRow } from '../ledger/ledger-line.ts';
import { ledgerRow, type Ledger } from '../ledger/ledger.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/**
 * Describes logs again that an older version described, each from its file, which is read once and not uploaded. If that adds to a row, the
 * shard must be published. Files changed meanwhile are left to the push; rows of missing ones stay.
 * @param changed logs that this push reads anyway
 */
export async function describeAnew(
  deps: SyncDeps,
  ledger: Ledger,
  changed: ReadonlySet<LogPath>,
  options: Pick<RunOptions, 'signal'>,
): Promise<void> {
  const rows = [...ledger.rows.values()].filter(
    (row) => row.goneSince === 0 && !changed.has(row.entry.path) && row.crc32c !== null,
  );
  await runLimited(rows, TRANSFERS, options.signal, async (row) => {
    const { entry, crc32c } = row;
    const measured = await deps.files.measure(`${deps.paths.sessionLogs}/${entry.path}`);
    if (!measured.ok || measured.value?.sha256 !== entry.sha256) return;
    const described = ledgerRow(await describeLog(deps, entry.path, measured.value, entry.stored), crc32c);
    if (encodeRow(described) !== encodeRow(row)) ledger.record(described);
  });
}
