import type { LogPath } from '../../../shared/domain/ids.ts';
import { describeLog } from '../logs/describe-log.ts';
import { encodeRow } from '../ledger/ledger-line.ts';
import { ledgerRow, type Ledger } from '../ledger/ledger.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/**
 * Describes the logs again that an older program described, each from its file, which is read once and sent nowhere. Rows of which there is
 * more to say now make the shard one to publish. What changed meanwhile is left to the push, what is gone stays as it was.
 * @param changed logs that this push looks at anyway
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
