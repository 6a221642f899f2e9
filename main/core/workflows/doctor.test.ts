import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createSealedWorld, seal } from '../../testing/sealed-world.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import type { Finding } from '../status/finding.ts';
import { push } from '../sync/push.ts';
import { doctor } from './doctor.ts';

const DAY = 'SESSION-LOG-2026-01-06.md';

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write(DAY, 'one\ntwo\n');
});
afterEach(() => world.end());

function problems(found: readonly Finding[]): readonly string[] {
  return found.filter(({ level }) => level === 'problem').map(({ subject }) => subject);
}

describe('doctor', () => {
  it('says what waits, and that nothing needs a person', async () => {
    const { report, problem } = await doctor(a.base, []);
    expect(problem).toBeNull();
    expect(report).toContainEqual({
      level: 'hint',
      subject: 'logs',
      finding: '1 log is not pushed yet',
      remedy: 'session-log sync --push',
    });
  });

  it('names both ways out of a log that was cut, and counts what needs a person', async () => {
    allDone(await push(a.deps));
    await a.write(DAY, 'one\n');
    await a.write('aux.md', 'no\n');
    const { report, problem } = await doctor(a.base, []);
    expect(problem).toMatchObject({
      code: 'attention',
      message: expect.stringMatching(/^\d things need you: /) as string,
    });
    const cut = report.find(({ subject, remedy }) => subject === DAY && remedy.includes('restore'));
    expect(cut?.remedy).toContain(`session-log restore "${DAY}"`);
    expect(cut?.remedy).toContain('--force');
    expect(problems(report)).toContain('aux.md');
  });

  it('says once that the store is out of reach, and asks it nothing more', async () => {
    a.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const { report, problem } = await doctor(a.base, []);
    expect(problems(report)).toEqual([`store ${a.deps.store.url}`]);
    expect(problem?.message).toMatch(/^One thing needs you: store /);
    expect(new Set(a.calls.map(({ operation }) => operation)).size).toBe(1);
  });

  it('says of a sealed store that this machine has no key of it, and advises no push', async () => {
    const sealed = createSealedWorld();
    try {
      await seal(sealed.machine('a'));
      const b = sealed.machine('b');
      await b.write(DAY, 'one\n');
      const { report, problem } = await doctor(b.sealing, []);
      expect(problem?.message).toContain('this machine has not been admitted');
      expect(report.filter(({ level }) => level === 'problem')).toMatchObject([
        { remedy: expect.stringContaining('session-log machines join') },
      ]);
      expect(report.find(({ subject }) => subject === 'logs')).toMatchObject({
        finding: '1 log is not pushed yet',
        remedy: '',
      });
      expect(report.map(({ remedy }) => remedy).join()).not.toContain('--push');
    } finally {
      await sealed.end();
    }
  });

  it('puts what other parts have found first', async () => {
    const other: Finding = {
      level: 'problem',
      subject: 'identity',
      finding: 'It is another.',
      remedy: 'Look.',
    };
    const { report, problem } = await doctor(a.base, [other]);
    expect(report[0]).toEqual(other);
    expect(problem).toMatchObject({
      message: 'One thing needs you: identity: It is another.',
      remedy: 'Look.',
    });
  });

  it('tells of a sync that runs', async () => {
    unwrap(await a.deps.files.makeFolder(a.paths.state));
    const held = unwrap(await a.deps.locks.acquire({ path: a.paths.syncLock, command: 'push', waitMs: 0 }));
    const { report } = await doctor(a.base, []);
    expect(report.find(({ subject }) => subject === 'lock')?.finding).toMatch(/^push of test .* is running$/);
    await held.release();
  });
});
