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
import { beginEpoch } from '../sealing/begin-epoch.ts';
import { openTeam } from '../sealing/team.ts';
import { FOR_MIKE } from '../../testing/sync-world.ts';
import { auditStore } from './audit-store.ts';
import { drillStore } from './drill-store.ts';
import { fullSync } from './full-sync.ts';
import { pullIndex } from './pull-index.ts';
import { push } from './push.ts';
import { recoverKeys } from './recover-keys.ts';
import { keepRecovery, sealStore } from './seal-store.ts';
import { admitMachine, findRequest, joinTeam, listTeam, removeMachine } from './team-machines.ts';
import { verify } from './verify.ts';

let world: SealedWorld;
beforeEach(() => {
  world = createSealedWorld();
});
afterEach(() => world.end());

const LOG = '2026-11-01-mike-one.md';
const text = (n: number): string => `# Session ${n}\n\nCANARY-${n} ${'words of it '.repeat(200)}\n`;

/** Everything in the bucket that is no key, and is in the clear or does not open with one of the epochs. */
async function notSealed(machine: SealedMachine): Promise<readonly string[]> {
  const keys = unwrap(await machine.sealing.sealing.deps.keyring.known()).map(({ secret }) => secret);
  const found: string[] = [];
  for (const [name, { bytes }] of world.bucket.objects) {
    if (/\/keys\/(?:\d+\/recipient\.txt|\d+\/[^/]+\.age|moved\/[^/]+\.txt)$/.test(name)) continue;
    if (!(await world.age.open(bytes, keys)).ok) found.push(name);
  }
  return found;
}

async function played(): Promise<SealedMachine> {
  const a = world.machine('a');
  for (let n = 0; n < 12; n++) await a.write(`2026-1${n % 3}-0${(n % 9) + 1}-mike-${n}.md`, text(n));
  await a.write(LOG, text(99));
  unwrap(await push(a.sealing));
  await a.write(LOG, `# another beginning\n${text(99)}`);
  unwrap(await push(a.sealing));
  return a;
}

describe('a store that is sealed', () => {
  it('is plain until somebody says so, and then nothing of it is: every object opens with age and the key of the epoch', async () => {
    const a = await played();
    expect([...world.bucket.objects.keys()].some((name) => name.includes('/keys/'))).toBe(false);
    const planned = unwrap(await sealStore(a.sealing, { dryRun: true })).report;
    expect(planned).toMatchObject({ epoch: null, sealed: 0, already: 0 });
    expect(planned.waiting).toBeGreaterThan(15);
    const before = world.bucket.history.length;
    const report = await seal(a);
    expect(report).toMatchObject({ epoch: 1, waiting: 0, failed: [] });
    expect(report.recovery).toMatch(/^AGE-SECRET-KEY-1/);
    expect(report.members.map(({ name }) => name)).toEqual(['host-a', 'recovery']);
    unwrap(await fullSync(a.sealing, FOR_MIKE));
    await a.write('2026-12-01-mike-later.md', text(100));
    unwrap(await push(a.sealing));
    expect(await notSealed(a)).toEqual([]);
    const written = world.bucket.history.slice(before).filter(({ info }) => !info.name.includes('/keys/'));
    for (const { info, bytes } of written) {
      const all = Buffer.concat([bytes, Buffer.from(JSON.stringify(info.metadata))]).toString('latin1');
      expect(all.includes('CANARY'), info.name).toBe(false);
      expect(Object.keys(info.metadata).sort(), info.name).toEqual(['codec', 'epoch', 'facts']);
    }
  });

  it('is not sealed again, and a push with nothing new asks the store nothing', async () => {
    const a = await played();
    await seal(a);
    const again = await seal(a);
    expect(again).toMatchObject({ sealed: 0, waiting: 0, recovery: null });
    unwrap(await push(a.sealing));
    a.calls.length = 0;
    expect(unwrap(await push(a.sealing)).report.uploaded).toEqual([]);
    expect(a.calls).toEqual([]);
  });

  it('is verified, drilled and restored from by its keys', async () => {
    const a = await played();
    await seal(a);
    const verified = unwrap(await verify(a.sealing, { deep: true }));
    expect([verified.problem, verified.report.problems, verified.report.fetched]).toEqual([null, [], 13]);
    const drilled = unwrap(await drillStore(a.sealing as never, 5)).report;
    expect(drilled).toMatchObject({ logs: 13, proved: 5, failed: [] });
  });

  it('gets another recovery key until somebody has one', async () => {
    const a = await played();
    const recoveryOf = async (options = {}): Promise<string | null> =>
      unwrap(await sealStore(a.restarted().sealing, options)).report.recovery;
    const first = await recoveryOf();
    expect(await recoveryOf({ recoveryShown: true })).toBeNull();
    const second = await recoveryOf();
    expect([typeof first, typeof second, first === second]).toEqual(['string', 'string', false]);
    unwrap(await keepRecovery(a.sealing));
    expect(await recoveryOf()).toBeNull();
  });

  it('goes on where it was stopped, after every single write', async () => {
    const a = await played();
    const whole = unwrap(await sealStore(a.sealing, { dryRun: true })).report.waiting;
    let writes = 0;
    for (let cut = 1; ; cut++) {
      writes = 0;
      a.fault = ({ operation }) =>
        operation === 'put' && ++writes >= cut
          ? { kind: 'fail', code: 'offline', when: cut % 2 === 0 ? 'after' : 'before' }
          : null;
      const machine = a.restarted();
      const run = await sealStore(machine.sealing, {});
      a.fault = null;
      expect(unwrap(await verify(machine.sealing, { deep: true })).report.problems, `cut ${cut}`).toEqual([]);
      if (run.ok && run.value.problem === null) break;
      expect(cut).toBeLessThan(whole + 20);
    }
    expect(await notSealed(a.restarted())).not.toContain(expect.stringContaining('.md'));
    const after = a.restarted();
    await seal(after);
    expect(await notSealed(after)).toEqual([]);
  });
});

