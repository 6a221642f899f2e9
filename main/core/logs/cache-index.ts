import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { KnownShard } from '../ports/log-index.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** More than the first line takes for each machine: UUID, numbers, a host name of 255 letters that are six each in JSON. */
const PER_MACHINE = 2048;
const NEWLINE = 0x0a;

/**
 * Writes `session-logs-cache/index.json`, the index as one file, unless it is current. For other programs: none of ours reads it.
 * @returns whether it was written
 */
export async function exportIndex({
  index,
  files,
  paths,
  self,
}: Pick<SyncDeps, 'index' | 'files' | 'paths' | 'self'>): Answer<boolean> {
  const known = await index.knownShards();
  if (!known.ok) return known;
  if (await isExported(files, paths.cacheIndex, known.value, self.uuid)) return ok(false);
  return mapOk(await index.exportTo(paths.cacheIndex), () => true);
}

/**
 * Whether the exported index has the same shards of other machines as the index itself, whoever pulled them.
 * @param path of the export
 * @param shards as in the index
 * @param own this machine, whose rows come from its disk and change more often than anybody exports
 */
async function isExported(
  files: Files,
  path: string,
  shards: readonly KnownShard[],
  own: MachineUuid,
): Promise<boolean> {
  const others = shards.filter(({ machine }) => machine !== own);
  const head = await files.readHead(path, (shards.length + 2) * PER_MACHINE);
  const sources = head.ok && head.value !== null ? readSources(head.value) : null;
  if (sources === null) return false;
  const told = [...sources.keys()].filter((machine) => machine !== own);
  return (
    told.length === others.length &&
    others.every(({ machine, generation }) => sources.get(machine) === generation)
  );
}

/** The generation of each shard in an export's first line; null when unreadable. */
function readSources(head: Uint8Array): ReadonlyMap<string, unknown> | null {
  const line = new TextDecoder().decode(head.subarray(0, head.indexOf(NEWLINE)));
  try {
    // The line ends where the list of entries begins.
    const { sources } = JSON.parse(`${line}]}`) as { sources: Record<string, { generation?: unknown }> };
    return new Map(Object.entries(sources).map(([machine, { generation }]) => [machine, generation]));
  } catch {
    return null;
  }
}
