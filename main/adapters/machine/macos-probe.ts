import { hostname } from 'node:os';
import type { HardwarePart, MachineFacts, MachineProbe } from '../../core/ports/machine-probe.ts';
import { runSystemProgram, type RunSystemProgram } from '../process/system-program.ts';
import { hashPart } from './hash-part.ts';

const DEADLINE_MS = 5_000;
// `ioreg -l` walks the whole registry.
const REGISTRY_DEADLINE_MS = 15_000;

/**
 * The components of ADR-058's script, read the same way, so that a Mac with an ID from it gets the same one: the first line that
 * contains the name, split at its quotes; a failed probe omits its component. Absolute paths, because an app started from the Finder
 * has a short PATH and because nothing on somebody's PATH should answer for the hardware.
 */
export function createMacosProbe(
  run: RunSystemProgram = runSystemProgram,
  host: () => string = hostname,
): MachineProbe {
  return { probe: () => probeMac(run, host()), hostname: host };
}

async function probeMac(run: RunSystemProgram, host: string): Promise<MachineFacts> {
  const [expert, network, model, arm, version] = await Promise.all([
    run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], DEADLINE_MS),
    run('/sbin/ifconfig', ['en0'], DEADLINE_MS),
    run('/usr/sbin/sysctl', ['-n', 'hw.model'], DEADLINE_MS),
    // 1 on Apple silicon, even for a translated program; unknown to the sysctl of an Intel Mac.
    run('/usr/sbin/sysctl', ['-n', 'hw.optional.arm64'], DEADLINE_MS),
    run('/usr/bin/sw_vers', ['-productVersion'], DEADLINE_MS),
  ]);
  const parts: HardwarePart[] = [];
  const problems: string[] = [];
  const add = (key: string, value: string | null, problem: string | null): void => {
    if (value !== null) parts.push({ key, value });
    else problems.push(`${key}: ${problem ?? 'not in the output'}`);
  };

  const uuid = quotedValue(expert.stdout, 'IOPlatformUUID');
  add('hw_uuid', uuid, expert.problem);

  let serial = quotedValue(expert.stdout, 'IOPlatformSerialNumber');
  let serialProblem = expert.problem;
  if (serial === null) {
    // Where the script looks. It is a property of the same device, and this way takes far longer.
    const registry = await run(
      '/usr/sbin/ioreg',
      ['-l', '-c', 'IOPlatformExpertDevice'],
      REGISTRY_DEADLINE_MS,
    );
    serial = quotedValue(registry.stdout, 'IOPlatformSerialNumber');
    serialProblem = registry.problem;
  }
  add('serial_hash', serial === null ? null : hashPart(serial), serialProblem);

  const mac = etherAddress(network.stdout);
  // A Mac without en0 is fine: the script omits the component there too.
  if (mac !== null || (network.problem !== null && !network.ran))
    add('mac_hash', mac === null ? null : hashPart(mac), network.problem);

  // What Python's platform.processor() returns on either kind of Mac.
  parts.push({ key: 'cpu', value: arm.stdout.trim() === '1' ? 'arm' : 'i386' });

  // There, an empty output is a component too, as long as the program could be run.
  add('model', model.ran ? model.stdout.trim() : null, model.problem);

  return {
    parts,
    problems,
    hostname: host,
    platform: 'Darwin',
    platformVersion: version.stdout.trim(),
    model: model.stdout.trim() || 'unknown',
  };
}

/** The value in the first line with a name: the text between its last two quotes. */
function quotedValue(text: string, name: string): string | null {
  const line = text.split('\n').find((candidate) => candidate.includes(name));
  const pieces = line?.split('"') ?? [];
  return pieces.length < 2 ? null : (pieces.at(-2) ?? null);
}

/** The second word of the first line with "ether". */
function etherAddress(text: string): string | null {
  const line = text.split('\n').find((candidate) => candidate.includes('ether'));
  return line?.trim().split(/\s+/)[1] ?? null;
}
