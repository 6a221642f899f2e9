import { describe, expect, it } from 'vitest';
import { appError, ERROR_CODES } from '../../../../shared/app-error.ts';
import { endingOf } from '../../../../shared/ending.ts';
import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { err, ok } from '../../../../shared/result.ts';
import { owner } from '../../../testing/memory-locks.ts';
import { endOf, endWith, pullSummary, pushSummary } from './operation-end.ts';

describe('how an operation ended', () => {
  it.each(ERROR_CODES)('is with %s what every interface says of it', (code) => {
    const { outcome, error } = endWith(appError(code, 'x', 'y'), EMPTY_SUMMARY);
    const ending = endingOf(appError(code, 'x', 'y'));
    expect(outcome).toBe(ending === 'attention' ? 'failed' : ending);
    expect(error?.code).toBe(code);
  });

  it('names who is in the way, and nobody when it is the network', () => {
    const details = { owner: owner('mara', 'git-sync', 7) };
    const held = endWith(appError('lock-held', 'x', 'y', { details }), EMPTY_SUMMARY);
    expect(held.deferral).toEqual({
      who: 'mara',
      host: 'host',
      pid: 1,
      since: 7,
      doing: 'git-sync',
      retryAt: null,
    });
    expect(endWith(appError('timeout', 'x', 'y'), EMPTY_SUMMARY).deferral).toBeNull();
    expect(endWith(appError('lock-held', 'x', 'y'), EMPTY_SUMMARY).deferral).toMatchObject({
      who: '',
      pid: 0,
    });
  });

  it('keeps what was done of work that was done in part, and has nothing of work that could not begin', () => {
    const count = (uploaded: number) => ({ ...EMPTY_SUMMARY, uploaded });
    const partly = ok({ report: 3, problem: appError('partial', 'x', 'y') });
    expect(endOf(partly, count)).toMatchObject({ outcome: 'partial', summary: { uploaded: 3 } });
    expect(endOf(ok({ report: 2, problem: null }), count)).toMatchObject({ outcome: 'done', error: null });
    expect(endOf(err(appError('denied', 'x', 'y')), count)).toMatchObject({
      outcome: 'failed',
      summary: EMPTY_SUMMARY,
    });
  });
});

describe('what is counted', () => {
  it('is, for a push, what was uploaded and what was kept in the store before it was replaced', () => {
    const report = { uploaded: [{ kept: null }, { kept: 'x' }], unchanged: 5, bytes: 9, failed: [] };
    expect(pushSummary(report as never)).toMatchObject({ uploaded: 2, kept: 1, unchanged: 5, bytesUp: 9 });
  });

  it('travels with at most 200 failures, says how many there were, and carries no reports in them', () => {
    const error = appError('io', 'x', 'y', { details: { report: 'megabytes', path: 'p' } });
    const failed = Array.from({ length: 500 }, (_, n) => ({ id: `${n}`, error }));
    const summary = pullSummary({ pulled: [], upToDate: 0, own: 0, bytes: 0, failed } as never);
    expect([summary.failed.length, summary.failedTotal]).toEqual([200, 500]);
    expect(summary.failed[0]?.error.details).toEqual({ path: 'p' });
  });
});
