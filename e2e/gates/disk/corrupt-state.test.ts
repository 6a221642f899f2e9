import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, unwrap } from '../../../shared/result.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { replaceNow } from '../../../main/adapters/disk/node-files.ts';
import { createJsonSettings } from '../../../main/adapters/settings/json-settings.ts';
import { initIdentity } from '../../../main/core/machine/init-identity.ts';
import { loadIdentity } from '../../../main/core/machine/load-identity.ts';
import { howOften } from '../../../main/testing/how-often.ts';
import { identityWorld, MAC_UUID, type IdentityWorld } from '../../../main/testing/identity-world.ts';

/**
 * machine-id.json and settings.json, cut at every byte and with every bit flipped: the program starts, says what it found, and
 * never writes over what it could not read, unless it has kept it and can prove the new content. `npm test` takes every fifth byte and
 * every eleventh bit, which in turn is each of the eight; `npm run test:deep` takes all of them.
 */
const BYTES = howOften(5, 1);
const BITS = howOften(11, 1);
let world: IdentityWorld;
let deps: IdentityWorld['deps'];
beforeEach(() => {
  world = identityWorld();
  // Nobody contends here, and 1,500 real locks would only take time; they have gates of their own.
  const locks = {
    acquire: async () => ok({ fence: async () => ok(undefined), release: async () => 'released' as const }),
    status: async () => ok(null),
  };
  deps = { ...world.deps, locks };
});
afterEach(() => {
  world.remove();
});

const flip = (bytes: Buffer, bit: number): Buffer => {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
};

async function ensureKeepsTheTruth(damaged: Buffer): Promise<string> {
  for (const name of world.present()) fs.rmSync(join(world.home, name));
  fs.writeFileSync(world.file, damaged);
  const report = await initIdentity(deps, { mode: 'ensure' });
  const kept = [world.file, `${world.file}.damaged-1`]
    .filter((path) => fs.existsSync(path))
    .some((path) => fs.readFileSync(path).equals(damaged));
  if (!report.ok) {
    expect(report.error.code).toBe('corrupt');
    expect(report.error.remedy).toContain('--adopt');
    expect(fs.readFileSync(world.file).equals(damaged)).toBe(true);
    return 'refused';
  }
  expect(report.value.identity.machine_uuid).toBe(MAC_UUID);
  if (report.value.outcome !== 'completed') expect(kept).toBe(true);
  if (report.value.outcome === 'repaired') expect(report.value.notices.join()).toContain('was damaged');
  return report.value.outcome;
}

describe('machine-id.json', () => {
  it('cut anywhere gives the same machine again, or says that it cannot', async () => {
    await world.ensure();
    const whole = fs.readFileSync(world.file);
    const outcomes: Record<string, number> = {};
    for (let length = 0; length < whole.length; length += BYTES) {
      const outcome = await ensureKeepsTheTruth(whole.subarray(0, length));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.log(
      `machine-id.json cut at ${Math.ceil(whole.length / BYTES)} places: ${JSON.stringify(outcomes)}`,
    );
    expect(outcomes['repaired']).toBeGreaterThan(whole.length / BYTES - 10);
  });

  it('with any bit flipped is never taken for another machine, and reading changes nothing', async () => {
    await world.ensure();
    const whole = fs.readFileSync(world.file);
    let found = 0;
    for (let bit = 0; bit < whole.length * 8; bit += BITS) {
      const damaged = flip(whole, bit);
      fs.writeFileSync(world.file, damaged);
      const loaded = await loadIdentity(deps.files, world.file);
      if (loaded.ok) expect(loaded.value.machine_uuid, `bit ${bit}`).toBe(MAC_UUID);
      else {
        found += 1;
        expect(loaded.error.code).toBe('corrupt');
      }
      expect(fs.readFileSync(world.file).equals(damaged)).toBe(true);
    }
    console.log(`machine-id.json: ${found} of ${Math.ceil((whole.length * 8) / BITS)} flipped bits noticed`);
    expect(found).toBeGreaterThan(whole.length / BITS);
  });

  it('with a bit of any byte flipped is repaired or refused, and the damaged bytes stay', async () => {
    await world.ensure();
    const whole = fs.readFileSync(world.file);
    const outcomes: Record<string, number> = {};
    for (let byte = 0; byte < whole.length; byte += BYTES) {
      const outcome = await ensureKeepsTheTruth(flip(whole, byte * 8 + (byte % 7)));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.log(
      `machine-id.json, a bit of each of ${Math.ceil(whole.length / BYTES)} bytes: ${JSON.stringify(outcomes)}`,
    );
    expect(outcomes['repaired']).toBeGreaterThan(0);
  });
});

describe('settings.json', () => {
  const store = () => createJsonSettings(world.home, replaceNow);
  const path = (): string => join(world.home, 'settings.json');

  it('cut anywhere is reported, not emptied', () => {
    unwrap(store().set(DEFAULT_SETTINGS));
    const whole = fs.readFileSync(path());
    for (let length = 0; length < whole.length; length += BYTES) {
      const cut = whole.subarray(0, length);
      fs.writeFileSync(path(), cut);
      const got = store().get();
      // Only the last line end may be missing.
      expect(got.ok, `${length} bytes`).toBe(length === whole.length - 1);
      if (!got.ok) {
        expect(got.error).toMatchObject({ code: 'corrupt' });
        expect(store().set(DEFAULT_SETTINGS)).toMatchObject({ ok: false });
      }
      expect(fs.readFileSync(path()).equals(cut)).toBe(true);
    }
  });

  it('with any bit flipped gives settings or a report, and reading changes nothing', () => {
    unwrap(store().set(DEFAULT_SETTINGS));
    const whole = fs.readFileSync(path());
    for (let bit = 0; bit < whole.length * 8; bit += BITS) {
      const damaged = flip(whole, bit);
      fs.writeFileSync(path(), damaged);
      const got = store().get();
      if (!got.ok) expect(got.error.code).toBe('corrupt');
      expect(fs.readFileSync(path()).equals(damaged)).toBe(true);
    }
  });
});

describe('the two swapped, or one gone', () => {
  it('each is reported for what it is', async () => {
    await world.ensure();
    unwrap(createJsonSettings(world.home, replaceNow).set(DEFAULT_SETTINGS));
    const settings = join(world.home, 'settings.json');
    const [one, two] = [fs.readFileSync(world.file), fs.readFileSync(settings)];
    fs.writeFileSync(world.file, two);
    fs.writeFileSync(settings, one);
    expect(await loadIdentity(deps.files, world.file)).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    // An identity is an object with a schema and without settings: all defaults, and its keys are kept when they are saved.
    unwrap(createJsonSettings(world.home, replaceNow).set(DEFAULT_SETTINGS));
    expect(JSON.parse(fs.readFileSync(settings, 'utf8'))).toMatchObject({
      machine_uuid: MAC_UUID,
      schema: 1,
    });
    const repaired = await initIdentity(deps, { mode: 'ensure' });
    expect(unwrap(repaired)).toMatchObject({ outcome: 'repaired', identity: { machine_uuid: MAC_UUID } });
    fs.rmSync(settings);
    expect(unwrap(createJsonSettings(world.home, replaceNow).get())).toEqual(DEFAULT_SETTINGS);
  });
});
