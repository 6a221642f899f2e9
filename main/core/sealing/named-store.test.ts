import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import { drillStore } from '../workflows/drill-store.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { push } from '../workflows/push.ts';
import { removeMachine } from '../workflows/team-machines.ts';
import { verify } from '../workflows/verify.ts';

const [ONE, TWO] = ['clients/acme-canary/2026-11-01-mike-merger.md', '2026-11-02-mike-canary.md'];

let world: SealedWorld;
let a: SealedMachine;
let b: SealedMachine;

beforeEach(async () => {
  world = createSealedWorld({ hidesNames: true });
  [a, b] = [world.machine('a'), world.machine('b')];
  await a.write(ONE, '# One\n\nthe first\n');
  await a.write(TWO, '# Two\n\nthe second\n');
  await seal(a);
  await letIn(a, b);
});
afterEach(() => world.end());

const inBucket = (): string[] => [...world.bucket.objects.keys()];
const partition = (): string => a.sealing.sync.layout.partition(a.deps.self.uuid);
const ofLogs = (): string[] =>
  inBucket().filter((name) => name.startsWith(partition()) && !name.endsWith('machine-id.json'));
const pushed = async (machine = a) => unwrap(await push(machine.sealing));

describe('a store that hides names', () => {
  it('shows no path of a log, and a colleague reads them all', async () => {
    expect(ofLogs()).toHaveLength(2);
    expect(inBucket().join('\n')).not.toMatch(/canary|acme|merger|2026-11-0/);
    expect(unwrap(await readLog(b, a, ONE))).toBe('# One\n\nthe first\n');
    await b.write('clients/beta-canary/x.md', '# Of b\n');
    await pushed(b);
    expect(inBucket().join('\n')).not.toContain('canary');
    expect(unwrap(await readLog(a, b, 'clients/beta-canary/x.md'))).toBe('# Of b\n');
  });

  it('makes names as docs/sealing.md says, for who has the key and no program', async () => {
    const { secret } = unwrap(await a.sealing.sealing.deps.keyring.newest())!;
    const key = createHmac('sha256', secret).update('names of objects, 1').digest('hex');
    const digest = createHmac('sha256', key).update(`${partition()}${ONE}`).digest('hex');
    expect(ofLogs()).toContain(`${partition()}${digest.slice(0, 2)}/${digest.slice(2, 40)}`);
  });

  it('is grown, edited, kept, verified and drilled as any other', async () => {
    await a.write(ONE, '# One\n\nthe first\n\nand more\n');
    await a.write(TWO, '# Another\n');
    expect((await pushed()).problem).toBeNull();
    expect(ofLogs().filter((name) => /\.gen-\d+$/.test(name))).toHaveLength(1);
    expect(unwrap(await verify(a.restarted().sealing, { deep: true })).report.problems).toEqual([]);
    expect(unwrap(await drillStore(a.sealing as never, 5))).toMatchObject({
      report: { failed: [], proved: 2 },
    });
    expect(unwrap(await readLog(b, a, TWO))).toBe('# Another\n');
  });

  it('is found again by a machine that lost its state, or its logs, without a second upload', async () => {
    rmSync(a.paths.state, { recursive: true });
    const before = ofLogs();
    const again = a.restarted();
    expect((await pushed(again)).report).toMatchObject({ uploaded: [], unchanged: 2, failed: [] });
    expect(ofLogs()).toEqual(before);
    await rm(join(a.paths.sessionLogs, ONE));
    unwrap(await fullSync(again.sealing, FOR_MIKE));
    expect(await readFile(join(a.paths.sessionLogs, ONE), 'utf8')).toBe('# One\n\nthe first\n');
  });

  it('keeps its names when somebody leaves and everything is sealed anew', async () => {
    const before = ofLogs().sort();
    unwrap(await removeMachine(a.sealing, b.deps.self.hostname));
    const report = await seal(a);
    expect(report).toMatchObject({ epoch: 2, waiting: 0, failed: [] });
    expect(ofLogs().sort()).toEqual(before);
    expect(unwrap(await verify(a.restarted().sealing, { deep: true })).report.problems).toEqual([]);
  });

  it('stays so when the setting is taken back: names are never shown again', async () => {
    world.hideNames(false);
    await a.write('2026-11-03-mike-canary.md', '# Three\n');
    await pushed(a.restarted());
    expect(inBucket().join('\n')).not.toContain('canary');
  });

  it('is written by nobody else: a mark that no member sealed hides no names', async () => {
    const mark = b.sealing.sealing.deps.keyring.names.hiddenMark(b.deps.self.uuid);
    world.hideNames(false);
    world.bucket.plant(mark, new TextEncoder().encode('{"epoch":1}'), {
      crc32c: '',
    });
    await b.write('2026-11-04-of-b.md', '# Of b\n');
    await pushed(b.restarted());
    expect(inBucket()).toContain(`${b.sealing.sync.layout.partition(b.deps.self.uuid)}2026-11-04-of-b.md`);
  });

  it('names what lies there under a name in the clear, and takes it for no log', async () => {
    const [name] = ofLogs();
    const { bytes, info } = world.bucket.objects.get(name!)!;
    world.bucket.plant(`${partition()}${ONE}`, bytes, { crc32c: info.crc32c, metadata: info.metadata });
    rmSync(a.paths.state, { recursive: true });
    const again = a.restarted();
    expect((await pushed(again)).report).toMatchObject({ uploaded: [], unchanged: 2, failed: [] });
    const { report } = unwrap(await verify(again.sealing, {}));
    expect(JSON.stringify(report)).toContain(`${ONE}.in-the-clear`);
  });
});

describe('names that cannot be hidden', () => {
  it.each([
    [
      'are in the store already',
      async (machine: SealedMachine) => void (await seal(machine)),
      'are in the store',
    ],
    ['would be in a store in the clear', async () => {}, 'in a sealed store only'],
  ])('stop the push when they %s, and nothing is stored', async (_, prepare, said) => {
    const other = createSealedWorld();
    try {
      const c = other.machine('c');
      await c.write(TWO, '# Two\n');
      await prepare(c);
      const before = [...other.bucket.objects.keys()];
      other.hideNames(true);
      await c.write('2026-11-05-mike-later.md', '# Later\n');
      const outcome = unwrap(await push(c.restarted().sealing));
      expect(outcome.problem).toMatchObject({
        code: 'not-configured',
        message: expect.stringContaining(said),
      });
      expect([...other.bucket.objects.keys()].filter((name) => name.endsWith('.md'))).toEqual(
        before.filter((name) => name.endsWith('.md')),
      );
    } finally {
      await other.end();
    }
  });
});
