import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { askMeteredOn, type RunProgram } from './metered.ts';
import { createMeteredWatch } from './metered-watch.ts';

const recording = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'recordings', name), 'utf8');

/** Programs that print what was recorded; all others are missing. */
function programs(answers: Readonly<Record<string, string>>): RunProgram {
  return async (file) => {
    const name = answers[file];
    return name === undefined
      ? { stdout: '', problem: `${file} could not be run (ENOENT)` }
      : { stdout: recording(name), problem: null };
  };
}

describe('whether the network is metered', () => {
  it.each([
    ['linux', { busctl: 'busctl-yes.txt' }, true],
    ['linux', { busctl: 'busctl-guess-yes.txt' }, true],
    ['linux', { busctl: 'busctl-guess-no.txt' }, false],
    ['linux', { busctl: 'busctl-unknown.txt' }, false],
    ['linux', { gdbus: 'gdbus-yes.txt' }, true],
    ['linux', { gdbus: 'gdbus-no.txt' }, false],
    ['linux', {}, null],
    ['win32', { 'powershell.exe': 'powershell-unrestricted.txt' }, false],
    ['win32', { 'powershell.exe': 'powershell-variable.txt' }, true],
    ['win32', { 'powershell.exe': 'powershell-roaming.txt' }, true],
    ['win32', { 'powershell.exe': 'powershell-no-connection.txt' }, false],
    ['win32', {}, null],
    ['darwin', {}, null],
  ] as const)('is told on %s by %o: %s', async (platform, answers, expected) => {
    expect(await askMeteredOn(platform, programs(answers))()).toBe(expected);
  });

  it('is watched only while schedule.pauseOnMetered wants to know', async () => {
    vi.useFakeTimers();
    try {
      let [answer, asked, changes] = [true, 0, 0];
      const watch = createMeteredWatch(
        async () => {
          asked++;
          return answer;
        },
        () => changes++,
      );
      await vi.advanceTimersByTimeAsync(600_000);
      expect([asked, watch.metered]).toEqual([0, false]);
      watch.want(true);
      watch.want(true);
      await vi.advanceTimersByTimeAsync(0);
      expect([asked, watch.metered, changes]).toEqual([1, true, 1]);
      answer = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect([watch.metered, changes]).toEqual([false, 2]);
      answer = true;
      await vi.advanceTimersByTimeAsync(60_000);
      watch.want(false);
      expect(watch.metered).toBe(false);
      const before = asked;
      await vi.advanceTimersByTimeAsync(600_000);
      expect(asked).toBe(before);
      expect(await watch.canTell()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
