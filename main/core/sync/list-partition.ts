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

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'self'>;

/** Lists the own partition. */
export async function listPartition(
  deps: Deps,
  signal?: AbortSignal,
): Promise<Result<PartitionListing, AppError>> {
  const logs = new Map<LogPath, ObjectInfo>();
  const kept: ObjectInfo[] = [];
  const foreign: PartitionListing['foreign'][number][] = [];
  for await (const page of partitionPages(deps, signal)) {
    if (!page.ok) return page;
    for (const [path, info] of page.value.logs) logs.set(path, info);
    kept.push(...page.value.kept);
    foreign.push(...page.value.foreign);
  }
  return ok({ logs, kept, foreign });
}

/**
 * Lists the own partition, some objects at a time, for those who need not hold all of them. The next page is asked for while one is looked
 * at. A failure is the last.
 */
export async function* partitionPages(
  deps: Deps,
  signal?: AbortSignal,
): AsyncGenerator<Result<PartitionListing, AppError>, void> {
  const pages = listPages(deps.store, deps.layout.partition(deps.self.uuid), { signal });
  let next = pages.next();
  try {
    for (let page = await next; !page.done; page = await next) {
      next = pages.next();
      yield page.value.ok ? ok(sorted(deps, page.value.value)) : page.value;
    }
  } finally {
    // Nobody may want it any more, but it must not outlive the run.
    await next;
  }
}

function sorted(deps: Deps, objects: readonly ObjectInfo[]): PartitionListing {
  const logs = new Map<LogPath, ObjectInfo>();
  const kept: ObjectInfo[] = [];
  const foreign: PartitionListing['foreign'][number][] = [];
  for (const info of objects) {
    if (isForgotten(info)) continue;
    const object = readPartitionName(deps.layout, deps.self.uuid, info.name);
    if (object.kind === 'log') logs.set(object.path, info);
    else if (object.kind === 'kept') kept.push(info);
    else if (object.kind === 'foreign') foreign.push({ name: info.name, problem: object.problem });
  }
  return { logs, kept, foreign };
}
