import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { readSyncJournal, type SyncMark } from '../status/sync-journal.ts';
import { problemOf } from './outcome.ts';
import { push } from './push.ts';

const DAY = 'SESSION-LOG-2026-01-06.md';

let world: TestWorld;
let a: TestMachine;
beforeEach(async () => {
  world = createTestWorld();
  a = world.machine('a');
  await a.write(DAY, 'one\ntwo\n');
});
afterEach(() => world.end());

async function recorded(): Promise<SyncMark> {
  const { files, store } = a.deps;
  return unwrap(await readSyncJournal(files, a.paths.schedule, store.url)).marks.push;
}

describe('push', () => {
  it('records that all is done', async () => {
    expect(allDone(await push(a.base)).uploaded).toHaveLength(1);
    expect(await recorded()).toMatchObject({ success: expect.any(Number) as number, failure: null });
    expect((await recorded()).success).toBeGreaterThan(0);
  });

  it('records why it could not begin, and forgets it with the next success', async () => {
    a.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const refused = await push(a.base);
    expect(refused.ok).toBe(false);
    expect(problemOf(refused)?.code).toBe('offline');
    expect(await recorded()).toMatchObject({ success: 0, failure: { code: 'offline' } });
    a.fault = null;
    allDone(await push(a.base));
    expect((await recorded()).failure).toBeNull();
  });

  it('reports what was done beside what was not, and records the problem', async () => {
    allDone(await push(a.base));
    await a.write(DAY, 'one\n');
    await a.write('2026-01-07-mike-more.md', '# More\n');
    const pushed = await push(a.base);
    expect(problemOf(pushed)?.code).toBe('partial');
    expect(problemOf(pushed)?.details).toBeUndefined();
    expect(reportOf(pushed)).toMatchObject({
      uploaded: [{ path: '2026-01-07-mike-more.md' }],
      attention: [DAY],
    });
    expect((await recorded()).failure).toMatchObject({ code: 'partial' });
  });

  it('records nothing of a run that a person stopped, nor of a trial', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(problemOf(await push(a.base, { signal: stop.signal }))?.code).toBe('cancelled');
    expect(allDone(await push(a.base, { dryRun: true })).uploaded).toHaveLength(1);
    expect(await recorded()).toEqual({ success: 0, failure: null });
  });

  it('records nothing when another sync runs', async () => {
    unwrap(await a.deps.files.makeFolder(a.paths.state));
    const held = unwrap(
      await a.deps.locks.acquire({ path: a.paths.syncLock, command: 'full sync', waitMs: 0 }),
    );
    expect(problemOf(await push(a.base, { waitMs: 20 }))?.code).toBe('lock-held');
    expect(await recorded()).toEqual({ success: 0, failure: null });
    await held.release();
  });
});
