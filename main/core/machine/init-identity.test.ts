import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatMachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { unwrap } from '../../../shared/result.ts';
import {
  ADR_FILE,
  MAC,
  MAC_UUID,
  OTHER_MAC,
  identityWorld,
  type IdentityWorld,
} from '../../testing/identity-world.ts';
import { acceptMachineFacts } from './accept-machine-facts.ts';
import { deriveUuid } from './derive-uuid.ts';
import { identityCard } from './identity-card.ts';
import { initIdentity } from './init-identity.ts';
import { loadIdentity } from './load-identity.ts';

let world: IdentityWorld;
beforeEach(() => {
  world = identityWorld();
});
afterEach(() => {
  world.remove();
});

describe('the first run', () => {
  it('makes the identity from the hardware, once', async () => {
    expect(await loadIdentity(world.deps.files, world.file)).toMatchObject({
      ok: false,
      error: { code: 'not-configured' },
    });
    const made = await world.ensure();
    expect(made.outcome).toBe('created');
    expect(made.identity).toMatchObject({
      machine_uuid: MAC_UUID,
      hardware_hash: ADR_FILE.hardware_hash,
      hostname: 'hal-mbp-2024',
      platform: 'Darwin',
      schema: 1,
      previous: [],
    });
    expect(made.identity.install_nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.keys(made.identity.components).sort()).toEqual([
      'cpu',
      'hw_uuid',
      'mac_hash',
      'model',
      'serial_hash',
    ]);
    expect(world.onDisk()).toEqual(made.identity);
    if (process.platform !== 'win32') expect(fs.statSync(world.file).mode & 0o777).toBe(0o600);
    const probes = world.computer.probes;
    expect(await world.ensure()).toMatchObject({ outcome: 'kept', identity: made.identity });
    expect(world.computer.probes).toBe(probes);
  });

  it('writes no raw serial number: the one raw part is hashed too', async () => {
    await world.ensure();
    expect(fs.readFileSync(world.file, 'utf8')).not.toContain('5A2F4C81');
  });

  it('is won by one of many at once, and all agree', async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, () => initIdentity(world.deps, { mode: 'ensure' })),
    );
    const nonces = all.map((report) => unwrap(report).identity.install_nonce);
    expect(new Set(nonces).size).toBe(1);
    expect(all.filter((report) => unwrap(report).outcome === 'created')).toHaveLength(1);
    expect(world.present()).toEqual(['machine-id.json']);
  });

  it('lets chance decide where the hardware tells nothing apart, and says so', async () => {
    world.computer.parts = [{ key: 'cpu', value: 'x86_64' }];
    const one = await world.ensure();
    fs.rmSync(world.file);
    const other = await world.ensure();
    expect(one.identity.machine_uuid).not.toBe(other.identity.machine_uuid);
    expect(one.identity.salt).toMatch(/^[0-9a-f]{16}$/);
    expect(one.notices.join()).toContain('chance');
    expect(deriveUuid(world.computer.parts, world.deps.bytes, one.identity.salt).uuid).toBe(
      one.identity.machine_uuid,
    );
  });

  it('asks a failing probe twice, goes on, and names what failed', async () => {
    world.computer.parts = MAC.slice(0, 1);
    world.computer.problems = ['serial_hash: ioreg did not answer in 5000 ms'];
    const made = await world.ensure();
    expect(world.computer.probes).toBe(2);
    expect(made.notices).toEqual([expect.stringContaining('ioreg did not answer')]);
  });

  it('computes the same again when the file is lost, and takes a new nonce', async () => {
    const first = await world.ensure();
    fs.rmSync(world.file);
    const second = await world.ensure();
    expect(second.identity.machine_uuid).toBe(first.identity.machine_uuid);
    expect(second.identity.install_nonce).not.toBe(first.identity.install_nonce);
  });
});