describe('a team around a sealed store', () => {
  it('three join, one leaves, one recovers', async () => {
    const [a, b, c] = [await played(), world.machine('b'), world.machine('c')];
    const { recovery } = await seal(a);
    await b.write('2026-11-02-mara-b.md', text(200));
    expect(await push(b.sealing)).toMatchObject({
      ok: false,
      error: { code: 'denied', action: 'session-log machines join' },
    });
    await letIn(a, b);
    await letIn(b, c);
    await seal(b);
    await seal(c);
    expect(unwrap(await readLog(c, a, '2026-10-01-mike-0.md'))).toBe(text(0));
    expect(unwrap(await readLog(c, b, '2026-11-02-mara-b.md'))).toBe(text(200));

    const removed = unwrap(await removeMachine(a.sealing, 'host-b'));
    expect(removed).toMatchObject({ epoch: 2, gone: { name: 'host-b' } });
    expect(removed.members.map(({ name }) => name)).toEqual(['host-a', 'host-c', 'recovery']);
    await a.write('2026-11-03-mike-new.md', text(300));
    unwrap(await push(a.sealing));
    expect(unwrap(await readLog(c.restarted(), a, '2026-11-03-mike-new.md'))).toBe(text(300));
    expect(await readLog(b.restarted(), a, '2026-11-03-mike-new.md')).toMatchObject({ ok: false });
    await b.write('2026-11-04-mara-late.md', text(400));
    expect(await push(b.restarted().sealing)).toMatchObject({
      ok: true,
      value: { problem: { code: 'denied' } },
    });

    const d = world.machine('d');
    expect(unwrap(await recoverKeys(d.sealing, recovery ?? ''))).toEqual({ epochs: 2 });
    await seal(d);
    expect(unwrap(await readLog(d, a, '2026-11-03-mike-new.md'))).toBe(text(300));
    expect(unwrap(await readLog(d, b, '2026-11-02-mara-b.md'))).toBe(text(200));
    // Sealed anew: the old ones too are closed to whoever left.
    expect(await seal(a.restarted())).toMatchObject({ epoch: 2, waiting: 0 });
    for (const [name, { info }] of world.bucket.objects)
      if (name.includes('aaaaaaaa') && !name.includes('/keys/'))
        expect(info.metadata['epoch'], name).toBe('2');
  });

  it('that is half moved is told which machines are still in the clear, until they have moved', async () => {
    const [a, d] = [await played(), world.machine('d')];
    await seal(a);
    await d.write('2026-11-07-old.md', '# Old program\n');
    // As a program of before writes: past what seals.
    unwrap(await push({ ...d.base }));
    const inTheClear = async () => {
      const { sealing } = a.restarted();
      unwrap(await pullIndex(sealing, FOR_MIKE));
      return unwrap(await auditStore({ ...sealing, git: {} as never } as never, 'nobody')).inTheClear;
    };
    expect(await inTheClear()).toEqual(['host-d']);
    await letIn(a, d);
    await seal(d);
    expect(await inTheClear()).toEqual([]);
  });

  it('a member that slept through two epochs wakes up in the third', async () => {
    const [a, b, c, d] = [await played(), world.machine('b'), world.machine('c'), world.machine('d')];
    await seal(a);
    for (const one of [b, c, d]) await letIn(a, one);
    unwrap(await removeMachine(a.sealing, 'host-c'));
    unwrap(await removeMachine(a.sealing, 'host-d'));
    await a.write('2026-11-05-mike-third.md', text(500));
    unwrap(await push(a.sealing));
    expect(unwrap(await readLog(b.restarted(), a, '2026-11-05-mike-third.md'))).toBe(text(500));
  });

  it('two members admit at once, and the newcomer is in once', async () => {
    const [a, b, c] = [await played(), world.machine('b'), world.machine('c')];
    await seal(a);
    await letIn(a, b);
    const { words } = unwrap(await joinTeam(c.sealing));
    // Both have read the words before either writes: who looks later finds nobody who asks.
    const [byA, byB] = [
      unwrap(await findRequest(a.sealing, 'host-c')),
      unwrap(await findRequest(b.sealing, 'host-c')),
    ];
    const admitted = await Promise.all([
      admitMachine(a.sealing, byA, words),
      admitMachine(b.sealing, byB, words),
    ]);
    expect(admitted.map(({ ok: isOk }) => isOk)).toEqual([true, true]);
    expect(unwrap(await listTeam(a.sealing))).toMatchObject({
      members: [{ name: 'host-a' }, { name: 'host-b' }, { name: 'host-c' }, { name: 'recovery' }],
      requests: [],
    });
    expect(unwrap(await readLog(c, a, LOG))).toContain('CANARY-99');
  });

  it('two machines begin an epoch at once: one does, the other is told and changes nothing', async () => {
    const [a, b, c, d] = [await played(), world.machine('b'), world.machine('c'), world.machine('d')];
    await seal(a);
    for (const one of [b, c, d]) await letIn(a, one);
    // Both have looked before either writes: who looks later removes in an epoch after that.
    const taking = async (one: SealedMachine, gone: string) => {
      const { sealing } = one.sealing;
      const team = unwrap(await sealing.team());
      const { newest, members } = unwrap(await openTeam(sealing.deps, team));
      const staying = members.filter(({ name }) => name !== gone);
      return () => beginEpoch(sealing.deps, team.tenant, newest, team.self, staying);
    };
    const begins = [await taking(a, 'host-c'), await taking(b, 'host-d')];
    const both = await Promise.all(begins.map((begin) => begin()));
    const done = both.filter(({ ok: isOk }) => isOk);
    expect(done.length).toBe(1);
    expect(both.find(({ ok: isOk }) => !isOk)).toMatchObject({ error: { code: 'precondition' } });
    for (const one of [a, b]) {
      await one.write('2026-11-06-both.md', text(600));
      expect(unwrap(await push(one.restarted().sealing)).problem).toBeNull();
    }
    expect(unwrap(await readLog(b.restarted(), a, '2026-11-06-both.md'))).toBe(text(600));
  });

  it.each([1, 2, 3, 4, 5, 6, 7].flatMap((cut) => [[cut, 'before'] as const, [cut, 'after'] as const]))(
    'taking a machine out is all or nothing when write %i fails (%s)',
    async (cut, when) => {
      const [a, b] = [world.machine('a'), world.machine('b')];
      await seal(a);
      await letIn(a, b);
      let writes = 0;
      a.fault = ({ operation }) =>
        operation === 'put' && ++writes === cut ? { kind: 'fail', code: 'offline', when } : null;
      const removed = await removeMachine(a.sealing, 'recovery');
      a.fault = null;
      const { members, epoch } = unwrap(await listTeam(a.restarted().sealing));
      const names = members.map(({ name }) => name);
      expect(names).toEqual(epoch === 1 ? ['host-a', 'host-b', 'recovery'] : ['host-a', 'host-b']);
      expect(removed.ok && epoch === 1).toBe(false);
      expect(unwrap(await b.restarted().sealing.sealing.deps.keyring.newest())?.number).toBe(epoch);
    },
  );

  it.each(['before', 'after'] as const)(
    'letting a machine in is repeated, whichever write fails (%s)',
    async (when) => {
      const a = await played();
      await seal(a);
      for (let cut = 1; cut <= 4; cut++) {
        const newcomer = world.machine(String.fromCodePoint('b'.codePointAt(0)! + cut));
        let writes = 0;
        a.fault = ({ operation }) =>
          operation === 'put' && ++writes === cut ? { kind: 'fail', code: 'offline', when } : null;
        await letIn(a, newcomer).catch(() => undefined);
        a.fault = null;
        const isIn = unwrap(await joinTeam(newcomer.sealing)).isMember;
        if (!isIn) await letIn(a.restarted(), newcomer.restarted());
        expect(unwrap(await readLog(newcomer.restarted(), a, LOG))).toContain('CANARY-99');
      }
    },
  );

  it('a request with a borrowed name is let in by nobody who compares the words', async () => {
    const [a, b] = [await played(), world.machine('b')];
    await seal(a);
    unwrap(await joinTeam(b.sealing));
    const { requests } = unwrap(await listTeam(a.sealing));
    const [request] = requests;
    if (request === undefined) throw new Error('nobody asks');
    const others = await world.age.words('age1another');
    expect(await admitMachine(a.sealing, request, others)).toMatchObject({
      ok: false,
      error: { code: 'denied' },
    });
    expect(unwrap(await joinTeam(b.sealing)).isMember).toBe(false);
  });

  it('a machine cannot be let in while offline, and nothing is half done', async () => {
    const [a, b] = [await played(), world.machine('b')];
    await seal(a);
    unwrap(await joinTeam(b.sealing));
    a.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect(await listTeam(a.sealing)).toMatchObject({ ok: false, error: { code: 'offline' } });
    a.fault = null;
    await letIn(a, b);
  });

  it.each(['before', 'after'] as const)(
    'a recovery that is stopped at any write is in or not, and finished by the same key (%s)',
    async (when) => {
      const [a, b] = [await played(), world.machine('b')];
      const { recovery } = await seal(a);
      await letIn(a, b);
      unwrap(await removeMachine(a.sealing, 'host-b'));
      for (let cut = 1, done = false; !done; cut++) {
        const d = world.machine('cdef01'[cut - 1] ?? '');
        let writes = 0;
        d.fault = ({ operation }) =>
          operation === 'put' && ++writes === cut ? { kind: 'fail', code: 'offline', when } : null;
        const first = await recoverKeys(d.sealing, recovery ?? '');
        d.fault = null;
        done = first.ok;
        // Two epochs, a key and a card for each.
        expect(cut).toBeLessThanOrEqual(5);
        expect(unwrap(await recoverKeys(d.restarted().sealing, recovery ?? ''))).toEqual({ epochs: 2 });
        expect(unwrap(await readLog(d.restarted(), a, LOG))).toContain('CANARY-99');
      }
    },
  );

  it.each(['', 'hunter2', `AGE-SECRET-KEY-1${'Q'.repeat(58)}`])(
    'no recovery key is taken from %j',
    async (wrong) => {
      const a = await played();
      await seal(a);
      expect(await recoverKeys(world.machine('d').sealing, wrong)).toMatchObject({
        ok: false,
        error: { code: 'invalid-input' },
      });
    },
  );

  it('the recovery key of another team is refused', async () => {
    const a = await played();
    await seal(a);
    const { secret } = await world.age.newKey();
    expect(await recoverKeys(world.machine('d').sealing, secret)).toMatchObject({
      ok: false,
      error: { code: 'denied' },
    });
  });
});
