import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogId } from '../../shared/domain/ids.ts';
import { unwrap } from '../../shared/result.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import type { Caller } from '../core/app/app-service.ts';
import { createAppWorld, end, event, type AppWorld } from '../testing/app-world.ts';

const LOG = '2026-06-05-ana-x.md';
const WINDOW: Caller = { kind: 'window', id: '1' };

let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
});
afterEach(() => world.end());

/** Milliseconds until a word is found. */
async function findable(app: RunningApp, text: string): Promise<number> {
  const begun = Date.now();
  for (;;) {
    const { hits } = unwrap(await app.search.find({ box: 'list', text }, WINDOW));
    if (hits.length > 0) return Date.now() - begun;
    if (Date.now() - begun > 20_000) throw new Error(`${text} was not found`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('the app as it is put together', () => {
  it('finds a log seconds after another program wrote it, and no longer once it is gone', async () => {
    const app = await world.openJoined('a');
    app.start();
    world.write('a', LOG, '# Drift\n\nThe gyroscope drifts.\n');
    // Two seconds are the promise; a machine that runs other tests beside this one may take longer.
    expect(await findable(app, 'gyroscope')).toBeLessThan(15_000);
    world.write('a', LOG, '# Drift\n\nThe astrolabe drifts about.\n');
    await findable(app, 'astrolabe');
    expect(unwrap(await app.search.find({ box: 'list', text: 'gyroscope' }, WINDOW)).hits).toEqual([]);
    expect(unwrap(await app.search.status())).toMatchObject({ logs: 1, waiting: 0, error: null });
  });

  it('finds what another machine pushed after a pull of the index, and the log itself once it is pulled', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    a.start();
    b.start();
    world.write('a', LOG, '# Drift\n\nA gyroscope.\n');
    await findable(a, 'gyroscope');
    expect((await end(a, a.sync.push())).outcome).toBe('done');
    await end(b, b.sync.index());
    await findable(b, 'gyroscope');
    const [hit] = unwrap(await b.search.find({ box: 'list', text: 'gyroscope' }, WINDOW)).hits;
    expect(hit).toMatchObject({ title: 'Drift', pulled: false, host: 'host-a' });
    const pulled = await end(b, b.logs.pull({ ids: [hit?.log as LogId] }));
    expect(pulled.outcome).toBe('done');
    await event(b, 'search.changed', ({ building, waiting }) => building === null && waiting === 0);
    expect(unwrap(await b.search.find({ box: 'list', text: 'gyroscope' }, WINDOW)).hits).toMatchObject([
      { id: hit?.id, pulled: true },
    ]);
  });
});
