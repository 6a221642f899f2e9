import { formatCount } from '../../shared/format/amount.ts';
import { en } from '../../shared/i18n/en.ts';
import type { OperationOutcome } from '../../shared/ipc/operation.ts';

/** Counts of an operation's summary, as far as they are needed for words. */
export interface SummaryCounts {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly restored: number;
  readonly kept: number;
  readonly notes: number;
  readonly failedTotal: number;
  readonly receipts: readonly { readonly commit: unknown }[];
}

/** What an operation changed, in one line. */
export function summaryWords(summary: SummaryCounts): string {
  const words = en.sync.summary;
  const commits = summary.receipts.filter((receipt) => receipt.commit !== null).length;
  const parts: readonly (readonly [number, (count: string) => string])[] = [
    [summary.uploaded, words.uploaded],
    [summary.downloaded, words.downloaded],
    [summary.restored, words.restored],
    [commits, words.commits],
    [summary.kept, words.kept],
    [summary.notes, words.notes],
    [summary.failedTotal, words.failed],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, say]) => say(formatCount(count)));
  return shown.length === 0 ? words.nothing : shown.join(' · ');
}

/**
 * What an operation changed, beside how it ended: "nothing to do" is said only of one that was done, and what was put off is not counted
 * as failed.
 */
export function endWords(outcome: OperationOutcome, summary: SummaryCounts): string {
  const words = summaryWords(outcome === 'deferred' ? { ...summary, failedTotal: 0 } : summary);
  return outcome !== 'done' && words === en.sync.summary.nothing ? '' : words;
}
