import type { MeteredWatch } from './metered-watch.ts';
import type { Power, PowerEvent, PowerState } from '../../core/ports/power.ts';

/** Poll interval of a machine with a battery; one without is asked once. */
const ASK_MS = 60_000;

/** The battery facts of `systeminformation` used here. */
export interface BatteryFacts {
  readonly hasBattery: boolean;
  readonly acConnected: boolean;
}

/**
 * Battery state for shells without a window system that reports it (the browser view on a laptop). The network counts as online: an
 * unreachable store is detected by trying.
 * @param watchMetered watches the cost of the network
 * @param ask reads the battery state; `systeminformation` by default
 */
export function createSystemPower(
  watchMetered: (onChange: () => void) => MeteredWatch,
  ask: () => Promise<BatteryFacts> = askSystem,
): Power {
  const listeners = new Set<(event: PowerEvent) => void>();
  const tell = (): void => {
    for (const listener of listeners) listener('changed');
  };
  const network = watchMetered(tell);
  let state: Omit<PowerState, 'metered'> = { onBattery: false, online: true };
  let timer: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    const facts = await ask().catch(() => null);
    // Unknown is no reason to wait.
    if (facts === null || !facts.hasBattery) return stop();
    const onBattery = !facts.acConnected;
    if (onBattery === state.onBattery) return;
    state = { ...state, onBattery };
    tell();
  };
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  return {
    state: () => ({ ...state, metered: network.metered }),
    wantMetered: (on) => network.want(on),
    canTellMetered: () => network.canTell(),
    subscribe: (listener) => {
      listeners.add(listener);
      if (timer === null) {
        // The process may exit while waiting for the next poll.
        timer = setInterval(() => void look(), ASK_MS).unref();
        void look();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}

async function askSystem(): Promise<BatteryFacts> {
  const { battery } = await import('systeminformation');
  return battery();
}
