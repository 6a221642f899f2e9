import { afterEach, expect, it, vi } from 'vitest';
import { howFar, progressText } from './how-far.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('guesses the time that is left from the time it took so far', () => {
  expect(progressText(30, 120_000, 100)).toBe('30 of 100 in 2 min, about 5 min more');
  expect(progressText(100, 120_000, 100)).toBe('100 of 100 in 2 min, about 0 min more');
  expect(progressText(30, 120_000)).toBe('30 in 2 min');
});

it('tells how far a deep run has come once a minute, and nothing of any other', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('SESSION_LOG_DEEP', '1');
  const step = howFar('kills', 4);
  step();
  vi.advanceTimersByTime(60_000);
  step();
  step();
  vi.stubEnv('SESSION_LOG_DEEP', '');
  const quiet = howFar('kills', 4);
  vi.advanceTimersByTime(60_000);
  quiet();
  expect(said.mock.calls.map(([text]) => text)).toEqual(['… kills: 2 of 4 in 1 min, about 1 min more\n']);
});
