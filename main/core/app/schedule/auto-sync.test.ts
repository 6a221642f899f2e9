import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { markSync } from '../../status/sync-journal.ts';
import type { AppNews } from '../bus.ts';
import { openPresentCore } from '../present-core.ts';
import { createPresentSettings } from '../settings/present-settings.ts';
import { createDiskLook } from '../status/disk-look.ts';
import { createTreeMemory } from '../status/tree-memory.ts';
import { createAutoSync } from './auto-sync.ts';
import type { Chore, OperationEnd } from '../news.ts';

type End = Pick<OperationEnd, 'outcome' | 'error'>;

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

/** The schedule over a virtual clock and a journal in memory, with runs that end as `outcome` says, at once. */
async function world(
  options: { readonly schedule?: Partial<Settings['schedule']>; readonly last?: number } = {},
) {
  const room = createRoomWorld();
  const { clock, files, paths, power } = room;
  const bus = room.bus();
  const begun = clock.now();
  const ran: Ran[] = [];
  const settings = createPresentSettings(room.parts.settings, 'UTC');
  const choose = (schedule: Partial<Settings['schedule']>): void =>
    settings.take({ ...settings.now, schedule: { ...settings.now.schedule, ...schedule } });
  choose(options.schedule ?? {});
  const present = await openPresentCore(room.parts.openCore, room.parts.logger);
  const disk = createDiskLook(present, bus, room.parts.logger);
  const trees = createTreeMemory(files, '/state/workspaces.json');
  const core = room.core();
  const mark = (kind: 'push' | 'full', at: number): Promise<unknown> =>
    markSync(files, { ...clock, now: () => at }, paths.schedule, core.sync.store.url, kind, null);
  for (const kind of ['full', 'push'] as const) await mark(kind, options.last ?? begun);
  await disk.look();
  const outcome: { of: (chore: string) => End } = { of: () => ({ outcome: 'done', error: null }) };
  const parts = { clock, random: { fraction: () => 0.5 }, settings, disk, trees, bus };
  const auto = createAutoSync({ ...parts, power: room.parts.power });
  const ended = (chore: Chore, { outcome: how, error }: End): Promise<void> => {
    const end = { outcome: how, error, summary: EMPTY_SUMMARY, deferral: null };
    if (chore === 'hooks') return bus.emit('queue.drained', { ...end, done: true });
    if (chore === 'git') return bus.emit('trees.ended', { paths: [], problem: end.error });
    return bus.emit('run.ended', { kind: chore, core, end, push: null });
  };
  bus.on('chore.due', async ({ chore, cause }) => {
    ran.push({ chore, cause, at: clock.now() - begun });
    const end = outcome.of(chore);
    if (end.outcome === 'done' && (chore === 'push' || chore === 'full')) await mark(chore, clock.now());
    await ended(chore, end);
  });
  const same = (): AppNews['settings.changed'] => ({
    before: settings.now,
    after: settings.now,
    reopened: false,
  });
  return {
    clock,
    auto,
    ran,
    power,
    outcome,
    choose,
    ended,
    /** Lets virtual time pass; the schedule's own sleeps happen on the way. */
    pass: (ms: number): Promise<boolean> => clock.sleep(ms),
    of: (chore: string): readonly Ran[] => ran.filter((one) => one.chore === chore),
    logsChanged: (): void => void bus.emit('logs.touched', null),
    hooksQueued: (): void => void bus.emit('queue.touched', null),
    replan: (): void => void bus.emit('settings.changed', same()),
    powerChanged: (event: 'wake' | 'changed'): void => room.supply(event),
  };
}

