import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { createPresentSettings } from '../settings/present-settings.ts';
import { createPauseGate } from './pause-gate.ts';

function world(schedule: Partial<Settings['schedule']> = {}) {
  const { clock, power, parts, pass } = createRoomWorld();
  const settings = createPresentSettings(parts.settings, 'UTC');
  const choose = (change: Partial<Settings['schedule']>): void =>
    settings.take({ ...settings.now, schedule: { ...settings.now.schedule, ...change } });
  choose(schedule);
  return { clock, power, pass, choose, gate: createPauseGate(clock, parts.power, settings) };
}

describe('whether the app may work by itself', () => {
  it('is decided by a person before anything else, until the time they named', () => {
    const { gate, clock, power } = world({ pauseOnBattery: true });
    power.onBattery = true;
    gate.look();
    expect(gate.paused).toMatchObject({ reason: 'battery', until: null });
    gate.ask(clock.now() + 5_000);
    expect(gate.paused).toEqual({ since: clock.now(), until: clock.now() + 5_000, reason: 'asked' });
    expect(gate.endsAt).toBe(clock.now() + 5_000);
    gate.lift();
    expect(gate.paused).toMatchObject({ reason: 'battery' });
    expect([gate.open, gate.endsAt]).toEqual([false, null]);
  });

  it.each([
    ['pauseOnBattery', 'onBattery'],
    ['pauseOnMetered', 'metered'],
  ] as const)('stands still by schedule.%s only while the setting says so', (setting, fact) => {
    const { gate, power, choose } = world();
    power[fact] = true;
    expect([gate.look(), gate.open]).toEqual(['nothing', true]);
    choose({ [setting]: true });
    expect([gate.look(), gate.open]).toEqual(['closed', false]);
    expect([gate.look(), gate.open]).toEqual(['nothing', false]);
    choose({ [setting]: false });
    expect([gate.look(), gate.open]).toEqual(['lifted', true]);
  });

  it('keeps since when, however often it looks', async () => {
    const { gate, power, pass } = world({ pauseOnBattery: true });
    power.onBattery = true;
    gate.look();
    const since = gate.paused?.since;
    await pass(60_000);
    gate.look();
    expect(gate.paused?.since).toBe(since);
  });

  it('is no pause without a network, but closed, and tells when it is back', () => {
    const { gate, power } = world();
    power.online = false;
    expect([gate.look(), gate.open, gate.paused]).toEqual(['closed', false, null]);
    power.online = true;
    expect([gate.look(), gate.open]).toEqual(['online', true]);
  });
});
