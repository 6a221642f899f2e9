import { net, powerMonitor } from 'electron';
import type { Power, PowerEvent } from '../../core/ports/power.ts';
import type { MeteredWatch } from '../../compose/network-cost.ts';

/** Poll interval while the system sends no network events; only while somebody listens. */
const LOOK_MS = 30_000;

/**
 * Power and network as reported by Electron. Call it when the app is ready.
 * @param watchMetered watches the cost of the network, which Electron does not report
 */
export function createElectronPower(watchMetered: (onChange: () => void) => MeteredWatch): Power {
  const listeners = new Set<(event: PowerEvent) => void>();
  const tell = (event: PowerEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const changed = (): void => tell('changed');
  powerMonitor.on('resume', () => tell('wake'));
  powerMonitor.on('on-ac', changed);
  powerMonitor.on('on-battery', changed);
  const network = watchMetered(changed);
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
    state: () => ({
      onBattery: powerMonitor.onBatteryPower,
      metered: network.metered,
      online: net.isOnline(),
    }),
    wantMetered: (on) => network.want(on),
    canTellMetered: () => network.canTell(),
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
