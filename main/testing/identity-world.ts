import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMachineUuid, type MachineUuid } from '../../shared/domain/ids.ts';
import { parseMachineIdentity, type MachineIdentity } from '../../shared/domain/machine-identity.ts';
import { unwrap } from '../../shared/result.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import type { IdentityDeps } from '../core/machine/identity-deps.ts';
import { initIdentity } from '../core/machine/init-identity.ts';
import type { InitReport } from '../core/machine/init-report.ts';
import type { HardwarePart, MachineFacts } from '../core/ports/machine-probe.ts';

/** A laptop as the macOS probe shows it; ADR-058's script gives it {@link MAC_UUID}. */
export const MAC: readonly HardwarePart[] = [
  { key: 'hw_uuid', value: '5A2F4C81-93D7-5E0B-8A64-1B7C0D9E2F33' },
  { key: 'serial_hash', value: '8fd1c2368259a9a8' },
  { key: 'mac_hash', value: '35532c4ba1bb1a2c' },
  { key: 'cpu', value: 'arm' },
  { key: 'model', value: 'MacBookPro18,3' },
];
export const MAC_UUID = 'fb4efdd5-63b6-1ade-1f7c-de75c1f05f84';
/** Another laptop of the same product line. */
export const OTHER_MAC: readonly HardwarePart[] = [
  { key: 'hw_uuid', value: '00000001-93D7-5E0B-8A64-1B7C0D9E2F33' },
  { key: 'serial_hash', value: '1111c2368259a9a8' },
  { key: 'mac_hash', value: '11112c4ba1bb1a2c' },
  { key: 'cpu', value: 'arm' },
  { key: 'model', value: 'MacBookPro18,3' },
];
/** machine-id.json of {@link MAC} as ADR-058's script writes it. */
export const ADR_FILE = {
  machine_uuid: MAC_UUID,
  hardware_hash: 'sha256:fb4efdd563b61ade1f7cde75c1f05f8459bdcfd6da326af146ea59efc8655a14',
  hostname: 'hal-mbp-2024',
  platform: 'Darwin',
  platform_version: '14.2.1',
  model: 'MacBookPro18,3',
  created: '2026-01-06T10:30:00.123456+00:00',
};

/** A data folder on a real disk with a real lock, on a computer whose hardware can be changed under it. */
export interface IdentityWorld {
  readonly home: string;
  /** machine-id.json, absolute. */
  readonly file: string;
  readonly deps: IdentityDeps;
  /** What the probe shows, and how often it was asked. */
  readonly computer: {
    parts: readonly HardwarePart[];
    problems: readonly string[];
    hostname: string;
    probes: number;
  };
  /** `initIdentity` in the mode `ensure`; throws when it fails. */
  ensure(): Promise<InitReport>;
  /** The identity in the file. */
  onDisk(): MachineIdentity;
  /** Names in the data folder that begin with `machine-id`. */
  present(): readonly string[];
  changeNic(): void;
  remove(): void;
}

/** A new one, in a folder of its own. */
export function identityWorld(): IdentityWorld {
  const home = fs.mkdtempSync(join(tmpdir(), 'identity-'));
  const file = join(home, 'machine-id.json');
  const computer: IdentityWorld['computer'] = {
    parts: MAC,
    problems: [],
    hostname: 'hal-mbp-2024',
    probes: 0,
  };
  const deps: IdentityDeps = {
    files: createNodeFiles(),
    bytes: createNodeBytes(),
    locks: nodeLocks({ who: 'test' }),
    clock: createNodeClock(),
    random: createNodeRandom(),
    account: 'mara',
    probe: {
      hostname: () => computer.hostname,
      probe: async (): Promise<MachineFacts> => {
        computer.probes += 1;
        return {
          parts: computer.parts,
          problems: computer.problems,
          hostname: computer.hostname,
          platform: 'Darwin',
          platformVersion: '14.2.1',
          model: 'MacBookPro18,3',
        };
      },
    },
    paths: { home, machineId: file, state: join(home, 'state'), syncLock: join(home, 'state', 'sync.lock') },
  };
  return {
    home,
    file,
    deps,
    computer,
    ensure: async () => unwrap(await initIdentity(deps, { mode: 'ensure' })),
    onDisk: () => unwrap(parseMachineIdentity(JSON.parse(fs.readFileSync(file, 'utf8')))),
    present: () =>
      fs
        .readdirSync(home)
        .filter((name) => name.startsWith('machine-id'))
        .sort(),
    changeNic: () => {
      computer.parts = MAC.map((part) =>
        part.key === 'mac_hash' ? { ...part, value: 'ffff2c4ba1bb1a2c' } : part,
      );
    },
    remove: () => fs.rmSync(home, { recursive: true, force: true }),
  };
}

/** A UUID of a test. */
export function uuid(text: string): MachineUuid {
  return unwrap(parseMachineUuid(text));
}
