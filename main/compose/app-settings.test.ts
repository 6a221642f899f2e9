import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import { replaceNow } from '../adapters/disk/node-files.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import type { Caller } from '../core/app/app-service.ts';
import { createAppWorld, end, event, idle, status, type AppWorld } from '../testing/app-world.ts';

const CALLER: Caller = { kind: 'test', id: '1' };

let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
});
afterEach(() => world.end());

describe('settings', () => {
  it('are refused by field, and nothing changes', async () => {
    const a = await world.open('a');
    const before = unwrap(await a.settings.get()).settings;
    for (const [change, field] of [
      [{ app: { timeZone: 'Mars/Base' } }, 'app.timeZone'],
      [{ store: { tenant: 'No Tenant' } }, 'store.tenant'],
      [{ store: { url: 'ftp://x' } }, 'store.url'],
      [{ store: { url: 'file:///nowhere/at/all' } }, 'store.url'],
      [{ git: { workspaces: ['relative'] } }, 'git.workspaces'],
      [{ notifications: { quietHours: '25:00-1' } }, 'notifications.quietHours'],
    ] as const)
      expect(await a.settings.set({ change: change as never })).toMatchObject({
        ok: false,
        error: { code: 'invalid-input', details: { field } },
      });
    expect(unwrap(await a.settings.get()).settings).toEqual(before);
  });

  it('that the command line changes are taken over while the app runs', async () => {
    const a = await world.open('a');
    a.start();
    await status(a, ({ schedule }) => schedule.nextPush !== null);
    await idle(a);
    const told = event(a, 'settings.changed', ({ app }) => app.theme === 'dark');
    const store = createJsonSettings(world.homeOf('a'), replaceNow);
    const settings = unwrap(store.get());
    unwrap(store.set({ ...settings, app: { ...settings.app, theme: 'dark' } }));
    await told;
    expect(unwrap(await a.settings.get()).settings.app.theme).toBe('dark');
  });

  it('come back from an export, without what this machine does not have', async () => {
    const a = await world.open('a');
    unwrap(await a.settings.set({ change: { app: { theme: 'dark' } } }));
    const { text } = unwrap(await a.settings.export(CALLER));
    const other = JSON.parse(text) as { store: object; git: object; app: object };
    const edited = JSON.stringify({
      ...other,
      store: { ...other.store, credentials: '/nowhere/key.json' },
      git: { ...other.git, workspaces: ['/nowhere/tree'] },
      app: { ...other.app, theme: 'mauve' },
    });
    const taken = unwrap(await a.settings.import({ text: edited }));
    expect(taken.leftOut).toHaveLength(3);
    expect(taken.settings).toMatchObject({
      store: { credentials: '' },
      git: { workspaces: [] },
      app: { theme: 'dark' },
    });
    for (const bad of ['', '[]', '{"schema":99}', 'null'])
      expect(await a.settings.import({ text: bad })).toMatchObject({ ok: false });
  });

  it('with another store leave nothing of the old one in the list', async () => {
    const [a, b] = [await world.openJoined('a'), await world.openJoined('b')];
    world.write('a', 'x.md', '# X');
    await end(a, a.sync.push());
    await end(b, b.sync.index());
    expect(unwrap(await b.logs.page({})).total).toBe(1);
    unwrap(await b.settings.set({ change: { store: { tenant: 'other' } } }));
    expect(unwrap(await b.logs.page({})).total).toBe(0);
  });

  it('test a store without saving it or leaving anything in it', async () => {
    const a = await world.open('a');
    const store = { tenant: 'team', credentials: '', impersonate: '', endpoint: '', sealedNames: false };
    const folder = world.store;
    const fresh = unwrap(
      await a.settings.testStore({ store: { ...store, url: pathToFileURL(folder).href } }),
    );
    expect(fresh).toMatchObject({ ok: true, machines: null });
    expect(readdirSync(folder)).toEqual([]);
    expect(
      unwrap(await a.settings.testStore({ store: { ...store, url: 'file:///nowhere/at/all' } })),
    ).toMatchObject({
      ok: false,
      steps: [
        { state: 'ok' },
        { state: 'ok' },
        { step: 'reach', state: 'failed' },
        { state: 'skipped' },
        { state: 'skipped' },
      ],
    });
    const b = await world.openJoined('b');
    world.write('b', 'x.md', '# X');
    await end(b, b.sync.push());
    expect(
      unwrap(await a.settings.testStore({ store: { ...store, url: pathToFileURL(folder).href } })),
    ).toMatchObject({ ok: true, machines: 1 });
    expect(unwrap(await a.settings.get()).settings.store.url).toBe('');
  });

  it('that are damaged do not keep the app from starting and from being repaired', async () => {
    await (await world.open('a')).stop();
    const file = join(world.homeOf('a'), 'settings.json');
    writeFileSync(file, '{"schema": 1, ');
    const a = await world.open('a');
    const now = unwrap(await a.status.get());
    expect(now).toMatchObject({
      state: 'attention',
      machine: null,
      attention: [{ kind: 'settings', answers: ['retry'] }],
    });
    expect(unwrap(await a.settings.get()).problem?.code).toBe('corrupt');
    expect(await a.logs.page({})).toMatchObject({ ok: false });
    expect(await a.settings.set({ change: { app: { theme: 'dark' } } })).toMatchObject({ ok: false });
    expect(readFileSync(file, 'utf8')).toBe('{"schema": 1, ');
    writeFileSync(file, '{"schema": 1}');
    unwrap(await a.sync.answer({ item: now.attention[0]?.id ?? '', answer: 'retry' }));
    expect(unwrap(await a.status.get())).toMatchObject({ state: 'idle', attention: [] });
    expect(unwrap(await a.logs.page({})).total).toBe(0);
  });
});
