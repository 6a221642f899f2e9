import { describe, expect, it } from 'vitest';
import { isGreen, playwrightTally, reconcile, total, totalLine } from './test-tally.mjs';

const skip = { name: 'stage web', reason: 'no chromium' };

describe('total', () => {
  it('adds up numbers and keeps every reason', () => {
    const sum = total([
      { passed: 3, failed: 0, skipped: [skip] },
      { passed: 1, failed: 2, skipped: [] },
    ]);
    expect(sum).toEqual({ passed: 4, failed: 2, skipped: [skip] });
    expect(total([])).toEqual({ passed: 0, failed: 0, skipped: [] });
  });
});

describe('totalLine', () => {
  it('names skipped checks only where there are some', () => {
    expect(totalLine({ passed: 12, failed: 0, skipped: [] })).toBe('12 passed, 0 failed');
    expect(totalLine({ passed: 12, failed: 1, skipped: [skip] })).toBe('12 passed, 1 failed, 1 skipped');
  });
});

describe('isGreen', () => {
  it('wants at least one check passed and none failed', () => {
    expect(isGreen({ passed: 1, failed: 0, skipped: [skip] })).toBe(true);
    expect(isGreen({ passed: 9, failed: 1, skipped: [] })).toBe(false);
    expect(isGreen({ passed: 0, failed: 0, skipped: [skip] })).toBe(false);
  });
});

describe('reconcile', () => {
  const fine = { passed: 5, failed: 0, skipped: [] };

  it('takes a report that agrees with the exit code as it is', () => {
    expect(reconcile(0, fine)).toEqual(fine);
    expect(reconcile(1, { ...fine, failed: 2 })).toEqual({ ...fine, failed: 2 });
  });

  it('counts a failure that the report does not know', () => {
    expect(reconcile(1, fine)).toEqual({ ...fine, failed: 1 });
    expect(reconcile(128, undefined)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  it('does not believe success without a report', () => {
    expect(reconcile(0, undefined)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });
});

describe('playwrightTally', () => {
  const spec = (
    title: string,
    status: string,
    more = {},
  ): { title: string; tests: { status: string }[] } => ({
    title,
    tests: [{ status, ...more }],
  });

  it('counts specs at any depth, with the reason of each skipped one', () => {
    const tally = playwrightTally({
      suites: [
        {
          title: 'tray.spec.ts',
          specs: [spec('registers', 'expected'), spec('flickers', 'flaky')],
          suites: [
            {
              title: 'menu',
              specs: [
                spec('opens', 'unexpected'),
                spec('on a Mac', 'skipped', { annotations: [{ type: 'skip', description: 'needs macOS' }] }),
                spec('some day', 'skipped', { annotations: [{ type: 'fixme' }] }),
                spec('after it', 'skipped'),
              ],
            },
          ],
        },
      ],
      errors: [{ message: 'x.spec.ts does not load' }],
    });
    expect(tally).toEqual({
      passed: 1,
      failed: 3,
      skipped: [
        { name: 'tray.spec.ts › menu › on a Mac', reason: 'needs macOS' },
        { name: 'tray.spec.ts › menu › some day', reason: 'no reason given' },
        { name: 'tray.spec.ts › menu › after it', reason: 'did not run, because a check before it failed' },
      ],
    });
  });

  it('counts nothing in an empty report', () => {
    expect(playwrightTally({})).toEqual({ passed: 0, failed: 0, skipped: [] });
  });
});
