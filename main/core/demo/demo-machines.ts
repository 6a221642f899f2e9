import type { MachineFacts } from '../ports/machine-probe.ts';

/** A demo team member, as in users.json and identity.json. */
export interface DemoPerson {
  /** Short name; also the folder of their texts in assets/demo. */
  readonly user: string;
  readonly fullName: string;
  readonly email: string;
  readonly role: string;
}

/** A demo machine: its owner, and the simulated hardware, which gives it an identity like any other. */
export interface DemoMachine {
  /** Host name, and the folder of its data. */
  readonly name: string;
  readonly person: DemoPerson;
  /** The repository of its sessions; see {@link DEMO_REPOSITORIES}. */
  readonly repository: string;
  readonly facts: MachineFacts;
}

/** A team repository and the folders of its sessions' logs. */
export interface DemoRepository {
  readonly name: string;
  readonly projects: readonly string[];
  readonly clients: readonly string[];
}

/** Mara and Jonas share a repository, so git brings Jonas her logs; Priya's reach him only through the store. */
export const DEMO_REPOSITORIES: readonly DemoRepository[] = [
  { name: 'harbor', projects: ['harbor-ledger', 'harbor-ui'], clients: ['acme', 'northwind'] },
  { name: 'operations', projects: ['platform'], clients: ['acme'] },
];

/** Three machines of one small team. Every value is made up. The last one is for looking around. */
export const DEMO_MACHINES: readonly [DemoMachine, DemoMachine, DemoMachine] = [
  {
    name: 'mara-mbp',
    person: {
      user: 'mara',
      fullName: 'Mara Lindqvist',
      email: 'mara@harbor.example',
      role: 'Backend lead',
    },
    repository: 'harbor',
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
    name: 'build-box',
    person: { user: 'priya', fullName: 'Priya Nair', email: 'priya@harbor.example', role: 'Platform' },
    repository: 'operations',
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
  {
    name: 'jonas-studio',
    person: { user: 'jonas', fullName: 'Jonas Weber', email: 'jonas@harbor.example', role: 'Frontend' },
    repository: 'harbor',
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
];
