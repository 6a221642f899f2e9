import { expect, it } from 'vitest';
import type { MachineRow } from '../../../shared/domain/log-query.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { findMachine } from './find-machine.ts';

const row = (machine: string, host: string): MachineRow => ({
  machine: machine as MachineUuid,
  host,
  own: false,
  logs: 0,
  bytes: 0,
  cachedLogs: 0,
  firstDate: null,
  lastDate: null,
  lastSeen: null,
});
const MACHINES = [
  row('a1b2c3d4-0000-0000-0000-000000000001', 'hal-mbp'),
  row('a1b2c3d4-0000-0000-0000-000000000002', 'HAL-IMAC'),
  row('e5f60718-0000-0000-0000-000000000003', 'a1b2'),
];

it('finds a machine by any prefix that only one has, and by host name in any case', () => {
  expect(findMachine(MACHINES, 'e5f60718')).toMatchObject({ ok: true, value: { host: 'a1b2' } });
  expect(findMachine(MACHINES, 'Hal-Imac')).toMatchObject({ ok: true, value: { host: 'HAL-IMAC' } });
  expect(findMachine(MACHINES, 'a1b2c3d4-0000-0000-0000-000000000002')).toMatchObject({
    ok: true,
    value: { host: 'HAL-IMAC' },
  });
});

it('lists the candidates of an ambiguous name', () => {
  expect(findMachine(MACHINES, 'a1b2c3d4')).toMatchObject({
    ok: false,
    error: { code: 'ambiguous', details: { candidates: [{ host: 'hal-mbp' }, { host: 'HAL-IMAC' }] } },
  });
  // A host name that looks like a prefix of others names three machines.
  expect(findMachine(MACHINES, 'a1b2')).toMatchObject({ ok: false, error: { code: 'ambiguous' } });
});

it('says what to do about a name that nobody has, and takes no prefix that says nothing', () => {
  for (const name of ['nobody', '', 'a1', '../..'])
    expect(findMachine(MACHINES, name)).toMatchObject({ ok: false, error: { code: 'not-found' } });
});
