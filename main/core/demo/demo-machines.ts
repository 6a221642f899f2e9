import type { MachineFacts } from '../ports/machine-probe.ts';

/** A machine of the demo: its folder in assets/demo and the hardware it pretends to be, which gives it an identity like any other. */
export interface DemoMachine {
  readonly folder: string;
  readonly facts: MachineFacts;
}

/** Three machines of one small team. Every value is made up. */
export const DEMO_MACHINES: readonly [DemoMachine, DemoMachine, DemoMachine] = [
  {
    folder: 'mara-mbp',
    facts: {
      parts: [
        { key: 'hw_uuid', value: '5D8C1B52-6A0E-5C0B-9D0E-2F6C0C9B7A11' },
        { key: 'serial_hash', value: 'd2f6b1a04c7e9a35' },
        { key: 'cpu', value: 'arm' },
        { key: 'model', value: 'Mac15,9' },
      ],
      problems: [],
      hostname: 'mara-mbp',
      platform: 'Darwin',
      platformVersion: '26.1',
      model: 'Mac15,9',
    },
  },
  {
    folder: 'jonas-studio',
    facts: {
      parts: [
        { key: 'hw_uuid', value: '0B7E64E1-93A5-5F2D-8A47-1C5D9E3B6F20' },
        { key: 'serial_hash', value: '8e51c07d4b92fa6c' },
        { key: 'cpu', value: 'arm' },
        { key: 'model', value: 'Mac14,13' },
      ],
      problems: [],
      hostname: 'jonas-studio',
      platform: 'Darwin',
      platformVersion: '26.0.1',
      model: 'Mac14,13',
    },
  },
  {
    folder: 'build-box',
    facts: {
      parts: [
        { key: 'machine_id_hash', value: 'a90c55e2f1d7483b' },
        { key: 'cpu', value: 'AMD EPYC 7443P' },
        { key: 'model', value: 'PowerEdge R6515' },
      ],
      problems: [],
      hostname: 'build-box',
      platform: 'Linux',
      platformVersion: '6.12',
      model: 'PowerEdge R6515',
    },
  },
];
