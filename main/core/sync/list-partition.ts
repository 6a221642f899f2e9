import type { LogPath } from '../../../shared/domain/ids.ts';
import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { LedgerRow } from '../ledger/ledger.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { readPartitionName } from '../store/layout.ts';
import { isForgotten, type StoredFacts } from '../store/stored-facts.ts';
import { listPages } from '../store/list-pages.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The same facts from the ledger; null when it lacks some. */
export function factsOfRow(row: LedgerRow): StoredFacts | null {
  const { entry } = row;
  if (row.crc32c === null) return null;
  return {
    size: entry.size,
    crc32c: row.crc32c,
    sha256: entry.sha256,
    mtime: entry.mtime,
    generation: entry.stored.generation,
    object: { size: entry.stored.size, crc32c: entry.stored.crc32c },
    writer: null,
    damaged: false,
  };
}

/** All non-empty objects in this machine's partition. */
export interface PartitionListing {
  readonly logs: ReadonlyMap<LogPath, ObjectInfo>;
  readonly kept: readonly ObjectInfo[];
  readonly foreign: readonly { readonly name: string; readonly problem: string }[];
}

/** Lists the own partition, page by page. */
export async function listPartition(
  deps: Pick<SyncDeps, 'store' | 'layout' | 'self'>,
  signal?: AbortSignal,
): Promise<Result<PartitionListing, AppError>> {
  const logs = new Map<LogPath, ObjectInfo>();
  const kept: ObjectInfo[] = [];
  const foreign: { name: string; problem: string }[] = [];
  for await (const page of listPages(deps.store, deps.layout.partition(deps.self.uuid), { signal })) {
    if (!page.ok) return page;
    for (const info of page.value) {
      if (isForgotten(info)) continue;
      const object = readPartitionName(deps.layout, deps.self.uuid, info.name);
      if (object.kind === 'log') logs.set(object.path, info);
      else if (object.kind === 'kept') kept.push(info);
      else if (object.kind === 'foreign') foreign.push({ name: info.name, problem: object.problem });
    }
  }
  return ok({ logs, kept, foreign });
}
