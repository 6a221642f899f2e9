import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LogEntry, ShardHead } from '../../../shared/domain/log-entry.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { readShardEntries } from './fetch-shard.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHead } from './read-shard.ts';
import { PACKED_LIMIT, UNPACKED_LIMIT } from './shard-limits.ts';
import { factsOfObject } from '../store/stored-facts.ts';
import type { PartitionListing } from './list-partition.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** Objects of the own partition, by writer. */
export interface SortedObjects {
  readonly own: readonly LogPath[];
  /** Not known to be written by this machine. */
  readonly strangers: readonly LogPath[];
}

type Deps = Pick<SyncDeps, 'store' | 'layout' | 'bytes' | 'self' | 'logger'>;

/**
 * Tells which objects this machine has written: this install by its nonce, or the ledger or the published index knows the object; an
 * install before this one, if it published the index last. Whoever may write to the store can put a file into this machine's partition.
 * The published index is read only when the rest leaves a doubt.
 */
export async function sortObjects(
  deps: Deps,
  ledger: Ledger,
  listing: PartitionListing,
  paths: readonly LogPath[],
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<SortedObjects, AppError>> {
  const info = (path: LogPath): ObjectInfo | undefined => listing.logs.get(path);
  const isSure = (path: LogPath): boolean =>
    info(path)?.metadata['writer'] === deps.self.nonce || isKnown(info(path), ledger.rows.get(path)?.entry);
  const doubtful = paths.filter((path) => !isSure(path));
  if (doubtful.length === 0) return ok({ own: paths, strangers: [] });
  const published = await readPublished(deps, options);
  if (!published.ok) return published;
  const { writer, entries } = published.value;
  const strangers = new Set(
    doubtful.filter(
      (path) =>
        (writer === null || info(path)?.metadata['writer'] !== writer) &&
        !isKnown(info(path), entries.get(path)),
    ),
  );
  return ok({
    own: paths.filter((path) => !strangers.has(path)),
    strangers: paths.filter((path) => strangers.has(path)),
  });
}

/** The object an entry was written for, or one with the same log: its digest is checked on download. */
function isKnown(info: ObjectInfo | undefined, entry: LogEntry | undefined): boolean {
  if (info === undefined || entry === undefined) return false;
  return info.generation === entry.stored.generation || factsOfObject(info).sha256 === entry.sha256;
}

interface Published {
  readonly writer: string | null;
  readonly entries: ReadonlyMap<string, LogEntry>;
}

/** This machine's published index; empty when absent or unreadable. */
async function readPublished(
  deps: Deps,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<Published, AppError>> {
  const found = await publishedHead(deps, options);
  if (!found.ok) return found;
  const head = found.value;
  if (head === null) return ok({ writer: null, entries: new Map() });
  const entries = await entriesOf(deps, head, options);
  if (!entries.ok) return entries;
  return ok({ writer: head.writer, entries: new Map(entries.value.map((entry) => [entry.path, entry])) });
}

/** Installs that wrote as this machine: this one, and the last publisher of its index. */
export async function ownWriters(
  deps: Deps,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<ReadonlySet<string>, AppError>> {
  const head = await publishedHead(deps, options);
  if (!head.ok) return head;
  return ok(new Set([deps.self.nonce, ...(head.value === null ? [] : [head.value.writer])]));
}

async function publishedHead(
  deps: Deps,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<ShardHead | null, AppError>> {
  const found = await deps.store.get(deps.layout.head(deps.self.uuid), {
    limit: PACKED_LIMIT,
    signal: options.signal,
  });
  if (!found.ok) return found;
  const json = found.value === null ? null : await deps.bytes.gunzip(found.value.bytes, UNPACKED_LIMIT);
  const read = json === null ? null : readHead(json, deps.self.uuid);
  return ok(read?.ok ? read.value.head : null);
}

async function entriesOf(
  deps: Deps,
  head: ShardHead,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<readonly LogEntry[], AppError>> {
  const segments = await readShardEntries(deps, head, new Set(), options);
  // A broken part proves nothing about its logs; the others count.
  if (!segments.ok && segments.error.code === 'corrupt') return ok(head.entries);
  return segments.ok ? ok([...head.entries, ...segments.value.flatMap(({ entries }) => entries)]) : segments;
}
