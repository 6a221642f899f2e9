import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { dropForgotten } from './drop-forgotten.ts';
import { recordRun } from './record-run.ts';
import { pullIndex as pullShards, type PullIndexReport } from '../sync/pull-index.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import type { PullTextsReport } from '../text-packs/pull-texts.ts';
import type { Outcome } from './outcome.ts';
import { collectHeads, pullTeamTexts, type TextsOptions } from './pull-team-texts.ts';
import { receiveAfterPull, type NotesOptions } from './receive-notes.ts';
import { shareNotSecrets } from './share-not-secrets.ts';
import type { StoreBase } from './store-base.ts';

export interface IndexReport extends PullIndexReport {
  /** The result for other machines' texts; null when none was available. */
  readonly texts: PullTextsReport | null;
}

/**
 * Updates the index to what every machine has pushed, receives its notes, pulls the text of other machines' logs for search, and records
 * the result.
 * @param options whose notes are received, besides the usual options
 * @returns the problem says which machines' shards could not be read; a failure when they could not be listed
 */
export async function pullIndex(
  base: StoreBase,
  options: RunOptions & NotesOptions & TextsOptions,
): Answer<Outcome<IndexReport>> {
  const { heads, onHead } = collectHeads();
  const pulled = await recordRun(base, 'index', options, () => pullShards(base.sync, { ...options, onHead }));
  if (!options.dryRun) {
    await receiveAfterPull(base, options);
    await dropForgotten(base);
    await shareNotSecrets(base);
  }
  if (!pulled.ok) return pulled;
  const { report, problem } = pulled.value;
  return ok({ report: { ...report, texts: await pullTeamTexts(base, heads, options) }, problem });
}
