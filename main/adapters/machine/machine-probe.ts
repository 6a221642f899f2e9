import { arch, hostname, release, type as systemName } from 'node:os';
import type { MachineProbe } from '../../core/ports/machine-probe.ts';
import { createLinuxProbe } from './linux-probe.ts';
import { createMacosProbe } from './macos-probe.ts';
import { createWindowsProbe } from './windows-probe.ts';

/** The probe for the system that this runs on. */
export function createMachineProbe(platform: NodeJS.Platform = process.platform): MachineProbe {
  switch (platform) {
    case 'darwin':
      return createMacosProbe();
    case 'linux':
      return createLinuxProbe();
    case 'win32':
      return createWindowsProbe();
    default:
      return unknownProbe();
  }
}

/** A BSD, say: nothing is known of its hardware, so its identity is chance, made once. */
function unknownProbe(): MachineProbe {
  return {
    hostname,
    probe: async () => ({
      parts: [{ key: 'cpu', value: arch() }],
      problems: [],
      hostname: hostname(),
      platform: systemName(),
      platformVersion: release(),
      model: 'unknown',
    }),
  };
}
