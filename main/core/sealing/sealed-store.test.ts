import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { unwrap } from '../../../shared/result.ts';
import {
  createSealedWorld,
  letIn,
  readLog,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../testing/sealed-world.ts';
import { FOR_MIKE } from '../../testing/sync-world.ts';
import { problemOf } from '../workflows/outcome.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { pullIndex } from '../workflows/pull-index.ts';
import { push } from '../workflows/push.ts';
import { verify } from '../workflows/verify.ts';

const [ONE, TWO] = ['2026-11-01-mike-one.md', '2026-11-02-mike-two.md'];

let world: SealedWorld;
let a: SealedMachine;
let b: SealedMachine;

beforeEach(async () => {
  world = createSealedWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
  await a.write(ONE, '# One\n\nthe first\n');
  await a.write(TWO, '# Two\n\nthe second\n');
  unwrap(await push(a.sealing));
  await seal(a);
  await letIn(a, b);
});
afterEach(() => world.end());

const nameOf = (path: string): string => a.sealing.sync.layout.log(a.deps.self.uuid, path as never);
const stored = (path: string) => {
  const object = world.bucket.objects.get(nameOf(path));
  if (object === undefined) throw new Error(`${path} is not stored`);
  return object;
};

/** Puts bytes there as a stranger with rights to the bucket would. */
function plant(path: string, bytes: Uint8Array, metadata = stored(path).info.metadata): void {
  world.bucket.plant(nameOf(path), bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata });
}

async function refused(path: string, why: string): Promise<void> {
  const read = await readLog(b.restarted(), a, path);
  expect(read).toMatchObject({
    ok: false,
    error: { code: 'corrupt', message: expect.stringContaining(why) },
  });
  expect(read.ok ? '' : read.error.remedy).toContain('session-log');
  const problems = unwrap(await verify(a.restarted().sealing, { deep: true })).report.problems;
  expect(problems.map(({ log }) => log)).toContain(`${a.deps.self.uuid}/${path}`);
}

describe('an object of a sealed store', () => {
  it.each([0, 30, 200, 460, -1])('that was changed at byte %i is not taken', async (at) => {
    const bytes = stored(ONE).bytes.slice();
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    plant(ONE, bytes);
    await refused(ONE, 'is cut or was changed');
  });

  it.each([0, 20, 300, 1])('that was cut (%i bytes from its end or start) is not taken', async (at) => {
    const { bytes } = stored(ONE);
    plant(ONE, at === 1 ? bytes.subarray(0, -1) : bytes.subarray(0, at));
    await refused(ONE, 'is cut or was changed');
  });

  it('that was exchanged with another is not taken, with or without what stands beside it', async () => {
    const [one, two] = [stored(ONE), stored(TWO)];
    plant(ONE, two.bytes, two.info.metadata);
    await refused(ONE, 'the two were exchanged');
    plant(ONE, two.bytes, one.info.metadata);
    await refused(ONE, 'the two were exchanged');
  });

  it('that is an older version of itself is not taken for the one that the index names', async () => {
    const older = stored(ONE);
    await a.write(ONE, '# One\n\nthe first\n\nand more\n');
    unwrap(await push(a.sealing));
    plant(ONE, older.bytes, older.info.metadata);
    const read = await readLog(b.restarted(), a, ONE);
    expect(read).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });

  it('in the clear is not taken from a machine whose objects are sealed', async () => {
    plant(ONE, new TextEncoder().encode('# Another\n'), {});
    await refused(ONE, 'lies in the clear in a sealed store');
  });

  it('sealed by somebody who has only the public key is not taken', async () => {
    const { recipient } = unwrap(await a.sealing.sealing.deps.keyring.newest()) ?? { recipient: '' };
    plant(ONE, await world.age.seal(new TextEncoder().encode('# Forged\n'), [recipient]));
    await refused(ONE, 'was not sealed by a member of the team');
  });

  it('is read all the same when a copy of the bucket lost what stands beside it', async () => {
    plant(ONE, stored(ONE).bytes, {});
    expect(unwrap(await readLog(b, a, ONE))).toBe('# One\n\nthe first\n');
  });

  it('is refused with the way in by a machine that has no key, and nothing is written there', async () => {
    const c = world.machine('c');
    const read = await readLog(c, a, ONE);
    expect(read).toMatchObject({ ok: false, error: { code: 'denied', action: 'session-log machines join' } });
  });

  it('that is sealed where no machine has a key is not taken', async () => {
    const { bytes, info } = stored(ONE);
    const others = createSealedWorld();
    const [old, reader] = [others.machine('a'), others.machine('b')];
    await old.write(ONE, '# One\n\nthe first\n');
    unwrap(await push(old.sealing));
    others.bucket.plant(info.name, bytes, { crc32c: info.crc32c, metadata: info.metadata });
    const read = await readLog(reader, old, ONE);
    await others.end();
    expect(read).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });

  it('that is an older index of a machine is noticed, and what is known stands until that machine publishes again', async () => {
    const head = a.sealing.sync.layout.head(a.deps.self.uuid);
    const pulled = async () => unwrap(await pullIndex(b.restarted().sealing, FOR_MIKE));
    await pulled();
    const older = world.bucket.objects.get(head);
    await a.write('2026-11-12-new.md', '# New\n');
    unwrap(await push(a.sealing));
    await pulled();
    const known = unwrap(await b.deps.index.entries(a.deps.self.uuid)).length;
    if (older === undefined) throw new Error('no head');
    const { crc32c: crc, metadata } = older.info;
    world.bucket.plant(head, older.bytes, { crc32c: crc, metadata });
    expect((await pulled()).report.failed).toMatchObject([
      {
        machine: a.deps.self.uuid,
        error: { code: 'corrupt', message: expect.stringContaining('somebody put it back') },
      },
    ]);
    expect(unwrap(await b.deps.index.entries(a.deps.self.uuid))).toHaveLength(known);
    expect(unwrap(await fullSync(a.restarted().sealing, FOR_MIKE)).report.republished).toBe(true);
    expect((await pulled()).report).toMatchObject({ failed: [], updated: [a.deps.self.uuid] });
  });

  it('is no part of a check on a machine that has no key, which says so', async () => {
    const c = world.machine('c');
    await c.write('2026-11-11-c.md', '# C\n');
    const { report, problem } = unwrap(await verify(c.sealing, { deep: true }));
    expect(report).toMatchObject({ problems: [], waiting: 1 });
    expect(report.unchecked?.message).toContain('was not checked');
    expect(report.unchecked?.remedy).toContain('session-log machines join');
    expect(problem).toMatchObject({ code: 'partial', message: report.unchecked?.message });
    expect(unwrap(await verify(b.sealing, { deep: true })).report.unchecked).toBeNull();
  });

  it('of a machine that has not moved yet is read in the clear', async () => {
    const old = world.machine('d');
    await old.write('2026-11-07-old.md', '# Old program\n');
    // As a program of before writes: past what seals.
    unwrap(await push({ ...old.base }));
    expect(unwrap(await readLog(b, old, '2026-11-07-old.md'))).toBe('# Old program\n');
  });

  it('of more than fits in memory is sealed, proved and refused when it was cut', async () => {
    const large = `# Large\n\n${'0123456789abcdef'.repeat(400_000)}\n`;
    await a.write(ONE, large);
    unwrap(await push(a.sealing));
    expect(unwrap(await verify(a.sealing, { deep: true })).report.problems).toEqual([]);
    plant(ONE, stored(ONE).bytes.subarray(0, 5_000_000));
    await refused(ONE, 'is cut or was changed');
  });
});

