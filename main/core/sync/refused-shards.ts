import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import { err, type Result } from '../../../shared/result.ts';
import { MIB, recallState, writeState } from '../files/state-file.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { isRefusedShard, refusedShard } from './shard-limits.ts';
import type { SyncDeps } from './sync-deps.ts';

/** A shard that was refused: the same generation need not be read again. */
interface RefusedShard {
  readonly generation: string;
  readonly error: AppError;
}

/** Increment when formerly refused shards become acceptable: then all are read again. */
const READER = 1;
/** More machines than a store has; only a flood of names exceeds it. */
const KEPT = 1_000;

const FORMAT = {
  schema: v.object({
    reader: v.number(),
    store: v.string(),
    shards: v.array(
      v.object({ machine: v.string(), generation: v.string(), message: v.string(), remedy: v.string() }),
    ),
  }),
  maxBytes: 4 * MIB,
};

type Deps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'logger'>;

/** Refused shards known and found in one index pull. */
export interface Refusals {
  /** Why this very head was refused before; null when it must be read. */
  of(machine: MachineUuid, head: ObjectInfo): Result<never, AppError> | null;
  /** Records the result of reading a head. Only a fault of the shard itself is stored. */
  note(machine: MachineUuid, head: ObjectInfo, error: AppError): void;
  /** Stores the record. A failed write costs the next pull the same work again, and nothing else. */
  keep(): Promise<void>;
}

/** @param heads those in the store that the index lacks in this version */
export async function openRefusals(
  deps: Deps,
  heads: readonly { readonly machine: MachineUuid; readonly info: ObjectInfo }[],
): Promise<Refusals> {
  const before = await readRefusedShards(deps);
  const refused = new Map<MachineUuid, RefusedShard>();
  for (const { machine, info } of heads) {
    const known = before.get(machine);
    if (known?.generation === info.generation) refused.set(machine, known);
  }
  let changed = refused.size !== before.size;
  return {
    of: (machine, { generation }) => {
      const known = refused.get(machine);
      return known?.generation === generation ? err(known.error) : null;
    },
    note: (machine, { generation }, error) => {
      if (!isRefusedShard(error) || refused.get(machine)?.generation === generation) return;
      refused.set(machine, { generation, error });
      changed = true;
    },
    keep: async () => {
      if (changed) await keepRefusedShards(deps, refused);
    },
  };
}

/** Shards of this store refused before. Regenerable: without the file, or with a damaged one, they are read once more. */
async function readRefusedShards(deps: Deps): Promise<ReadonlyMap<MachineUuid, RefusedShard>> {
  const known = await recallState(deps.files, fileOf(deps), FORMAT, deps.logger);
  const refused = new Map<MachineUuid, RefusedShard>();
  if (known?.reader !== READER || known.store !== deps.store.url) return refused;
  for (const { machine, generation, message, remedy } of known.shards) {
    const uuid = parseMachineUuid(machine);
    if (uuid.ok) refused.set(uuid.value, { generation, error: refusedShard(message, remedy) });
  }
  return refused;
}

async function keepRefusedShards(deps: Deps, refused: ReadonlyMap<MachineUuid, RefusedShard>): Promise<void> {
  const shards = [...refused].slice(0, KEPT).map(([machine, { generation, error }]) => ({
    machine,
    generation,
    message: error.message,
    remedy: error.remedy,
  }));
  await writeState(deps.files, fileOf(deps), { reader: READER, store: deps.store.url, shards });
}

function fileOf({ paths }: Pick<SyncDeps, 'paths'>): string {
  return `${paths.state}/refused-shards.json`;
}
