import type { Power } from '../../core/ports/power.ts';

/**
 * For shells that no system tells about battery and network (the browser view on a server): always on, always online. A store that
 * cannot be reached is found out by trying, with growing waits in between.
 */
export function createSteadyPower(): Power {
  return {
    state: () => ({ onBattery: false, metered: false, online: true }),
    subscribe: () => () => undefined,
  };
}
