import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { MAC, MAC_UUID, OTHER_MAC, identityWorld, type IdentityWorld } from '../../testing/identity-world.ts';
import type { HardwarePart } from '../ports/machine-probe.ts';
import { initIdentity } from './init-identity.ts';
import { loadIdentity } from './load-identity.ts';
import { onPosix } from '../../testing/only.ts';

let world: IdentityWorld;
beforeEach(() => {
  world = identityWorld();
});
afterEach(() => {
  world.remove();
});

describe('a damaged file', () => {
  it('is kept beside and restored from what it still says', async () => {
    const { identity } = await world.ensure();
    const text = fs.readFileSync(world.file, 'utf8');
    const cut = text.slice(0, text.indexOf('"hostname"'));
    fs.writeFileSync(world.file, cut);
    // The hardware is another by now, and must not be asked when the file itself proves the UUID.
    world.computer.parts = OTHER_MAC;
    expect(await loadIdentity(world.deps.files, world.file)).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    expect(fs.readFileSync(world.file, 'utf8')).toBe(cut);
    const repaired = await world.ensure();
    expect(repaired).toMatchObject({
      outcome: 'repaired',
      evidence: join(world.home, 'machine-id.json.damaged-1'),
    });
    expect(repaired.identity.machine_uuid).toBe(identity.machine_uuid);
    expect(repaired.notices.join()).toContain('damaged');
    expect(fs.readFileSync(join(world.home, 'machine-id.json.damaged-1'), 'utf8')).toBe(cut);
    expect((await world.ensure()).outcome).toBe('kept');
  });

  it('keeps the nonce when it is legible, so that the store sees no clone', async () => {
    const { identity } = await world.ensure();
    fs.writeFileSync(
      world.file,
      fs.readFileSync(world.file, 'utf8').replace('"previous"', '"previous" oops'),
    );
    expect((await world.ensure()).identity).toEqual(identity);
  });

  it('is computed again from the hardware when nothing is legible, and says so', async () => {
    await world.ensure();
    for (const [n, text] of ['', '\0'.repeat(400), '{"machine_', 'not json'].entries()) {
      fs.writeFileSync(world.file, text);
      const repaired = await world.ensure();
      expect(repaired.identity.machine_uuid).toBe(MAC_UUID);
      expect(repaired.notices.join()).toContain('from the hardware');
      expect(fs.readFileSync(join(world.home, `machine-id.json.damaged-${n + 1}`), 'utf8')).toBe(text);
    }
  });

  it('is left alone when nothing proves the UUID, with the commands that decide', async () => {
    const { identity } = await world.ensure();
    const onlyUuid = `{"machine_uuid": "${identity.machine_uuid}", "hardw`;
    const cases: [string, readonly HardwarePart[], readonly string[]][] = [
      [onlyUuid, OTHER_MAC, []],
      ['', MAC.slice(0, 3), ['serial_hash: failed']],
      ['', [{ key: 'cpu', value: 'arm' }], []],
    ];
    for (const [text, parts, problems] of cases) {
      fs.writeFileSync(world.file, text);
      Object.assign(world.computer, { parts, problems });
      const refused = await initIdentity(world.deps, { mode: 'ensure' });
      expect(refused).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      expect(refused.ok ? '' : refused.error.remedy).toMatch(/--adopt .* --new-identity/);
      expect(fs.readFileSync(world.file, 'utf8')).toBe(text);
      expect(world.present()).toEqual(['machine-id.json']);
    }
    // The UUID that is legible is a lead: with the same hardware it is proof.
    Object.assign(world.computer, { parts: MAC, problems: [] });
    fs.writeFileSync(world.file, onlyUuid);
    expect((await world.ensure()).identity.machine_uuid).toBe(identity.machine_uuid);
  });

  it('goes into the lineage when it is split or another is adopted', async () => {
    const { identity } = await world.ensure();
    const text = `{"machine_uuid": "${identity.machine_uuid}"`;
    fs.writeFileSync(world.file, text);
    const split = unwrap(await initIdentity(world.deps, { mode: 'new-identity' }));
    expect(split.identity.previous.map(({ machine_uuid }) => machine_uuid)).toEqual([identity.machine_uuid]);
    expect(fs.readFileSync(split.evidence ?? '', 'utf8')).toBe(text);
  });

  it('does not turn one wrong digit into another machine', async () => {
    await world.ensure();
    const text = fs.readFileSync(world.file, 'utf8');
    fs.writeFileSync(world.file, text.replace('"machine_uuid": "fb4e', '"machine_uuid": "fb4f'));
    expect(await loadIdentity(world.deps.files, world.file)).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
  });

  it('is restored where one digit of the UUID is wrong and the hardware is that of its hash', async () => {
    const { identity } = await world.ensure();
    const text = fs.readFileSync(world.file, 'utf8');
    const wrong = text.replace('"machine_uuid": "fb4e', '"machine_uuid": "fb4f');
    expect(wrong).not.toBe(text);
    fs.writeFileSync(world.file, wrong);
    const repaired = await world.ensure();
    expect(repaired.outcome).toBe('repaired');
    expect(repaired.identity.machine_uuid).toBe(identity.machine_uuid);
    // On other hardware nothing says which of the two is right; a person does, and is not refused.
    Object.assign(world.computer, { parts: OTHER_MAC, problems: [] });
    fs.writeFileSync(world.file, wrong);
    expect(await initIdentity(world.deps, { mode: 'ensure' })).toMatchObject({ ok: false });
    const adopt = { mode: 'adopt', adopt: identity.machine_uuid, claim: null } as const;
    expect(unwrap(await initIdentity(world.deps, adopt)).identity.machine_uuid).toBe(identity.machine_uuid);
  });

  onPosix.it('that is a link or a folder is refused as it is', async () => {
    fs.mkdirSync(world.file);
    expect(await initIdentity(world.deps, { mode: 'ensure' })).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    fs.rmdirSync(world.file);
    fs.symlinkSync('/nowhere', world.file);
    expect(await initIdentity(world.deps, { mode: 'ensure' })).toMatchObject({ ok: false });
    expect(fs.lstatSync(world.file).isSymbolicLink()).toBe(true);
  });
});
