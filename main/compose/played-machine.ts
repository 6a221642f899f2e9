import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlayedMachine } from '../core/demo/played-machine.ts';
import type { MachineProbe } from '../core/ports/machine-probe.ts';
import type { DataPaths } from '../core/files/data-paths.ts';

/** The machine that a demo's data folder simulates; null for every other data folder. */
export function playedMachine(paths: Pick<DataPaths, 'playedMachine'>): MachineProbe | null {
  let text: string;
  try {
    text = readFileSync(paths.playedMachine, 'utf8');
  } catch {
    // Absent, as in every folder but a demo's; or unreadable, so it simulates nothing.
    return null;
  }
  const facts = parsePlayedMachine(text);
  return facts === null ? null : { probe: async () => facts, hostname: () => facts.hostname };
}

/** Where a demo machine's agents keep their sessions, so that those of the person viewing the demo stay out of it. */
export function agentsOf({ home }: Pick<DataPaths, 'home'>): string {
  return join(home, 'agents');
}
