import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { localDay } from '../logs/describe-log.ts';
import { fetchHead } from '../sync/fetch-head.ts';
import type { ShardHead } from '../../../shared/domain/log-entry.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import { pullTexts, type PullTextsOptions, type PullTextsReport } from '../text-packs/pull-texts.ts';
import type { FetchHead, SeenHead } from '../text-packs/seen-heads.ts';
import { teamTextSize, type TeamTextSize } from '../text-packs/team-texts.ts';
import type { StoreBase } from './store-base.ts';

/** Options of an index pull for the text of other machines' logs. */
export type TextsOptions = Pick<PullTextsOptions, 'onFirst'>;

/** Collects the heads an index pull reads, for {@link pullTeamTexts}. */
export function collectHeads(): {
  readonly heads: readonly SeenHead[];
  readonly onHead: (head: ShardHead, generation: string) => void;
} {
  const heads: SeenHead[] = [];
  return {
    heads,
    onHead: ({ machine, host, texts }, generation) => heads.push({ machine, host, texts, generation }),
  };
}

/** The size of other machines' texts, as `search.team` asks for them: to be shown before the first pull. */
export function teamTexts({ sync, settings }: Pick<StoreBase, 'sync' | 'settings'>): Answer<TeamTextSize> {
  return teamTextSize(sync, settings.search.team, localDay(sync.clock.now()));
}

/**
 * Pulls other machines' texts into the search database, as far as `search.team` asks for it: the end of a run that pulled the index. Best
 * effort: a failure here is retried by the next run, and fails none.
 * @returns null when it could not be done, or nobody uses texts
 */
export async function pullTeamTexts(
  { sync, settings, textSink: sink }: StoreBase,
  heads: readonly SeenHead[],
  options: Pick<RunOptions, 'signal' | 'onProgress' | 'dryRun'> & TextsOptions,
): Promise<PullTextsReport | null> {
  if (sink === undefined || options.dryRun) return null;
  const head: FetchHead = async (machine, signal) => {
    const found = await fetchHead(sync, machine, signal);
    if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
    const { generation, head: read } = found.value;
    return ok({ machine, host: read.host, texts: read.texts, generation });
  };
  const { team } = settings.search;
  const pulled = await pullTexts({ ...sync, sink, fetchHead: head }, { ...options, team, heads });
  if (pulled.ok) return pulled.value.report;
  const { code, message } = pulled.error;
  sync.logger.warn('the text of other machines could not be pulled', { code, message });
  return null;
}
