import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlayedMachine } from '../core/demo/played-machine.ts';
import type { MachineProbe } from '../core/ports/machine-probe.ts';
import type { DataPaths } from './paths.ts';

/** The machine that a data folder of the demo plays; null for every other data folder. */
export function playedMachine(paths: Pick<DataPaths, 'playedMachine'>): MachineProbe | null {
  let text: string;
  try {
    text = readFileSync(paths.playedMachine, 'utf8');
  } catch {
    // It is not there, which is so of every folder but a demo's; or cannot be read, and then plays nothing.
    return null;
  }
  const facts = parsePlayedMachine(text);
  return facts === null ? null : { probe: async () => facts, hostname: () => facts.hostname };
}

/** Where the agents of a played machine leave their sessions: what the agents of whoever looks at the demo have is nobody's business there. */
export function agentsOf({ home }: Pick<DataPaths, 'home'>): string {
  return join(home, 'agents');
}
