import { EventEmitter } from 'node:events';
import type { AppUpdater, UpdateCheckResult } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpdateStatus } from '../../../shared/ipc/status.ts';
import { createUpdater } from './updater.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const FEED = { updateChannel: 'stable', updateFeed: 'https://updates.example/' } as const;

/** An app with the feed in its settings. `answer` is how the feed answers a check. */
function appWith(answer: () => Promise<UpdateCheckResult | null>, isPackaged = true) {
  const told: UpdateStatus[] = [];
  const feed = Object.assign(new EventEmitter(), {
    asked: 0,
    setFeedURL: () => undefined,
    checkForUpdates() {
      feed.asked++;
      feed.emit('checking-for-update');
      return answer();
    },
  });
  const load = vi.fn(() => Promise.resolve(feed as unknown as AppUpdater));
  const updater = createUpdater({ isPackaged, load }, (status) => told.push(status));
  updater.configure(FEED);
  return { updater, feed, load, told };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('a check for updates', () => {
  it('is given up after 30 s when the feed does not answer, and can be repeated', async () => {
    const { updater, feed, told } = appWith(never);
    let ended = false;
    const check = updater.check().finally(() => (ended = true));
    await vi.advanceTimersByTimeAsync(29_999);
    // The first check at the start has begun meanwhile.
    expect([ended, told.at(-1)?.state]).toEqual([false, 'checking']);
    await vi.advanceTimersByTimeAsync(1);
    expect(await check).toMatchObject({ ok: false, error: { code: 'server' } });
    expect(told.at(-1)).toMatchObject({ state: 'failed', error: { code: 'server' } });
    const before = feed.asked;
    void updater.check();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.asked).toBe(before + 1);
    expect(told.at(-1)).toEqual({ state: 'checking' });
  });

  it('that is answered leaves nothing waiting but the next one', async () => {
    const { updater, feed, told } = appWith(() => {
      feed.emit('update-not-available');
      return Promise.resolve({} as UpdateCheckResult);
    });
    expect(await updater.check()).toEqual({ ok: true, value: { state: 'current' } });
    expect(vi.getTimerCount()).toBe(1);
    updater.stop();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.at(-1)).toEqual({ state: 'current' });
  });

  it('says that a copy cannot replace itself, and tells nobody the address of a feed that failed', async () => {
    expect(await appWith(() => Promise.resolve(null)).updater.check()).toMatchObject({
      ok: false,
      error: { code: 'usage' },
    });
    const refused = appWith(() => Promise.reject(new Error('401 https://updates.example/?token=abc')));
    expect(JSON.stringify(await refused.updater.check())).not.toContain('token');
    expect(refused.told.at(-1)?.state).toBe('failed');
  });

  it('comes 10 s after the start and every 6 h, and only of an installed copy with a feed', async () => {
    const { updater, feed, load } = appWith(() => Promise.resolve({} as UpdateCheckResult));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(load).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1 + 6 * 60 * 60 * 1000);
    expect([load.mock.calls.length, feed.asked]).toEqual([1, 2]);
    updater.configure({ ...FEED, updateChannel: 'off' });
    await vi.advanceTimersByTimeAsync(24 * 60 * 60 * 1000);
    expect(feed.asked).toBe(2);
    expect(await updater.check()).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    const fromSources = appWith(never, false);
    expect(await fromSources.updater.check()).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(fromSources.load).not.toHaveBeenCalled();
  });
});
