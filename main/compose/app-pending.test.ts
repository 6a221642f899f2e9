import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import { createAppWorld, end, type AppWorld } from '../testing/app-world.ts';

const LOG = '2026-06-05-ana-x.md';

let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
});
afterEach(() => world.end());

/** Waits until the room for search has read in what was written. */
async function openTasks(app: RunningApp, wanted: number): Promise<readonly string[]> {
  const begun = Date.now();
  for (;;) {
    const { threads, open } = unwrap(await app.pending.list({}));
    if (open === wanted) return threads.flatMap(({ tasks }) => tasks.map(({ id }) => id));
    if (Date.now() - begun > 20_000) throw new Error(`${open} tasks are open`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('the app as it is put together', () => {
  it('lists tasks of a log that was just written, ticks one off and takes it back', async () => {
    const app = await world.openJoined('a');
    app.start();
    world.write('a', LOG, '# Drift\n\n## Pending\n\n- order a gyroscope\n- call Ben\n');
    const [id = ''] = await openTasks(app, 2);
    unwrap(await app.pending.mark({ tasks: [id], state: 'done' }));
    expect(unwrap(await app.pending.list({}))).toMatchObject({ open: 1, done: 1 });
    unwrap(await app.pending.mark({ tasks: [id], state: 'open' }));
    expect(unwrap(await app.pending.list({}))).toMatchObject({ open: 2, done: 0 });
  });

  it('tells what another machine pushed until it was looked at, and again when that is taken back', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    a.start();
    b.start();
    const today = new Date().toISOString().slice(0, 10);
    world.write('a', `${today}-ana-x.md`, '# Drift\n');
    expect((await end(a, a.sync.push())).outcome).toBe('done');
    await end(b, b.sync.index());
    const first = unwrap(await b.pending.news());
    expect(first.logs).toMatchObject([{ title: 'Drift', grown: false }]);
    expect(unwrap(await b.pending.looked(first.look))).toBeNull();
    expect(unwrap(await b.pending.news()).logs).toEqual([]);
    unwrap(await b.pending.looked({ upTo: first.from, seen: {} }));
    expect(unwrap(await b.pending.news()).logs).toHaveLength(1);
  });
});