describe("a file of ADR-058's script", () => {
  it('keeps its UUID and its unknown keys, and gets ours, once for all who come at once', async () => {
    fs.writeFileSync(world.file, JSON.stringify({ ...ADR_FILE, owner: { team: 'core' } }));
    expect(unwrap(await loadIdentity(world.deps.files, world.file))).toMatchObject({
      machine_uuid: MAC_UUID,
      install_nonce: '',
    });
    const all = await Promise.all(
      Array.from({ length: 4 }, () => initIdentity(world.deps, { mode: 'ensure' })),
    );
    const reports = all.map((report) => unwrap(report));
    expect(new Set(reports.map(({ identity }) => identity.install_nonce)).size).toBe(1);
    expect(reports.filter(({ outcome }) => outcome === 'completed')).toHaveLength(1);
    expect(world.onDisk()).toMatchObject({ ...ADR_FILE, owner: { team: 'core' }, schema: 1 });
  });

  it('keeps its UUID although the hardware gives another', async () => {
    fs.writeFileSync(world.file, JSON.stringify(ADR_FILE));
    world.computer.parts = OTHER_MAC;
    expect((await world.ensure()).identity.machine_uuid).toBe(MAC_UUID);
  });
});

describe('an identity that is there', () => {
  it('is never changed by a probe that fails or by other hardware', async () => {
    await world.ensure();
    const before = fs.readFileSync(world.file);
    for (const parts of [[], OTHER_MAC, MAC.slice(1)]) {
      world.computer.parts = parts;
      world.computer.problems = ['everything'];
      expect((await world.ensure()).identity.machine_uuid).toBe(MAC_UUID);
      unwrap(await identityCard(world.deps));
    }
    expect(fs.readFileSync(world.file).equals(before)).toBe(true);
  });

  it('shows on its card what matches, a renamed host and a changed part', async () => {
    await world.ensure();
    expect(unwrap(await identityCard(world.deps))).toMatchObject({
      place: 'same',
      hostnameNow: null,
      match: { matching: 5, of: 5 },
      problems: [],
    });
    world.changeNic();
    world.computer.hostname = 'hal-mbp-renamed';
    const card = unwrap(await identityCard(world.deps));
    expect(card).toMatchObject({
      place: 'changed',
      hostnameNow: 'hal-mbp-renamed',
      match: { matching: 4, of: 5 },
    });
    expect(card.match.states).toContainEqual({ name: 'mac_hash', state: 'changed' });
    const accepted = unwrap(await acceptMachineFacts(world.deps));
    expect(accepted.machine_uuid).toBe(MAC_UUID);
    expect(unwrap(await identityCard(world.deps))).toMatchObject({ place: 'same', hostnameNow: null });
  });

  it('keeps the record of a part that cannot be read when facts are accepted', async () => {
    const { identity } = await world.ensure();
    world.computer.parts = MAC.slice(1);
    world.computer.problems = ['hw_uuid: ioreg failed'];
    expect(unwrap(await acceptMachineFacts(world.deps)).components).toEqual(identity.components);
  });

  it('notices that its folder has come to another machine', async () => {
    await world.ensure();
    world.computer.parts = OTHER_MAC;
    expect(unwrap(await identityCard(world.deps)).place).toBe('elsewhere');
    world.computer.parts = MAC.slice(3);
    expect(unwrap(await identityCard(world.deps)).place).toBe('same');
  });
});

describe("a newer version's file", () => {
  it('is read, and never written by this one', async () => {
    const { identity } = await world.ensure();
    const text = Buffer.from(formatMachineIdentity({ ...identity, schema: 2, future: [1] })).toString();
    fs.writeFileSync(world.file, text);
    expect((await world.ensure()).identity).toMatchObject({ schema: 2, future: [1] });
    for (const change of [
      initIdentity(world.deps, { mode: 'new-identity' }),
      initIdentity(world.deps, { mode: 'adopt', adopt: identity.machine_uuid, claim: null }),
      acceptMachineFacts(world.deps),
    ])
      expect(await change).toMatchObject({ ok: false, error: { code: 'attention' } });
    expect(fs.readFileSync(world.file, 'utf8')).toBe(text);
  });
});

describe('deriveUuid', () => {
  it('sorts as Python does, by code point', () => {
    const [astral, high] = [
      { key: 'a\u{10000}', value: '' },
      { key: 'a\uffff', value: '' },
    ];
    const composite = 'a\uffff:|a\u{10000}:';
    expect(deriveUuid([astral, high], world.deps.bytes).hash).toBe(
      `sha256:${world.deps.bytes.sha256(new TextEncoder().encode(composite))}`,
    );
  });
});
