import type { AppError } from '../../../../shared/app-error.ts';
import { EMPTY_SUMMARY, type Deferral, type OperationSummary } from '../../../../shared/ipc/operation.ts';
import { endingOf } from '../../../../shared/ending.ts';
import type { Result } from '../../../../shared/result.ts';
import { problemOf, type Outcome } from '../../workflows/outcome.ts';
import type { LockOwner } from '../../ports/lock.ts';
import type { FullReport } from '../../workflows/full-sync.ts';
import type { PullReport } from '../../sync/pull-logs.ts';
import type { CopiesPushed } from '../../sync/session-copies.ts';
import type { RestoreAllReport } from '../../workflows/restore.ts';
import type { PushReport } from '../../sync/push-tally.ts';
import { cancelledEnd } from './operations.ts';
import { slimError } from '../slim-error.ts';
import type { OperationEnd } from '../news.ts';

/** Failures listed in an event; `failedTotal` counts all. */
const SHOWN_FAILURES = 200;

/**
 * Converts a sync's result to an operation's end.
 * @param summarize counts a report
 */
export function endOf<T>(
  result: Result<Outcome<T>, AppError>,
  summarize: (report: T) => OperationSummary,
): OperationEnd {
  return endWith(problemOf(result), result.ok ? summarize(result.value.report) : EMPTY_SUMMARY);
}

/**
 * Builds an operation's end from its result. What needs a person has failed, and is on the attention list.
 * @param problem null when all is done
 */
export function endWith(problem: AppError | null, summary: OperationSummary): OperationEnd {
  const ending = endingOf(problem);
  switch (ending) {
    case 'done':
    case 'partial':
      return { outcome: ending, summary, error: problem, deferral: null };
    case 'deferred':
      return { outcome: ending, summary, error: problem, deferral: deferralOf(problem) };
    case 'cancelled':
      return cancelledEnd(summary);
    case 'attention':
    case 'failed':
      return { outcome: 'failed', summary, error: problem, deferral: null };
  }
}

/** Counts a push. */
export function pushSummary(report: PushReport): OperationSummary {
  return withFailures(
    {
      ...EMPTY_SUMMARY,
      uploaded: report.uploaded.length,
      unchanged: report.unchanged,
      kept: report.uploaded.filter(({ kept }) => kept !== null).length,
      bytesUp: report.bytes + (report.copies?.bytes ?? 0),
      ...copiesOf(report.copies?.pushedTotal),
    },
    [...report.failed, ...failedCopies(report.copies)],
  );
}

/** Counts a pull of logs. */
export function pullSummary(report: PullReport): OperationSummary {
  return withFailures(
    {
      ...EMPTY_SUMMARY,
      downloaded: report.pulled.length,
      unchanged: report.upToDate + report.own,
      bytesDown: report.bytes,
    },
    report.failed.map(({ id, error }) => ({ path: id, error })),
  );
}

/** Counts a full sync. */
export function fullSummary(report: FullReport): OperationSummary {
  const pushed = pushSummary(report.push);
  return withFailures({ ...pushed, restored: report.restore.restored.length }, [
    ...report.push.failed,
    ...failedCopies(report.push.copies),
    ...report.restore.failed,
  ]);
}

/** Counts a restore of all that is lost. */
export function restoreSummary({ restored, failed, copies }: RestoreAllReport): OperationSummary {
  const counts = { ...EMPTY_SUMMARY, restored: restored.length, ...copiesOf(copies?.restored) };
  return withFailures({ ...counts, bytesDown: copies?.bytes ?? 0 }, [...failed, ...failedCopies(copies)]);
}

function copiesOf(count = 0): Pick<OperationSummary, 'copies'> {
  return count > 0 ? { copies: count } : {};
}

function failedCopies(
  report: Pick<CopiesPushed, 'failed'> | null,
): readonly { readonly path: string; readonly error: AppError }[] {
  return (report?.failed ?? []).map(({ session, error }) => ({ path: session, error }));
}

/** Counts what was done with objects of the store. */
export function objectsSummary(
  counts: Partial<OperationSummary>,
  failed: readonly { readonly name: string; readonly error: AppError }[],
): OperationSummary {
  return withFailures(
    { ...EMPTY_SUMMARY, ...counts },
    failed.map(({ name, error }) => ({ path: name, error })),
  );
}

/** Adds failures: as many as are listed, and the total. */
function withFailures(
  summary: OperationSummary,
  failed: readonly { readonly path: string; readonly error: AppError }[],
): OperationSummary {
  const shown = failed.slice(0, SHOWN_FAILURES).map(({ path, error }) => ({ path, error: slimError(error) }));
  return { ...summary, failed: shown, failedTotal: failed.length };
}

/** The blocking owner; null when it is the network or a server. */
export function deferralOf(error: AppError | null): Deferral | null {
  if (error?.code !== 'lock-held') return null;
  const owner = error.details?.['owner'] as Partial<LockOwner> | undefined;
  return heldBy({ who: '', host: '', pid: 0, since: 0, command: '', ...owner });
}

/** Another's lock, in the pages' form. */
export function heldBy({ who, host, pid, since, command }: Omit<LockOwner, 'verdict'>): Deferral {
  return { who, host, pid, since, doing: command, retryAt: null };
}
