import type { LogPath } from '../../../shared/domain/ids.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { factsOfObject } from '../store/stored-facts.ts';
import type { PartitionListing } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/**
 * Own logs whose stored bytes differ from their object's facts. If the store itself computes size and checksum of its content, that is
 * enough; a folder only reports what was written, so its bytes are read again.
 */
export async function findDamaged(
  deps: Pick<SyncDeps, 'store'>,
  listing: Pick<PartitionListing, 'logs'>,
  options: RunOptions,
): Promise<ReadonlySet<LogPath>> {
  const damaged = new Set<LogPath>();
  const unproved: (readonly [LogPath, string])[] = [];
  for (const [path, info] of listing.logs) {
    if (factsOfObject(info).damaged) damaged.add(path);
    else if (deps.store.statesRecords === true) unproved.push([path, info.name]);
  }
  await runLimited(unproved, TRANSFERS, options.signal, async ([path, name]) => {
    if (await isCorrupt(deps, name, options)) damaged.add(path);
  });
  return damaged;
}

async function isCorrupt(
  { store }: Pick<SyncDeps, 'store'>,
  name: string,
  { signal }: RunOptions,
): Promise<boolean> {
  const opened = await store.getStream(name, { signal });
  if (!opened.ok) return opened.error.code === 'corrupt';
  if (opened.value === null) return false;
  for await (const _ of opened.value.chunks) {
    // Read only: the store compares the checksum at the end.
  }
  const done = await opened.value.done;
  return !done.ok && done.error.code === 'corrupt';
}
