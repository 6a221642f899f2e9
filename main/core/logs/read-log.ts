import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { readCached } from '../sync/cache.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

export interface ReadLog {
  readonly row: LogRow;
  readonly bytes: Uint8Array;
}

/**
 * Reads one log from this disk: an own one from the data folder, another machine's from the cache (digest checked).
 * @param id `<machine-uuid>/<relative path>`
 * @returns `not-found` when the index does not know it or it is only in the store (`details.inStore` then)
 */
export async function readLog(
  deps: Pick<SyncDeps, 'files' | 'index' | 'paths' | 'bytes' | 'self'>,
  id: string,
): Promise<Result<ReadLog, AppError>> {
  const parsed = parseLogId(id);
  if (!parsed.ok) return parsed;
  const { machine, path } = parsed.value;
  const row = await deps.index.row(parsed.value.id);
  if (!row.ok) return row;
  if (row.value === null)
    return err(
      appError(
        'not-found',
        `The index does not know ${path} of machine ${machine.slice(0, 8)}.`,
        'Run `session-log sync --index`, then `session-log list`.',
      ),
    );
  const content =
    machine === deps.self.uuid
      ? await deps.files.read(`${deps.paths.sessionLogs}/${path}`)
      : await readCached(deps, machine, path, row.value.sha256);
  if (content.ok && content.value !== null) return ok({ row: row.value, bytes: content.value });
  // An outdated copy is better than none while the store is out of reach; the row says that it is stale.
  if (!content.ok && row.value.stale) return readStale(deps, row.value);
  if (!content.ok) return content;
  return err(
    appError(
      'not-found',
      `${path} of ${row.value.host} is not on this machine yet.`,
      `Pull it: session-log sync --pull --machine ${machine.slice(0, 8)} --path "${path}"`,
      {
        details: { inStore: row.value.backedUp, machine, path },
        action: 'session-log sync --pull',
      },
    ),
  );
}

async function readStale(
  deps: Pick<SyncDeps, 'files' | 'index' | 'paths' | 'bytes'>,
  row: LogRow,
): Promise<Result<ReadLog, AppError>> {
  const digests = await deps.index.cachedDigests(row.machine);
  if (!digests.ok) return digests;
  const sha256 = digests.value.find((digest) => digest.path === row.path)?.sha256 ?? '';
  const content = await readCached(deps, row.machine, row.path, sha256);
  if (!content.ok) return content;
  return content.value === null
    ? err(
        appError('not-found', `${row.path} is not in the cache.`, 'Pull it with `session-log sync --pull`.'),
      )
    : ok({ row, bytes: content.value });
}
