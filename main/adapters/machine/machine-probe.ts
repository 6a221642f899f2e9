import { arch, hostname, release, type as systemName } from 'node:os';
import type { MachineProbe } from '../../core/ports/machine-probe.ts';
import { createLinuxProbe } from './linux-probe.ts';
import { createMacosProbe } from './macos-probe.ts';
import { createWindowsProbe } from './windows-probe.ts';

/** The probe for the current platform. */
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

/** A BSD, for example: its hardware is unknown, so its identity is random, created once. */
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