describe('the automatic sync', () => {
  it('reads the index, drains the hooks and pushes at the start, and then rests for a day', async () => {
    const { auto, ran, of, pass } = await world();
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
    const { auto, clock, logsChanged } = await world();
    const waits: number[] = [];
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => {
      waits.push(ms);
      return sleep(ms, signal);
    };
    auto.start();
    for (let i = 0; i < 20; i++) {
      logsChanged();
      await sleep(700);
    }
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    await auto.stop();
  });

  it('pushes two seconds after the last change, and within half a minute of the first', async () => {
    const { auto, of, pass, logsChanged } = await world();
    auto.start();
    await pass(10_000);
    const before = of('push').length;
    logsChanged();
    await pass(1_000);
    expect(of('push')).toHaveLength(before);
    await pass(3_000);
    expect(of('push')).toHaveLength(before + 1);
    const begun = of('push').at(-1)?.at ?? 0;
    for (let i = 0; i < 60; i++) {
      logsChanged();
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
      const { auto, of, pass, logsChanged } = await world({ schedule: { push } });
      auto.start();
      logsChanged();
      await pass(5 * MINUTE);
      expect(of('push')).toEqual([]);
      await pass(2 * DAY);
      expect(of('push').length).toBe(push === 'daily' ? 2 : 0);
      await auto.stop();
    }
  });

  it('waits longer after each failure that passes by itself, up to a quarter of an hour', async () => {
    const { auto, of, outcome, pass } = await world();
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'deferred', error: OFFLINE } : { outcome: 'done', error: null };
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
    const { auto, of, outcome, pass, logsChanged } = await world();
    auto.start();
    await pass(5_000);
    outcome.of = () => ({ outcome: 'deferred', error: OFFLINE });
    for (let i = 0; i < 600; i++) {
      logsChanged();
      await pass(1_000);
    }
    expect(of('push').length).toBeLessThan(10);
    await auto.stop();
  });

  it('asks a store that refuses us once an hour, not all the time', async () => {
    const { auto, of, outcome, pass } = await world({ last: 1, schedule: { full: 'manual' } });
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'failed', error: DENIED } : { outcome: 'done', error: null };
    auto.start();
    await pass(5 * 60 * MINUTE + MINUTE);
    expect(of('push').length).toBeGreaterThanOrEqual(5);
    expect(of('push').length).toBeLessThanOrEqual(7);
    await auto.stop();
  });

  it('tries a deferred push again within a minute', async () => {
    const { auto, of, outcome, pass } = await world();
    outcome.of = (chore) =>
      chore === 'push' ? { outcome: 'deferred', error: null } : { outcome: 'done', error: null };
    auto.start();
    await pass(2 * MINUTE);
    expect(of('push').map(({ cause }) => cause)).toEqual(['start', 'retry', 'retry']);
    await auto.stop();
  });

  it('does nothing by itself while paused, and catches up once afterwards', async () => {
    const { auto, ran, of, clock, pass, logsChanged, hooksQueued } = await world();
    auto.start();
    await pass(5_000);
    const before = ran.length;
    auto.pause(clock.now() + 60 * MINUTE);
    expect(auto.paused).toMatchObject({ reason: 'asked' });
    for (let i = 0; i < 10; i++) {
      logsChanged();
      hooksQueued();
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
      const { auto, of, pass } = await world({ schedule: { full } });
      auto.start();
      await pass(15 * DAY);
      expect(of('full')).toHaveLength(times);
      await auto.stop();
    }
  });

  it('waits for the mains with schedule.pauseOnBattery', async () => {
    const { auto, of, power, pass, logsChanged, powerChanged } = await world({
      schedule: { pauseOnBattery: true },
    });
    power.onBattery = true;
    auto.start();
    logsChanged();
    await pass(10 * MINUTE);
    expect(of('push')).toEqual([]);
    expect(auto.paused).toMatchObject({ reason: 'battery' });
    power.onBattery = false;
    powerChanged('changed');
    await pass(MINUTE);
    expect(of('push')).toHaveLength(1);
    await auto.stop();
  });

  it('does not try without a network, and tries when it is back', async () => {
    const { auto, ran, power, of, pass, logsChanged, powerChanged } = await world();
    auto.start();
    await pass(5_000);
    const before = ran.length;
    power.online = false;
    powerChanged('changed');
    logsChanged();
    await pass(60 * MINUTE);
    expect(ran).toHaveLength(before);
    power.online = true;
    powerChanged('changed');
    await pass(MINUTE);
    expect(of('push').at(-1)?.cause).toBe('online');
    expect(of('index').at(-1)?.cause).toBe('online');
    await auto.stop();
  });

  it('does what was missed in a week of sleep once', async () => {
    const { auto, clock, of, pass, powerChanged } = await world();
    auto.start();
    await pass(5 * MINUTE);
    const before = of('push').length;
    clock.jump(8 * DAY);
    powerChanged('wake');
    await pass(5 * MINUTE);
    expect(of('push').length - before).toBeLessThanOrEqual(2);
    expect(of('full')).toHaveLength(1);
    await auto.stop();
  });

  it('reads the index when a window opens, but not twice within a minute', async () => {
    const { auto, of, pass } = await world();
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
    const { auto, of, pass, clock, replan, ended } = await world();
    auto.start();
    await pass(5 * MINUTE);
    const next = auto.scheduled.nextIndex ?? 0;
    expect(next - clock.now()).toBeGreaterThan(4 * MINUTE);
    expect(next - clock.now()).toBeLessThanOrEqual(10 * MINUTE);
    // Settings, wakes and ends of other runs do not move it.
    replan();
    await ended('push', { outcome: 'done', error: null });
    expect(auto.scheduled.nextIndex).toBe(next);
    await pass(3 * 60 * MINUTE);
    const times = of('index').map(({ at }) => at);
    const gaps = times.slice(1).map((at, i) => (at - (times[i] ?? 0)) / MINUTE);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15.1);
    expect(of('index').at(-1)?.cause).toBe('schedule');
    await ended('index', { outcome: 'done', error: null });
    expect((auto.scheduled.nextIndex ?? 0) - clock.now()).toBeGreaterThanOrEqual(10 * MINUTE);
    await auto.stop();
  });

  it('looks at no index by itself when schedule.index says by hand', async () => {
    const { auto, of, pass, powerChanged, replan, choose } = await world({ schedule: { index: 'manual' } });
    auto.start();
    auto.windowOpened();
    powerChanged('wake');
    await pass(60 * MINUTE);
    expect(of('index')).toEqual([]);
    expect(auto.scheduled.nextIndex).toBeNull();
    choose({ index: 'auto' });
    replan();
    await pass(16 * MINUTE);
    expect(of('index')).toHaveLength(1);
    choose({ index: 'manual' });
    replan();
    await pass(60 * MINUTE);
    expect(of('index')).toHaveLength(1);
    await auto.stop();
  });

  it('looks at no index while paused or on a metered network with schedule.pauseOnMetered', async () => {
    const { auto, of, pass, power, powerChanged } = await world({
      schedule: { pauseOnMetered: true },
    });
    power.metered = true;
    auto.start();
    await pass(60 * MINUTE);
    expect(auto.paused).toMatchObject({ reason: 'metered' });
    expect(of('index')).toEqual([]);
    expect(auto.scheduled.nextIndex).toBeNull();
    power.metered = false;
    powerChanged('changed');
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
      const { auto, of, outcome, pass } = await world();
      outcome.of = (chore) =>
        chore === 'index'
          ? { outcome: error === OFFLINE ? 'deferred' : 'failed', error }
          : { outcome: 'done', error: null };
      auto.start();
      await pass(4 * 60 * MINUTE);
      expect(of('index').length).toBeGreaterThan(3);
      expect(of('index').length).toBeLessThanOrEqual(most);
      await auto.stop();
    }
  });

  it('leaves no timer behind', async () => {
    const { auto, clock, pass } = await world();
    auto.start();
    await pass(MINUTE);
    await auto.stop();
    expect(clock.waiting).toBe(0);
  });
});
