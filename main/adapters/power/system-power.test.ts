import { expect, it, vi } from 'vitest';
import { createMeteredWatch } from './metered-watch.ts';
import { createSystemPower } from './system-power.ts';

/** A network whose cost nobody tells. */
const noCost = (onChange: () => void) => createMeteredWatch(async () => null, onChange);

it('tells when the machine goes on battery and back, and asks no more when nobody listens', async () => {
  vi.useFakeTimers();
  try {
    let acConnected = true;
    let asked = 0;
    const power = createSystemPower(noCost, async () => {
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
      const power = createSystemPower(noCost, ask);
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

it('tells when the network becomes metered, while somebody wants to know', async () => {
  vi.useFakeTimers();
  try {
    let metered = false;
    const power = createSystemPower(
      (onChange) => createMeteredWatch(async () => metered, onChange),
      async () => ({ hasBattery: false, acConnected: true }),
    );
    const seen: boolean[] = [];
    power.subscribe(() => seen.push(power.state().metered));
    power.wantMetered(true);
    metered = true;
    await vi.advanceTimersByTimeAsync(60_000);
    power.wantMetered(false);
    expect(seen).toEqual([true, false]);
  } finally {
    vi.useRealTimers();
  }
});
