import type { AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { notUnderstood, readHead } from './read-shard.ts';
import { PACKED_LIMIT, UNPACKED_LIMIT } from './shard-limits.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/** A shard head in the store. */
export interface FetchedHead {
  readonly generation: string;
  readonly head: ShardHead;
  /** Number of refused entries. */
  readonly refused: number;
}

/**
 * Fetches one machine's shard head.
 * @returns null when there is none; `corrupt` when it is unreadable
 */
export async function fetchHead(
  deps: Pick<SyncDeps, 'store' | 'layout' | 'bytes'>,
  machine: MachineUuid,
  { signal }: Pick<RunOptions, 'signal'>,
): Promise<Result<FetchedHead | null, AppError>> {
  // Without the generation: a head written since the listing is the better answer.
  const found = await deps.store.get(deps.layout.head(machine), { limit: PACKED_LIMIT, signal });
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const json = await deps.bytes.gunzip(found.value.bytes, UNPACKED_LIMIT);
  const read = json === null ? err(notUnderstood(machine)) : readHead(json, machine);
  if (!read.ok) return read;
  const { head, refused } = read.value;
  return ok({ generation: found.value.info.generation, head, refused: refused.length });
}
