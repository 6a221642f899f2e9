import { net, powerMonitor } from 'electron';
import type { Power, PowerEvent } from '../../core/ports/power.ts';

/** While nobody hears of the network from the system, it is asked this often; only while somebody listens. */
const LOOK_MS = 30_000;

/**
 * Power and network as Electron knows them. Call it when the app is ready. No system tells Electron whether a network is paid by volume, so
 * `metered` stays false.
 */
export function createElectronPower(): Power {
  const listeners = new Set<(event: PowerEvent) => void>();
  const tell = (event: PowerEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const changed = (): void => tell('changed');
  powerMonitor.on('resume', () => tell('wake'));
  powerMonitor.on('on-ac', changed);
  powerMonitor.on('on-battery', changed);
  let online = net.isOnline();
  let looking: NodeJS.Timeout | null = null;
  // `online` has no event outside of pages, and there may be no page.
  const look = (): void => {
    const now = net.isOnline();
    if (now === online) return;
    online = now;
    changed();
  };
  return {
    state: () => ({ onBattery: powerMonitor.onBatteryPower, metered: false, online: net.isOnline() }),
    subscribe(listener) {
      const own = (event: PowerEvent): void => listener(event);
      listeners.add(own);
      looking ??= setInterval(look, LOOK_MS);
      return () => {
        listeners.delete(own);
        if (listeners.size > 0 || looking === null) return;
        clearInterval(looking);
        looking = null;
      };
    },
  };
}
