import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { createVirtualClock } from '../../../testing/virtual-clock.ts';
import type { PowerState } from '../../ports/power.ts';
import { createAutoSync, type AutoSync, type AutoSyncParts } from './auto-sync.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OFFLINE = appError('offline', 'No network.', 'Wait.');
const DENIED = appError('denied', 'No right.', 'Ask.');

interface Ran {
  readonly chore: string;
  readonly cause: string;
  /** Milliseconds since the start. */
  readonly at: number;
}

/** The policy over a virtual clock, with runs that end as `outcome` says, at once. */
function world(options: Partial<Pick<AutoSyncParts, 'schedule'>> & { readonly last?: number } = {}) {
  const clock = createVirtualClock();
  const begun = clock.now();
  const ran: Ran[] = [];
  const last = { push: options.last ?? begun, full: options.last ?? begun };
  const power: { -readonly [K in keyof PowerState]: PowerState[K] } = {
    onBattery: false,
    metered: false,
    online: true,
  };
  const outcome: { of: (chore: string) => Parameters<AutoSync['ended']>[1] } = {
    of: () => ({ outcome: 'done', error: null }),
  };
  const auto = createAutoSync({
    clock,
    random: { fraction: () => 0.5 },
    power: () => power,
    schedule: options.schedule ?? (() => DEFAULT_SETTINGS.schedule),
    last: () => last,
    run: (chore, cause) => {
      ran.push({ chore, cause, at: clock.now() - begun });
      const end = outcome.of(chore);
      if (end.outcome === 'done' && (chore === 'push' || chore === 'full')) last[chore] = clock.now();
      auto.ended(chore, end);
    },
    onChange: () => undefined,
  });
  /** Lets virtual time pass; the policy's own sleeps happen on the way. */
  const pass = (ms: number): Promise<boolean> => clock.sleep(ms);
  const of = (chore: string): readonly Ran[] => ran.filter((one) => one.chore === chore);
  return { clock, auto, ran, of, power, outcome, pass };
}