describe('the keys of a team', () => {
  it('are not taken from an epoch that no member began', async () => {
    const { names } = a.sealing.sealing.deps.keyring;
    const stranger = await world.age.newKey();
    const { formatEpoch } = await import('./epoch-key.ts');
    const { printOf } = await import('./key-names.ts');
    const put = (name: string, bytes: Uint8Array): void =>
      void world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)) });
    put(names.recipient(2), new TextEncoder().encode(`${stranger.recipient}\n`));
    const own = unwrap(await a.sealing.sealing.team()).self.recipient;
    const file = formatEpoch(a.sealing.sync.layout.tenant, { number: 2, ...stranger }, null);
    put(names.memberKey(2, a.deps.self.uuid, printOf(a.deps.bytes, own)), await world.age.seal(file, [own]));
    await a.write('2026-11-08-new.md', '# New\n');
    const pushed = await push(a.restarted().sealing);
    expect(problemOf(pushed)?.message).toContain('was not made by a member');
    expect([...world.bucket.objects.keys()].some((name) => name.includes('2026-11-08'))).toBe(false);
  });

  it.each(['cut', 'foreign'] as const)(
    'that are %s in the store are named, and nothing is written',
    async (how) => {
      const own = unwrap(await b.sealing.sealing.team()).self.recipient;
      const { names } = b.sealing.sealing.deps.keyring;
      const { printOf } = await import('./key-names.ts');
      const name = names.memberKey(1, b.deps.self.uuid, printOf(b.deps.bytes, own));
      const bytes = world.bucket.objects.get(name)?.bytes ?? new Uint8Array();
      const other = (await world.age.newKey()).recipient;
      const planted = how === 'cut' ? bytes.subarray(0, 100) : await world.age.seal(bytes, [other]);
      world.bucket.plant(name, planted, { crc32c: crc32cToBase64(crc32c(planted)) });
      await b.write('2026-11-09-b.md', '# B\n');
      expect(await push(b.restarted().sealing)).toMatchObject({
        ok: false,
        error: { code: 'corrupt', action: 'session-log machines join' },
      });
      expect([...world.bucket.objects.keys()].some((object) => object.includes('2026-11-09'))).toBe(false);
    },
  );

  it('are asked for nothing that leaves in the clear: a machine that sealed once never writes unsealed', async () => {
    const { keyring } = a.restarted().sealing.sealing.deps;
    expect(await keyring.isSealing()).toBe(true);
    expect(await world.machine('e').sealing.sealing.deps.keyring.isSealing()).toBe(false);
    // Whoever can write to the store takes its keys away, and the copy here went bad.
    const objects = world.bucket.objects as Map<string, unknown>;
    for (const name of objects.keys()) if (name.includes('/keys/')) objects.delete(name);
    const { files, paths } = a.deps;
    for (const folder of unwrap(await files.names(paths.state)).filter((name) => name.startsWith('keys-')))
      unwrap(await files.replace(`${paths.state}/${folder}/1.age`, new Uint8Array(40)));
    const again = a.restarted();
    expect(await again.sealing.sealing.deps.keyring.isSealing()).toBe(true);
    await a.write('2026-11-10-clear.md', '# Clear\n');
    expect(problemOf(await push(again.sealing))).toMatchObject({ code: 'corrupt' });
    expect([...world.bucket.objects.keys()].some((object) => object.includes('2026-11-10'))).toBe(false);
  });
});
