import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import { unwrap } from '../../../shared/result.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import {
  createSealedWorld,
  letIn,
  readLog,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../testing/sealed-world.ts';
import { FOR_MIKE } from '../../testing/sync-world.ts';
import { auditStore } from './audit-store.ts';
import { pullIndex } from './pull-index.ts';
import { push } from './push.ts';
import { removeMachine } from './team-machines.ts';
import { unsealStore } from './unseal-store.ts';
import { verify } from './verify.ts';

const ONE = '2026-11-01-mike-one.md';
const TWO = '2026-11-02-mike-two.md';
const GONE = '2026-11-03-mike-gone.md';
const token = plantedSecrets(6, 1).find(({ kind }) => kind === 'npm token')?.value ?? '';
const whole = (name: string): string => `# ${name}\n\nwith ${token}\n`;
const labelled = (name: string): string => `# ${name}\n\nwith [secret: npm token, kept on host-a]\n`;

let world: SealedWorld;
let a: SealedMachine;
let b: SealedMachine;
beforeEach(async () => {
  world = createSealedWorld();
  [a, b] = [world.withholding('a'), world.machine('b')];
  await a.write(ONE, '# One\n\nCANARY\n');
  await a.write(TWO, '# Two, an earlier version\n');
  unwrap(await push(a.sealing));
  await seal(a);
  await letIn(a, b);
  await seal(b);
  // Sealed, a log leaves whole, and so does a version of it that was kept.
  await a.write(TWO, whole('Two, before'));
  await a.write(GONE, whole('Gone'));
  unwrap(await push(a.sealing));
  await a.write(TWO, whole('Two'));
  unwrap(await push(a.sealing));
  await a.deps.files.remove(join(a.paths.sessionLogs, GONE));
});
afterEach(() => world.end());

const stored = (part: string) => [...world.bucket.objects].filter(([name]) => name.includes(part));
const isSealed = ([, { info }]: ReturnType<typeof stored>[number]): boolean =>
  info.metadata['codec'] === 'age';
const ownOf = (machine: SealedMachine) =>
  stored(machine.deps.self.uuid).filter(([name]) => !name.includes('/keys/'));

/** All that lies in the store in the clear. */
function inTheClear(): string {
  return [...world.bucket.objects.values()]
    .map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
    .join('\n');
}

/** Says what is not as an unsealed machine leaves it; nothing when it is. */
async function notUnsealed(): Promise<readonly string[]> {
  const wrong = ownOf(a)
    .filter((object) => isSealed(object) && !/\.gen-\d+$/.test(object[0]))
    .map(([name]) => name);
  if (inTheClear().includes(token)) wrong.push('a secret is in the clear');
  const after = a.restarted();
  const { report } = unwrap(await verify(after.sealing, { deep: true }));
  wrong.push(...report.problems.map((problem) => JSON.stringify(problem)));
  for (const [path, text] of [
    [ONE, '# One\n\nCANARY\n'],
    [TWO, labelled('Two')],
    [GONE, labelled('Gone')],
  ] as const) {
    const read = await readLog(b.restarted(), a, path);
    if (!read.ok || read.value !== text) wrong.push(`${path} is not read: ${JSON.stringify(read)}`);
  }
  const kept = unwrap(await after.sealing.secrets.kept.all());
  for (const path of [TWO, GONE])
    if (!kept.some((one) => one.path === path && one.values[0]?.value === token))
      wrong.push(`${path} lost its value`);
  return wrong;
}

