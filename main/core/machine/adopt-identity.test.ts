import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatMachineIdentity, uuidOfHash } from '../../../shared/domain/machine-identity.ts';
import { unwrap } from '../../../shared/result.ts';
import {
  ADR_FILE,
  OTHER_MAC,
  identityWorld,
  uuid,
  type IdentityWorld,
} from '../../testing/identity-world.ts';
import { checkClaim } from './claim.ts';
import { deriveUuid } from './derive-uuid.ts';
import { identityCard } from './identity-card.ts';
import { initIdentity } from './init-identity.ts';

let world: IdentityWorld;
beforeEach(() => {
  world = identityWorld();
});
afterEach(() => {
  world.remove();
});

describe('a clone', () => {
  it('becomes a machine of its own, with its lineage, again and again', async () => {
    const { identity: original } = await world.ensure();
    fs.writeFileSync(world.file, formatMachineIdentity({ ...original, note: 'kept' }));
    const split = unwrap(await initIdentity(world.deps, { mode: 'new-identity' }));
    expect(split.outcome).toBe('split');
    expect(split.identity.machine_uuid).not.toBe(original.machine_uuid);
    expect(split.identity.install_nonce).not.toBe(original.install_nonce);
    expect(split.identity['note']).toBe('kept');
    expect(split.identity.previous).toEqual([
      { machine_uuid: original.machine_uuid, until: split.identity.created, reason: expect.any(String) },
    ]);
    expect(uuidOfHash(split.identity.hardware_hash)).toBe(split.identity.machine_uuid);
    expect(world.onDisk()).toEqual(split.identity);
    const again = unwrap(await initIdentity(world.deps, { mode: 'new-identity' }));
    expect(again.identity.previous.map(({ machine_uuid }) => machine_uuid)).toEqual([
      original.machine_uuid,
      split.identity.machine_uuid,
    ]);
  });

  it('of another account of this computer has one UUID for each account, the same each time', async () => {
    const { identity: first } = await world.ensure();
    const ask = { mode: 'account' } as const;
    const one = unwrap(await initIdentity(world.deps, ask));
    expect(one.outcome).toBe('split');
    expect(one.identity.machine_uuid).not.toBe(first.machine_uuid);
    expect(one.identity.previous.map(({ machine_uuid }) => machine_uuid)).toEqual([first.machine_uuid]);
    expect(unwrap(await initIdentity(world.deps, ask))).toMatchObject({
      outcome: 'kept',
      identity: one.identity,
    });
    fs.rmSync(world.file);
    await world.ensure();
    const again = unwrap(await initIdentity(world.deps, ask));
    expect(again.identity.machine_uuid).toBe(one.identity.machine_uuid);
    const jonas = unwrap(await initIdentity({ ...world.deps, account: 'jonas' }, ask));
    expect(jonas.identity.machine_uuid).not.toBe(one.identity.machine_uuid);
  });

  it('is told by its nonce from the install that claimed the partition', async () => {
    const { identity: one } = await world.ensure();
    fs.rmSync(world.file);
    const { identity: two } = await world.ensure();
    expect(checkClaim(one, null)).toEqual({ kind: 'first' });
    expect(checkClaim(one, one)).toEqual({ kind: 'ours' });
    expect(checkClaim({ ...one, hostname: 'renamed' }, one)).toEqual({ kind: 'outdated' });
    expect(checkClaim(two, one)).toEqual({
      kind: 'clone',
      hostname: 'hal-mbp-2024',
      model: 'MacBookPro18,3',
      sameHardware: true,
    });
    expect(checkClaim(one, ADR_FILE)).toEqual({ kind: 'outdated' });
    for (const damage of [undefined, 'text', {}, [], { ...one, hardware_hash: 'sha256:x' }])
      expect(checkClaim(one, damage).kind).toBe('damaged');
    const other = deriveUuid(OTHER_MAC, world.deps.bytes);
    expect(checkClaim(one, { ...one, machine_uuid: other.uuid, hardware_hash: other.hash }).kind).toBe(
      'damaged',
    );
  });
});

describe('adoption', () => {
  it('takes an older self over after the hardware changed, and may then replace its claim', async () => {
    const { identity: old } = await world.ensure();
    fs.rmSync(world.file);
    world.changeNic();
    const { identity: drifted } = await world.ensure();
    expect(drifted.machine_uuid).not.toBe(old.machine_uuid);
    const stranger = { ...old, components: { hw_uuid: '0'.repeat(16), cpu: old.components['cpu'] } };
    const card = unwrap(
      await identityCard(world.deps, [
        { machine: old.machine_uuid, record: old },
        { machine: uuid('00000000-0000-4000-8000-000000000000'), record: stranger },
        { machine: uuid('11111111-0000-4000-8000-000000000000'), record: 'garbage' },
      ]),
    );
    expect(card.adoptable).toEqual([
      { machine: old.machine_uuid, hostname: 'hal-mbp-2024', matching: 4, of: 5 },
    ]);
    const adopted = unwrap(
      await initIdentity(world.deps, { mode: 'adopt', adopt: old.machine_uuid, claim: old }),
    );
    expect(adopted.identity).toMatchObject({
      machine_uuid: old.machine_uuid,
      hardware_hash: old.hardware_hash,
      install_nonce: drifted.install_nonce,
      succeeds: [old.install_nonce],
      previous: [{ machine_uuid: drifted.machine_uuid, reason: `adopted ${old.machine_uuid}` }],
    });
    expect(world.onDisk()).toEqual(adopted.identity);
    expect(checkClaim(adopted.identity, old)).toEqual({ kind: 'adopted' });
    // Should the old install live on after all, the alarm is now its own.
    expect(checkClaim(old, adopted.identity).kind).toBe('clone');
  });

  it('says that a reinstall is the same machine: the UUID stays, the claim may be replaced', async () => {
    const { identity: before } = await world.ensure();
    fs.rmSync(world.file);
    await world.ensure();
    const adopted = unwrap(
      await initIdentity(world.deps, { mode: 'adopt', adopt: before.machine_uuid, claim: before }),
    );
    expect(adopted.identity.machine_uuid).toBe(before.machine_uuid);
    expect(adopted.identity.previous).toEqual([]);
    expect(checkClaim(adopted.identity, before)).toEqual({ kind: 'adopted' });
  });

  it('works without the store, and says what that means', async () => {
    const adopt = uuid('12345678-0000-4000-8000-000000000000');
    const adopted = unwrap(await initIdentity(world.deps, { mode: 'adopt', adopt, claim: null }));
    expect(adopted.identity.machine_uuid).toBe(adopt);
    expect(adopted.notices.join()).toContain('no record');
    expect((await world.ensure()).outcome).toBe('kept');
  });

  it('takes over a record that cannot be read, but not one that names another machine', async () => {
    const { identity } = await world.ensure();
    const adopt = identity.machine_uuid;
    const adopted = unwrap(await initIdentity(world.deps, { mode: 'adopt', adopt, claim: { torn: true } }));
    expect(checkClaim(adopted.identity, 'still torn')).toEqual({ kind: 'adopted' });
    const other = deriveUuid(OTHER_MAC, world.deps.bytes);
    const wrong = { ...identity, machine_uuid: other.uuid, hardware_hash: other.hash };
    const before = fs.readFileSync(world.file, 'utf8');
    expect(await initIdentity(world.deps, { mode: 'adopt', adopt, claim: wrong })).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    expect(fs.readFileSync(world.file, 'utf8')).toBe(before);
  });
});