describe('the automatic sync', () => {
  it('reads the index, drains the hooks and pushes at the start, and then rests for a day', async () => {
    const { auto, ran, of, pass } = world();
    auto.start();
    await pass(5_000);
    expect(ran.map(({ chore }) => chore).sort()).toEqual(['hooks', 'index', 'push']);
    await pass(DAY - 10_000);
    expect(ran.filter(({ chore }) => chore !== 'index')).toHaveLength(2);
    await pass(MINUTE);
    expect(of('push').map(({ cause }) => cause)).toEqual(['start', 'schedule']);
    await auto.stop();
  });

  it('never sets a timer under a second', async () => {
    const { auto, clock } = world();
    const waits: number[] = [];
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => {
      waits.push(ms);
      return sleep(ms, signal);
    };
    auto.start();
    for (let i = 0; i < 20; i++) {
      auto.logsChanged();
      await sleep(700);
    }
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    await auto.stop();
  });

  it('pushes two seconds after the last change, and within half a minute of the first', async () => {
    const { auto, of, pass } = world();
    auto.start();
    await pass(10_000);
    const before = of('push').length;
    auto.logsChanged();
    await pass(1_000);
    expect(of('push')).toHaveLength(before);
    await pass(3_000);
    expect(of('push')).toHaveLength(before + 1);
    const begun = of('push').at(-1)?.at ?? 0;
    for (let i = 0; i < 60; i++) {
      auto.logsChanged();
      await pass(1_000);
    }
    const [first] = of('push').slice(before + 1);
    expect(first?.cause).toBe('change');
    // Counted from the first change, a moment after the push before.
    expect((first?.at ?? 0) - begun).toBeLessThan(34_000);
    expect((first?.at ?? 0) - begun).toBeGreaterThan(28_000);
    await auto.stop();
  });

  it('does not push on change when schedule.push says daily or by hand', async () => {
    for (const push of ['daily', 'manual'] as const) {
      const { auto, of, pass } = world({ schedule: () => ({ ...DEFAULT_SETTINGS.schedule, push }) });
      auto.start();
      auto.logsChanged();
      await pass(5 * MINUTE);
      expect(of('push')).toEqual([]);
      await pass(2 * DAY);
      expect(of('push').length).toBe(push === 'daily' ? 2 : 0);
      await auto.stop();
    }
  });

  it('waits longer after each failure that passes by itself, up to a quarter of an hour', async () => {
    const { auto, of, outcome, pass } = world();
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'failed', error: OFFLINE } : { outcome: 'done', error: null };
    auto.start();
    await pass(3 * 60 * MINUTE);
    const times = of('push').map(({ at }) => at);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(gaps.slice(0, 4).map((gap) => Math.round(gap / 1_000))).toEqual([5, 10, 20, 40]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15 * MINUTE);
    expect(gaps.at(-1)).toBe(7.5 * MINUTE);
    expect(auto.retryAt('push')).not.toBeNull();
    outcome.of = () => ({ outcome: 'done', error: null });
    await pass(8 * MINUTE);
    expect(auto.retryAt('push')).toBeNull();
    await auto.stop();
  });

  it('does not let changes hurry a store that fails', async () => {
    const { auto, of, outcome, pass } = world();
    auto.start();
    await pass(5_000);
    outcome.of = () => ({ outcome: 'failed', error: OFFLINE });
    for (let i = 0; i < 600; i++) {
      auto.logsChanged();
      await pass(1_000);
    }
    expect(of('push').length).toBeLessThan(10);
    await auto.stop();
  });

  it('asks a store that refuses us once an hour, not all the time', async () => {
    const { auto, of, outcome, pass } = world({ last: 1 });
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'failed', error: DENIED } : { outcome: 'done', error: null };
    auto.start();
    await pass(5 * 60 * MINUTE + MINUTE);
    expect(of('push').length).toBeGreaterThanOrEqual(5);
    expect(of('push').length).toBeLessThanOrEqual(7);
    await auto.stop();
  });

  it('tries a deferred push again within a minute', async () => {
    const { auto, of, outcome, pass } = world();
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'deferred', error: null } : { outcome: 'done', error: null };
    auto.start();
    await pass(2 * MINUTE);
    expect(of('push').map(({ cause }) => cause)).toEqual(['start', 'retry', 'retry']);
    await auto.stop();
  });

  it('does nothing by itself while paused, and catches up once afterwards', async () => {
    const { auto, ran, of, clock, pass } = world();
    auto.start();
    await pass(5_000);
    const before = ran.length;
    auto.pause(clock.now() + 60 * MINUTE);
    expect(auto.paused).toMatchObject({ reason: 'asked' });
    for (let i = 0; i < 10; i++) {
      auto.logsChanged();
      auto.hooksQueued();
      auto.windowOpened();
      await pass(5 * MINUTE);
    }
    expect(ran).toHaveLength(before);
    await pass(12 * MINUTE);
    expect(auto.paused).toBeNull();
    expect(of('push')).toHaveLength(2);
    await auto.stop();
  });

  it('syncs fully once a week, or never when schedule.full says by hand', async () => {
    for (const [full, times] of [
      ['weekly', 2],
      ['manual', 0],
    ] as const) {
      const { auto, of, pass } = world({ schedule: () => ({ ...DEFAULT_SETTINGS.schedule, full }) });
      auto.start();
      await pass(15 * DAY);
      expect(of('full')).toHaveLength(times);
      await auto.stop();
    }
  });

  it('waits for the mains with schedule.pauseOnBattery', async () => {
    const { auto, of, power, pass } = world({
      schedule: () => ({ ...DEFAULT_SETTINGS.schedule, pauseOnBattery: true }),
    });
    power.onBattery = true;
    auto.start();
    auto.logsChanged();
    await pass(10 * MINUTE);
    expect(of('push')).toEqual([]);
    expect(auto.paused).toMatchObject({ reason: 'battery' });
    power.onBattery = false;
    auto.powerChanged('changed');
    await pass(MINUTE);
    expect(of('push')).toHaveLength(1);
    await auto.stop();
  });

  it('does not try without a network, and tries when it is back', async () => {
    const { auto, ran, power, of, pass } = world();
    auto.start();
    await pass(5_000);
    const before = ran.length;
    power.online = false;
    auto.powerChanged('changed');
    auto.logsChanged();
    await pass(60 * MINUTE);
    expect(ran).toHaveLength(before);
    power.online = true;
    auto.powerChanged('changed');
    await pass(MINUTE);
    expect(of('push').at(-1)?.cause).toBe('online');
    expect(of('index').at(-1)?.cause).toBe('online');
    await auto.stop();
  });

  it('does what was missed in a week of sleep once', async () => {
    const { auto, clock, of, pass } = world();
    auto.start();
    await pass(5 * MINUTE);
    const before = of('push').length;
    clock.jump(8 * DAY);
    auto.powerChanged('wake');
    await pass(5 * MINUTE);
    expect(of('push').length - before).toBeLessThanOrEqual(2);
    expect(of('full')).toHaveLength(1);
    await auto.stop();
  });

  it('reads the index when a window opens, but not twice within a minute', async () => {
    const { auto, of, pass } = world();
    auto.start();
    await pass(2 * MINUTE);
    const before = of('index').length;
    for (let i = 0; i < 5; i++) {
      auto.windowOpened();
      await pass(5_000);
    }
    expect(of('index').length - before).toBe(1);
    await auto.stop();
  });

  it('looks at the index every 10 to 15 minutes, counted from the last look, and says when', async () => {
    const { auto, of, pass, clock } = world();
    auto.start();
    await pass(5 * MINUTE);
    const next = auto.scheduled.nextIndex ?? 0;
    expect(next - clock.now()).toBeGreaterThan(4 * MINUTE);
    expect(next - clock.now()).toBeLessThanOrEqual(10 * MINUTE);
    // Settings, wakes and ends of other runs do not move it.
    auto.replan();
    auto.ended('push', { outcome: 'done', error: null });
    expect(auto.scheduled.nextIndex).toBe(next);
    await pass(3 * 60 * MINUTE);
    const times = of('index').map(({ at }) => at);
    const gaps = times.slice(1).map((at, i) => (at - (times[i] ?? 0)) / MINUTE);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15.1);
    expect(of('index').at(-1)?.cause).toBe('schedule');
    auto.ended('index', { outcome: 'done', error: null });
    expect((auto.scheduled.nextIndex ?? 0) - clock.now()).toBeGreaterThanOrEqual(10 * MINUTE);
    await auto.stop();
  });

  it('looks at no index by itself when schedule.index says by hand', async () => {
    let index: 'auto' | 'manual' = 'manual';
    const { auto, of, pass } = world({ schedule: () => ({ ...DEFAULT_SETTINGS.schedule, index }) });
    auto.start();
    auto.windowOpened();
    auto.powerChanged('wake');
    await pass(60 * MINUTE);
    expect(of('index')).toEqual([]);
    expect(auto.scheduled.nextIndex).toBeNull();
    index = 'auto';
    auto.replan();
    await pass(16 * MINUTE);
    expect(of('index')).toHaveLength(1);
    index = 'manual';
    auto.replan();
    await pass(60 * MINUTE);
    expect(of('index')).toHaveLength(1);
    await auto.stop();
  });

  it('looks at no index while paused or on a metered network with schedule.pauseOnMetered', async () => {
    const { auto, of, pass, power } = world({
      schedule: () => ({ ...DEFAULT_SETTINGS.schedule, pauseOnMetered: true }),
    });
    power.metered = true;
    auto.start();
    await pass(60 * MINUTE);
    expect(auto.paused).toMatchObject({ reason: 'metered' });
    expect(of('index')).toEqual([]);
    expect(auto.scheduled.nextIndex).toBeNull();
    power.metered = false;
    auto.powerChanged('changed');
    await pass(MINUTE);
    expect(of('index')).toHaveLength(1);
    auto.pause(null);
    await pass(60 * MINUTE);
    expect(of('index')).toHaveLength(1);
    expect(auto.scheduled.nextIndex).toBeNull();
    await auto.stop();
  });

  it('asks for the index ever less often while the store is out of reach, and once an hour when it refuses us', async () => {
    for (const [error, most] of [
      [OFFLINE, 40],
      [DENIED, 6],
    ] as const) {
      const { auto, of, outcome, pass } = world();
      outcome.of = (chore) =>
        chore === 'index' ? { outcome: 'failed', error } : { outcome: 'done', error: null };
      auto.start();
      await pass(4 * 60 * MINUTE);
      expect(of('index').length).toBeGreaterThan(3);
      expect(of('index').length).toBeLessThanOrEqual(most);
      await auto.stop();
    }
  });

  it('leaves no timer behind', async () => {
    const { auto, clock, pass } = world();
    auto.start();
    await pass(MINUTE);
    await auto.stop();
    expect(clock.waiting).toBe(0);
  });
});
