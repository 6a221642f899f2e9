import { readdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf } from './outcome.ts';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { doctor } from './doctor.ts';
import { localStatus } from '../status/local-status.ts';
import { fullSync } from './full-sync.ts';
import { push } from '../sync/push.ts';
import { restoreAll } from './restore.ts';
import { verify } from './verify.ts';

const LOGS = 8;
const SAID = '8 logs that were pushed are no longer on this disk; the store keeps them.';

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  for (let n = 0; n < LOGS; n++) await a.write(`2026-01-0${n + 1}-mara-topic.md`, `# Topic ${n}\n`);
  allDone(await push(a.deps));
});
afterEach(() => world.end());

async function loseLogs(count = LOGS): Promise<void> {
  const names = (await readdir(a.paths.sessionLogs)).filter((name) => name.endsWith('topic.md')).toSorted();
  for (const name of names.slice(0, count)) await rm(`${a.paths.sessionLogs}/${name}`);
}

const here = async (): Promise<number> =>
  unwrap(await a.deps.files.scanLogs(a.paths.sessionLogs)).files.length;

describe('many own logs gone at once', () => {
  it('are a lost folder, whatever was written and pushed since', async () => {
    await loseLogs();
    await a.write('2026-02-01-mara-new.md', '# New\n');
    for (const uploaded of [1, 0]) {
      const result = await push(a.deps);
      expect(problemOf(result)).toMatchObject({ code: 'partial', message: SAID });
      const report = reportOf(result);
      expect([report.uploaded.length, report.gone.length, report.lost.length]).toEqual([uploaded, 0, LOGS]);
    }
    expect(unwrap(await localStatus(a.deps))).toMatchObject({ logs: 1, unsynced: 0, lost: LOGS });
    expect(problemOf(await verify(a.base))).toMatchObject({ message: SAID });
    const found = (await doctor(a.base, [])).report;
    expect(found.filter(({ level }) => level === 'problem')).toMatchObject([
      { finding: SAID, remedy: expect.stringContaining('session-log restore --all') as string },
    ]);
    expect(allDone(await fullSync(a.base, FOR_MIKE)).restore.restored).toHaveLength(LOGS);
    expect([await here(), allDone(await push(a.deps)).lost]).toEqual([LOGS + 1, []]);
  });

  it('come back by one command, after it said which', async () => {
    await loseLogs();
    const planned = allDone(await restoreAll(a.base, { dryRun: true }));
    expect([planned.restored.length, await here()]).toEqual([LOGS, 0]);
    const seen: number[] = [];
    const done = await restoreAll(a.base, { onProgress: (progress) => seen.push(progress.done) });
    expect(allDone(done).restored).toHaveLength(LOGS);
    expect([await here(), seen.at(-1)]).toEqual([LOGS, LOGS]);
    expect(allDone(await push(a.deps))).toMatchObject({ uploaded: [], unchanged: LOGS, lost: [] });
  });

  it('come back by it even if they count as deleted, and nothing that is here is touched', async () => {
    await loseLogs(2);
    expect(allDone(await push(a.deps)).gone).toHaveLength(2);
    await a.write('2026-01-08-mara-topic.md', '# Changed here\n');
    expect(allDone(await fullSync(a.base, FOR_MIKE)).restore.restored).toEqual([]);
    expect(allDone(await restoreAll(a.base)).restored).toHaveLength(2);
    expect(await a.read('2026-01-08-mara-topic.md')).toBe('# Changed here\n');
    expect(allDone(await push(a.deps)).unchanged).toBe(LOGS);
  });

  it('are deleted when a person says so', async () => {
    await loseLogs(5);
    expect(reportOf(await push(a.deps)).lost).toHaveLength(5);
    expect(allDone(await push(a.deps, { lost: 'deleted' })).gone).toHaveLength(5);
    expect(allDone(await push(a.deps))).toMatchObject({ unchanged: 3, gone: [], lost: [] });
    expect(allDone(await fullSync(a.base, FOR_MIKE)).restore.restored).toEqual([]);
  });
});
