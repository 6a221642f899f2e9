import { formatCount } from '../../shared/format/amount.ts';
import { en } from '../../shared/i18n/en.ts';
import type { OperationKind, OperationOutcome, OperationSummary } from '../../shared/ipc/operation.ts';

/** Counts of an operation's summary, as far as the wording needs them. */
export interface SummaryCounts extends Omit<
  OperationSummary,
  'unchanged' | 'bytesUp' | 'bytesDown' | 'failed' | 'receipts'
> {
  readonly receipts: readonly { readonly commit: unknown }[];
}

/** What an operation changed, on one line; its kind's word for nothing when it changed nothing. */
export function summaryWords(kind: OperationKind, summary: SummaryCounts): string {
  return changes(summary) || en.sync.summary.nothing[kind];
}

/**
 * What an operation changed, beside how it ended: "nothing" appears only for a completed one, deferred items do not count as failed, and
 * work done before an incomplete end is reported as such.
 */
export function endWords(kind: OperationKind, outcome: OperationOutcome, summary: SummaryCounts): string {
  if (outcome === 'done') return summaryWords(kind, summary);
  if (outcome === 'partial') return changes(summary);
  const words = changes({ ...summary, failedTotal: 0 });
  if (words === '') return '';
  return outcome === 'deferred' ? en.sync.summary.rest(words) : en.sync.summary.before(words);
}

function changes(summary: SummaryCounts): string {
  const words = en.sync.summary;
  const commits = summary.receipts.filter((receipt) => receipt.commit !== null).length;
  const parts: readonly (readonly [number, (count: string) => string])[] = [
    [summary.uploaded, words.uploaded],
    [summary.downloaded, words.downloaded],
    [summary.restored, words.restored],
    [summary.captured ?? 0, words.captured],
    [summary.rescued ?? 0, words.rescued],
    [summary.copies ?? 0, words.copies],
    [summary.sealed ?? 0, words.sealed],
    [summary.unsealed ?? 0, words.unsealed],
    [summary.proved ?? 0, words.proved],
    [commits, words.commits],
    [summary.kept, words.kept],
    [summary.notes, words.notes],
    [summary.failedTotal, words.failed],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, say]) => say(formatCount(count)))
    .join(' · ');
}
