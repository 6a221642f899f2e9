import { askMeteredOn } from '../adapters/power/metered.ts';
import { createMeteredWatch, type MeteredWatch } from '../adapters/power/metered-watch.ts';
import { runSystemProgram } from '../adapters/process/system-program.ts';

export type { MeteredWatch } from '../adapters/power/metered-watch.ts';

/** Keeps an eye on whether this machine's network is paid by volume. @param onChange called after the answer has changed */
export function openNetworkCost(onChange: () => void): MeteredWatch {
  return createMeteredWatch(askMeteredOn(process.platform, runSystemProgram), onChange);
}
