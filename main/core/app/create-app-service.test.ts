import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { unwrap } from '../../../shared/result.ts';
import { createRoomWorld } from '../../testing/room-world.ts';
import { createAppService } from './create-app-service.ts';

const MINUTE = 60_000;

async function world(room = createRoomWorld()) {
  const app = await createAppService(room.parts);
  const events: AppEvent[] = [];
  app.events.subscribe((event) => events.push(event));
  const write = (name: string, text: string): void => {
    const path = `${room.paths.sessionLogs}/${name}`;
    room.files.put(path, text);
    room.change([path]);
  };
  const finished = async () => unwrap(await app.sync.operations({})).finished;
  return { room, app, events, write, finished, status: async () => unwrap(await app.status.get()) };
}

describe('the app at work', () => {
  it('does nothing before it is started, and then what is due', async () => {
    const { room, app, finished } = await world();
    await room.pass(10 * MINUTE);
    expect(await finished()).toEqual([]);
    app.start();
    await room.pass(10_000);
    expect((await finished()).map(({ kind }) => kind).toSorted()).toEqual(['index', 'push']);
    await app.stop();
    expect(room.clock.waiting).toBe(0);
  });

  it('lists a log as soon as it is written, and pushes it by itself', async () => {
    const { room, app, events, write, status } = await world();
    app.start();
    await room.pass(MINUTE);
    write('2026-01-05-hal-a.md', '# A');
    await room.pass(1_500);
    expect(events).toContainEqual({
      event: 'index.changed',
      payload: expect.objectContaining({ ids: [`${room.self}/2026-01-05-hal-a.md`] }),
    });
    await room.pass(MINUTE);
    expect(events).toContainEqual({
      event: 'operation.done',
      payload: expect.objectContaining({
        cause: 'change',
        summary: expect.objectContaining({ uploaded: 1 }),
      }),
    });
    expect((await status()).pending.logs).toBe(0);
    await app.stop();
  });

  it('keeps a log for later while there is no network, and pushes it when that is back', async () => {
    const { room, app, write, status } = await world();
    app.start();
    await room.pass(MINUTE);
    room.storeFault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    write('a.md', '# A');
    await room.pass(30_000);
    expect(await status()).toMatchObject({ state: 'offline', pending: { logs: 1 }, attention: [] });
    expect((await status()).stores[0]?.retryAt).toBeGreaterThan(room.clock.now());
    room.storeFault = null;
    await room.pass(20 * MINUTE);
    expect(await status()).toMatchObject({ state: 'idle', pending: { logs: 0 } });
    await app.stop();
  });

  it('has a note of another machine announced once, in the inbox, and not again after a restart', async () => {
    const b = await world(createRoomWorld('b'));
    b.write('2026-01-05-mike-x.md', '# X\n\n## Note for hal\n\nLook at the build.\n');
    unwrap(await b.app.sync.push());
    await b.room.pass(5_000);
    const room = createRoomWorld('a', b.room.bucket);
    const a = await world(room);
    const heard: InboxNote[] = [];
    a.app.onNewNotes((notes) => heard.push(...notes));
    a.app.start();
    await room.pass(20 * MINUTE);
    expect(heard).toMatchObject([{ host: 'host-b', text: expect.stringContaining('Look at the build') }]);
    expect((await a.status()).unread).toBe(1);
    await a.app.stop();
    const again = await createAppService(room.parts);
    again.onNewNotes((notes) => heard.push(...notes));
    again.start();
    await room.pass(20 * MINUTE);
    expect(heard).toHaveLength(1);
    await again.stop();
  });

  it('stops within a second, whatever runs', async () => {
    const { room, app, write } = await world();
    room.storeFault = () => ({ kind: 'stall', when: 'before' });
    write('a.md', '# A');
    unwrap(await app.sync.push());
    await room.pass(1_000);
    const begun = room.clock.monotonic();
    await Promise.all([app.stop(), app.stop()]);
    expect(room.clock.monotonic() - begun).toBeLessThanOrEqual(1_000);
    expect(await app.logs.page({})).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('the app without a core', () => {
  it('starts all the same, says why, and works as soon as it can', async () => {
    const room = createRoomWorld();
    room.coreProblem = appError('corrupt', 'Damaged.', 'Repair it.', {
      details: { path: room.paths.machineId },
    });
    const { app, status } = await world(room);
    app.start();
    await room.pass(MINUTE);
    const { machine, attention } = await status();
    expect([machine, attention.map(({ kind }) => kind)]).toEqual([null, ['identity']]);
    expect(await app.logs.page({})).toMatchObject({ ok: false, error: { message: 'Damaged.' } });
    room.coreProblem = null;
    room.change([room.paths.machineId]);
    await room.pass(5_000);
    expect(await status()).toMatchObject({ attention: [], machine: { host: 'host-a' } });
    await app.stop();
  });
});

describe('problems', () => {
  it('are told to whoever listens, and those from before as soon as somebody does', async () => {
    const room = createRoomWorld();
    const { app, write } = await world(room);
    app.start();
    await room.pass(MINUTE);
    room.storeFault = () => ({ kind: 'fail', code: 'denied', when: 'before' });
    write('a.md', '# A');
    await room.pass(MINUTE);
    const told: string[] = [];
    app.onProblems((items) => told.push(...items.map(({ kind }) => kind)));
    expect(told).toEqual(['denied']);
    unwrap(await app.sync.push());
    await room.pass(MINUTE);
    expect(told).toEqual(['denied']);
    await app.stop();
  });
});
