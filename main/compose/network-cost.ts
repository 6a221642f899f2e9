import { askMeteredOn } from '../adapters/power/metered.ts';
import { createMeteredWatch, type MeteredWatch } from '../adapters/power/metered-watch.ts';
import { runSystemProgram } from '../adapters/process/system-program.ts';

export type { MeteredWatch } from '../adapters/power/metered-watch.ts';

/** Watches whether this machine's network is billed by volume. @param onChange called when the answer changes */
export function openNetworkCost(onChange: () => void): MeteredWatch {
  return createMeteredWatch(askMeteredOn(process.platform, runSystemProgram), onChange);
}
