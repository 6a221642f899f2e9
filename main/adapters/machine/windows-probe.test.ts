import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveUuid } from '../../core/machine/derive-uuid.ts';
import type { MachineFacts } from '../../core/ports/machine-probe.ts';
import type { RunSystemProgram } from '../process/system-program.ts';
import { createWindowsProbe } from './windows-probe.ts';

const digest = { sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };

// In the form that ConvertTo-Json -Compress and reg.exe print; the values are made up.
const LAPTOP = {
  uuid: '4C4C4544-0039-4D10-8052-C3C04F4E3333',
  vendor: 'Dell Inc.',
  model: 'Latitude 7440',
  serial: '9MR5N33',
  boardVendor: 'Dell Inc.',
  board: '0XR5TT',
  cpu: '13th Gen Intel(R) Core(TM) i7-1365U',
  net: [
    { address: '00-E0-4C-68-00-01', place: 'USB\\VID_0BDA&PID_8153\\000001' },
    { address: 'A4-BB-6D-11-22-33', place: 'PCI\\VEN_8086&DEV_51F0&SUBSYS_00748086&REV_01\\3&11583659&0&A3' },
    { address: 'A4-BB-6D-44-55-66', place: 'PCI\\VEN_8086&DEV_1A1E&SUBSYS_0B0B1028&REV_01\\3&11583659&0&FE' },
  ],
};
const GUID = 'b1c2d3e4-f506-4718-892a-3b4c5d6e7f80';
const REG = `\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    ${GUID}\r\n\r\n`;

function replay(told: unknown, registry: string = REG): RunSystemProgram {
  return async (file) => {
    if (file.endsWith('reg.exe')) return { ran: true, stdout: registry, problem: null };
    if (told === null)
      return { ran: false, stdout: '', problem: 'powershell.exe did not answer in 20000 ms' };
    return { ran: true, stdout: `${JSON.stringify(told)}\r\n`, problem: null };
  };
}

const facts = (told: unknown, registry?: string): Promise<MachineFacts> =>
  createWindowsProbe({ run: replay(told, registry), hostname: () => 'WS-1', release: '10.0.22631' }).probe();
const keys = ({ parts }: MachineFacts): string[] => parts.map(({ key }) => key);
const uuidOf = async (told: unknown, registry?: string): Promise<string> =>
  deriveUuid((await facts(told, registry)).parts, digest).uuid;

describe('createWindowsProbe', () => {
  it('pins the UUID of a laptop', async () => {
    const found = await facts(LAPTOP);
    expect(keys(found)).toEqual(['smbios_hash', 'serial_hash', 'mac_hash', 'cpu', 'model', 'board']);
    expect(found).toMatchObject({
      hostname: 'WS-1',
      platform: 'Windows',
      platformVersion: '10.0.22631',
      model: 'Dell Inc. Latitude 7440',
      problems: [],
    });
    expect(deriveUuid(found.parts, digest).uuid).toBe('76188467-eeff-e970-a9fc-8d5130e022f7');
  });

  it('survives a reinstall and another order of the adapters', async () => {
    const uuid = await uuidOf(LAPTOP);
    expect(await uuidOf(LAPTOP, REG.replace(GUID, GUID.replace('b1', 'c2')))).toBe(uuid);
    expect(await uuidOf({ ...LAPTOP, net: [...LAPTOP.net].reverse() })).toBe(uuid);
    expect(await uuidOf({ ...LAPTOP, net: LAPTOP.net.slice(1) })).toBe(uuid);
    expect(await uuidOf({ ...LAPTOP, serial: '9MR5N34' })).not.toBe(uuid);
  });

  it('reads a single adapter, which ConvertTo-Json does not write as a list', async () => {
    expect(keys(await facts({ ...LAPTOP, net: LAPTOP.net[2] }))).toContain('mac_hash');
  });

  it("leaves out what makers put in a serial number's place", async () => {
    const white = {
      ...LAPTOP,
      uuid: '03000200-0400-0500-0006-000700080009',
      serial: 'To be filled by O.E.M.',
      net: null,
    };
    expect(keys(await facts(white))).toEqual(['machine_guid_hash', 'cpu', 'model', 'board']);
    for (const uuid of ['FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', '00000000-0000-0000-0000-000000000000'])
      expect(keys(await facts({ ...white, uuid, serial: 'Default string' }))).not.toContain('smbios_hash');
  });

  it('takes the registry too in a virtual machine, so that clones differ', async () => {
    const vm = {
      ...LAPTOP,
      vendor: 'Microsoft Corporation',
      model: 'Virtual Machine',
      net: { address: '00-15-5D-01-02-03', place: 'VMBUS\\{F8615163}' },
    };
    expect(keys(await facts(vm))).toContain('machine_guid_hash');
    expect(keys(await facts(vm))).toContain('mac_hash');
    expect(await uuidOf(vm)).not.toBe(await uuidOf(vm, REG.replace(GUID, GUID.replace('b1', 'c2'))));
  });

  it('says what failed and still has the registry', async () => {
    const found = await facts(null);
    expect(keys(found)).toEqual(['machine_guid_hash', 'model']);
    expect(found.problems).toEqual(['hardware: powershell.exe did not answer in 20000 ms']);
    const nothing = await facts(
      null,
      'ERROR: The system was unable to find the specified registry key or value.\r\n',
    );
    expect(keys(nothing)).toEqual(['model']);
    expect(nothing.problems).toHaveLength(2);
  });

  it('lets no serial number, address or GUID out', async () => {
    const told = JSON.stringify([await facts(LAPTOP), await facts(null)]);
    for (const secret of ['9MR5N33', LAPTOP.uuid, 'A4-BB-6D', 'a4:bb:6d', GUID])
      expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
  });
});
