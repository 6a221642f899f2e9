import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import type { ShardHead } from '../../../shared/domain/log-entry.ts';
import { MIB, recallState, writeState } from '../files/state-file.ts';
import { refusedShard } from './shard-limits.ts';
import type { SyncDeps } from './sync-deps.ts';

/** More machines than a store has; only a flood of names exceeds it. */
const KEPT = 1_000;

const FORMAT = {
  schema: v.object({
    store: v.string(),
    heads: v.array(v.object({ machine: v.string(), seq: v.number(), updated: v.number() })),
  }),
  maxBytes: MIB,
};

type Known = Pick<ShardHead, 'seq' | 'updated'>;

/** The newest heads this machine has read from others, so that an older one restored by somebody is ignored. */
export interface NewestHeads {
  /** @returns why the head is refused; null unless it is older than the one read before */
  refusal(head: ShardHead): AppError | null;
  note(head: ShardHead): void;
  /** Stores the record. Without it an older head is accepted once more, and nothing else. */
  keep(): Promise<void>;
}

/** Regenerable: without its file, or with a damaged one, every head is accepted. */
export async function openNewestHeads({
  files,
  paths,
  store,
  logger,
}: Pick<SyncDeps, 'files' | 'paths' | 'store' | 'logger'>): Promise<NewestHeads> {
  const file = `${paths.state}/newest-heads.json`;
  const before = await recallState(files, file, FORMAT, logger);
  const heads = new Map<string, Known>(
    before?.store === store.url ? before.heads.map(({ machine, ...known }) => [machine, known]) : [],
  );
  let changed = false;
  return {
    refusal: (head) => {
      const known = heads.get(head.machine);
      // A machine that lost its ledger counts anew, and one whose clock was set back goes on counting: only a restored head does neither.
      return known !== undefined && head.seq < known.seq && head.updated < known.updated
        ? putBack(head)
        : null;
    },
    note: ({ machine, seq, updated }) => {
      heads.set(machine, { seq, updated });
      changed = true;
    },
    keep: async () => {
      if (!changed) return;
      const kept = [...heads].slice(-KEPT).map(([machine, known]) => ({ machine, ...known }));
      await writeState(files, file, { store: store.url, heads: kept });
    },
  };
}

function putBack({ host }: ShardHead): AppError {
  return refusedShard(
    `The index of ${host} in the store is older than the one that was read before: somebody put it back.`,
    `What is known of ${host} stands. Run \`session-log sync --full\` there: it publishes its index again.`,
  );
}
