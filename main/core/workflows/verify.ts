import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import { lostLogs } from '../ledger/lost-logs.ts';
import { verifyCache } from '../sync/verify-cache.ts';
import { verifyOwn, type OwnVerified, type VerifyOptions, type VerifyProblem } from '../sync/verify-own.ts';
import type { CheckedCopies } from '../sync/session-copies.ts';
import type { CheckedTexts } from '../sync/sync-deps.ts';
import { damagedTexts } from '../store/damaged-texts.ts';
import type { Outcome } from './outcome.ts';
import type { StoreBase } from './store-base.ts';

export interface VerifyReport extends OwnVerified {
  /** Cached logs that were hashed. */
  readonly cacheChecked: number;
  /** This machine's text packs in the store, which others search. */
  readonly texts: CheckedTexts;
  /** Safe copies of sessions, here and stored; null where nothing pushes them. */
  readonly copies: CheckedCopies | null;
  /** Sorted by log. */
  readonly problems: readonly VerifyProblem[];
  /** Why sealed objects could not be checked; null when they could. */
  readonly unchecked: Pick<AppError, 'message' | 'remedy'> | null;
}

/**
 * Verifies that the store holds the own logs and that the cache is as pulled. Changes nothing.
 * @returns the problem `partial` when something is wrong; a failure when not everything could be checked
 */
export async function verify(
  { sync }: Pick<StoreBase, 'sync'>,
  options: VerifyOptions = {},
): Answer<Outcome<VerifyReport>> {
  const problems: VerifyProblem[] = [];
  const own = await verifyOwn(sync, options, problems);
  if (!own.ok) return own;
  const cacheChecked = await verifyCache(sync, options, problems);
  if (!cacheChecked.ok) return cacheChecked;
  const checked = await sync.texts?.check(options);
  if (checked?.ok === false) return checked;
  const texts = checked?.value ?? { packs: 0, damaged: [] };
  const copies = await sync.copies?.check(options);
  if (copies?.ok === false) return copies;
  const access = (await sync.store.access?.()) ?? ok(undefined);
  if (!access.ok && access.error.transient) return access;
  if (options.signal?.aborted) return fail('cancelled', 'The check was stopped.', 'Run it again.');
  const report: VerifyReport = {
    ...own.value,
    cacheChecked: cacheChecked.value,
    texts,
    copies: copies?.value ?? null,
    problems: problems.sort((a, b) => (a.log < b.log ? -1 : 1)),
    unchecked: access.ok ? null : notLookedAt(access.error),
  };
  const worst = worstOf(report);
  return ok({ report, problem: worst && appError('partial', worst.message, worst.remedy) });
}

function worstOf({
  lost,
  problems,
  texts,
  copies,
  unchecked,
}: VerifyReport): { readonly message: string; readonly remedy: string } | null {
  if (lost > 0) return lostLogs(lost);
  if (problems.length > 0) return notAsTheyShouldBe(problems);
  if (texts.damaged.length > 0) return damagedTexts(texts.damaged.length);
  const [copy] = copies?.problems ?? [];
  return copy === undefined ? unchecked : { message: copy.problem, remedy: copy.remedy };
}

function notLookedAt({ message, remedy }: AppError): NonNullable<VerifyReport['unchecked']> {
  return { message: `What is sealed in the store was not checked. ${message}`, remedy };
}

function notAsTheyShouldBe(problems: readonly VerifyProblem[]): {
  readonly message: string;
  readonly remedy: string;
} {
  const [first] = problems;
  // A log may be wrong in more than one way.
  const logs = new Set(problems.map(({ log }) => log)).size;
  const are = logs === 1 ? 'is not as it should be' : 'are not as they should be';
  return {
    message: `${plural(logs, 'log')} ${are}. ${first?.problem ?? ''}`,
    remedy: first?.remedy ?? '',
  };
}
