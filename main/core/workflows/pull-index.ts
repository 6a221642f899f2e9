import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { recordRun } from './record-run.ts';
import { pullIndex as pullShards, type PullIndexReport } from '../sync/pull-index.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import type { Outcome } from './outcome.ts';
import { receiveAfterPull, type NotesOptions } from './receive-notes.ts';
import type { StoreBase } from './store-base.ts';

/**
 * Brings the index up to what every machine has pushed, receives the notes in it, and records how that went.
 * @param options whose notes are received, beside what every run takes
 * @returns the problem says which machines' shards could not be read; a failure when the list of them could not be had
 */
export async function pullIndex(
  base: StoreBase,
  options: RunOptions & NotesOptions,
): Promise<Result<Outcome<PullIndexReport>, AppError>> {
  const pulled = await recordRun(base, 'index', options, () => pullShards(base.sync, options));
  if (!options.dryRun) await receiveAfterPull(base, options);
  return pulled;
}
