import { describe, expect, it } from 'vitest';
import { appError, type ErrorCode } from '../../../shared/app-error.ts';
import { endingOf, type Ending } from './outcome.ts';

describe('endingOf', () => {
  it('calls work without a problem done', () => {
    expect(endingOf(null)).toBe('done');
  });

  it.each<[ErrorCode, Ending]>([
    ['lock-held', 'deferred'],
    ['offline', 'deferred'],
    ['timeout', 'deferred'],
    ['throttled', 'deferred'],
    ['server', 'deferred'],
    ['partial', 'partial'],
    ['cancelled', 'cancelled'],
    ['attention', 'attention'],
    ['clone-alarm', 'attention'],
    ['denied', 'failed'],
    ['disk-full', 'failed'],
    ['bug', 'failed'],
  ])('calls work that ended with %s %s', (code, ending) => {
    expect(endingOf(appError(code, 'It did not work.', 'Try again.'))).toBe(ending);
  });

  it('believes a failure that says of itself that it passes', () => {
    expect(endingOf(appError('io', 'The mount is away.', 'Wait.', { transient: true }))).toBe('deferred');
  });
});