describe('what a machine has in a sealed store', () => {
  it('is in the clear on a person\u2019s word, but secrets, and versions and others stay sealed', async () => {
    expect(inTheClear()).not.toContain('CANARY');
    const others = ownOf(b).length;
    const planned = unwrap(await unsealStore(a.sealing, { dryRun: true })).report;
    expect(planned).toMatchObject({ unsealed: 0, former: [] });
    expect(ownOf(a).every(isSealed)).toBe(true);
    const { report, problem } = unwrap(await unsealStore(a.sealing, {}));
    expect([problem, report.waiting, report.staySealed, report.failed]).toEqual([null, 0, 1, []]);
    expect(report.unsealed).toBe(planned.waiting - 1);
    expect(await notUnsealed()).toEqual([]);
    expect(inTheClear()).toContain('CANARY');
    expect(ownOf(b).filter(isSealed)).toHaveLength(others);
    // A program of before sealing reads it, and nothing of the other.
    const { failed, updated } = unwrap(await pullIndex(world.machine('d').base, FOR_MIKE)).report;
    expect([failed.map(({ machine }) => machine), updated]).toEqual([[b.deps.self.uuid], [a.deps.self.uuid]]);

    await a.write('2026-11-09-mike-new.md', whole('New'));
    unwrap(await push(a.sealing));
    expect(inTheClear()).toContain(labelled('New'));
    const audit = unwrap(await auditStore({ ...b.restarted().sealing, git: {} as never } as never, 'nobody'));
    expect(audit).toMatchObject({ storesPlain: false, inTheClear: ['host-a'] });
    // What else lies beside the values is none.
    unwrap(await a.sealing.secrets.notSecrets.mark('0'.repeat(64), false));
    expect(
      unwrap(await auditStore({ ...a.restarted().sealing, git: {} as never } as never, 'nobody')),
    ).toMatchObject({ storesPlain: true, withheld: 3 });
  });

  it('is sealed again as it was, with its secrets', async () => {
    unwrap(await unsealStore(a.sealing, {}));
    await seal(a.restarted());
    expect(ownOf(a).filter((object) => !isSealed(object))).toEqual([]);
    expect(unwrap(await readLog(b.restarted(), a, TWO))).toBe(whole('Two'));
    expect(unwrap(await verify(a.restarted().sealing, { deep: true })).problem).toBeNull();
  });

  it('follows the word in a program that ran on, with no run between the two', async () => {
    const running = a.restarted();
    unwrap(await push(running.sealing));
    unwrap(await unsealStore(a.sealing, {}));
    await a.write('2026-11-09-mike-new.md', whole('New'));
    unwrap(await push(running.sealing));
    expect(await notUnsealed()).toEqual([]);
    expect(inTheClear()).toContain(labelled('New'));
    await seal(a.restarted());
    await a.write('2026-11-10-mike-newer.md', whole('Newer'));
    unwrap(await push(running.sealing));
    expect(ownOf(a).filter((object) => !isSealed(object))).toEqual([]);
  });

  it('names who was taken out and can read again', async () => {
    await letIn(a, world.machine('c'));
    unwrap(await removeMachine(a.sealing, 'host-c'));
    expect(unwrap(await unsealStore(a.sealing, { dryRun: true })).report.former).toEqual(['host-c']);
  });

  it.each(['before', 'after'] as const)(
    'goes on where it was stopped, after every single write (%s)',
    async (when) => {
      for (let cut = 1, done = false; !done; cut++) {
        let writes = 0;
        a.fault = ({ operation }) =>
          operation === 'put' && ++writes === cut ? { kind: 'fail', code: 'offline', when } : null;
        const run = await unsealStore(a.restarted().sealing, {});
        a.fault = null;
        done = run.ok && run.value.problem === null;
        expect(inTheClear(), `cut ${cut}`).not.toContain(token);
        expect(unwrap(await verify(a.restarted().sealing, { deep: true })).report.problems).toEqual([]);
        expect(cut).toBeLessThan(30);
      }
      expect(await notUnsealed()).toEqual([]);
    },
  );
});

describe('in the store of a machine that stores in the clear', () => {
  const plant = (name: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>>): void =>
    void world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata });
  const objectOf = (path: string) => stored(`/${path}`).filter(([name]) => name.endsWith('.md'))[0];

  it.each([
    ['without a proof', {}],
    ['with the proof of another', 'another'],
    ['with its proof', 'own'],
  ] as const)('an object that somebody without the key put there %s is not taken', async (_, proof) => {
    unwrap(await unsealStore(a.sealing, {}));
    const [one, two] = [objectOf(ONE), objectOf(TWO)];
    if (one === undefined || two === undefined) throw new Error('two logs');
    const metadata =
      proof === 'own' ? one[1].info.metadata : proof === 'another' ? two[1].info.metadata : proof;
    plant(one[0], new TextEncoder().encode('# One\n\nFORGED, and longer than it was before\n'), metadata);
    const reader = b.restarted();
    expect(await readLog(reader, a, ONE)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(readdirSync(reader.paths.cache, { recursive: true })).not.toContain(ONE);
  });

  it('one of more than fits in memory is proved to its end', async () => {
    await a.write(ONE, `# Large\n\n${'0123456789abcdef\n'.repeat(300_000)}`);
    unwrap(await push(a.sealing));
    unwrap(await unsealStore(a.sealing, {}));
    const [name = '', object] = objectOf(ONE) ?? [];
    const bytes = Uint8Array.from(object?.bytes ?? []);
    bytes[5_000_000] = 65;
    plant(name, bytes, object?.info.metadata ?? {});
    expect(await readLog(b, a, ONE)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    plant(name, object?.bytes ?? bytes, object?.info.metadata ?? {});
    expect(unwrap(await readLog(b, a, ONE))).toHaveLength(5_100_009);
  });
});
