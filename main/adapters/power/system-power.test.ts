import { expect, it, vi } from 'vitest';
import { createSystemPower } from './system-power.ts';

it('tells when the machine goes on battery and back, and asks no more when nobody listens', async () => {
  vi.useFakeTimers();
  try {
    let acConnected = true;
    let asked = 0;
    const power = createSystemPower(async () => {
      asked++;
      return { hasBattery: true, acConnected };
    });
    const seen: boolean[] = [];
    const end = power.subscribe(() => seen.push(power.state().onBattery));
    await vi.advanceTimersByTimeAsync(0);
    acConnected = false;
    await vi.advanceTimersByTimeAsync(60_000);
    acConnected = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toEqual([true, false]);
    end();
    const before = asked;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});

it('takes a machine without a battery, or one that cannot be asked, for plugged in, and does not ask again', async () => {
  vi.useFakeTimers();
  try {
    for (const answer of [
      async () => ({ hasBattery: false, acConnected: false }),
      () => Promise.reject(new Error('no such command')),
    ]) {
      const ask = vi.fn(answer);
      const power = createSystemPower(ask);
      power.subscribe(() => undefined);
      await vi.advanceTimersByTimeAsync(600_000);
      expect(power.state().onBattery).toBe(false);
      expect(ask).toHaveBeenCalledTimes(1);
    }
  } finally {
    vi.useRealTimers();
  }
});

it('really asks the system', async () => {
  const { battery } = await import('systeminformation');
  expect(typeof (await battery()).hasBattery).toBe('boolean');
});
