import { describe, expect, it } from 'vitest';
import { newsOf, createRoomWorld, openRooms } from '../../../testing/room-world.ts';
import { createDataFolderWatch } from './data-folder-watch.ts';

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present } = rooms;
  const folder = createDataFolderWatch({ ...room.parts, present, bus });
  await folder.start();
  const change = (...paths: string[]): void => room.change(paths.map((path) => `${room.paths.home}/${path}`));
  return { ...rooms, room, folder, change };
}

describe('the watch of the data folder', () => {
  it('tells of a log at once, soon afterwards which ones have changed, and of a burst once a second', async () => {
    const { bus, room, folder, change } = await world();
    const [touched, changed] = [newsOf(bus, 'logs.touched'), newsOf(bus, 'logs.changed')];
    change('session-logs/2026-01-05-hal-a.md');
    expect(touched).toHaveLength(1);
    await room.pass(100);
    change('session-logs/2026-01-05-hal-b.md', 'session-logs/2026-01-05-hal-a.md');
    expect(changed).toEqual([]);
    await room.pass(50);
    expect(changed).toEqual([
      { ids: [`${room.self}/2026-01-05-hal-a.md`, `${room.self}/2026-01-05-hal-b.md`] },
    ]);
    change('session-logs/2026-01-05-hal-c.md');
    await room.pass(900);
    expect(changed).toHaveLength(1);
    await room.pass(100);
    expect(changed[1]).toEqual({ ids: [`${room.self}/2026-01-05-hal-c.md`] });
    await folder.stop();
  });

  it('does not put off what is told while files change all the time', async () => {
    const { bus, room, folder, change } = await world();
    const changed = newsOf(bus, 'logs.changed');
    for (let n = 0; n < 50; n++) {
      change('session-logs/x.md');
      await room.pass(200);
    }
    expect(changed.length).toBeGreaterThanOrEqual(8);
    await folder.stop();
  });

  it('tells of everything when too much happened to tell, and that it is not known which logs', async () => {
    const { bus, room, folder } = await world();
    const changed = newsOf(bus, 'logs.changed');
    const others = (
      ['settings.touched', 'identity.touched', 'queue.touched', 'index.touched', 'inbox.touched'] as const
    ).map((news) => newsOf(bus, news));
    room.change(null);
    await room.pass(2_000);
    expect(changed).toEqual([{ ids: null }]);
    expect(others.map((heard) => heard.length)).toEqual([1, 1, 1, 1, 1]);
    await folder.stop();
  });

  it('does not name logs that it cannot name', async () => {
    const { bus, room, folder, change } = await world();
    const changed = newsOf(bus, 'logs.changed');
    change('session-logs/2026-01');
    await room.pass(2_000);
    expect(changed).toEqual([{ ids: null }]);
    await folder.stop();
  });

  it('waits for one to be done before it tells the next', async () => {
    const { bus, room, folder, change } = await world();
    const log: string[] = [];
    bus.on('settings.touched', async () => {
      log.push('settings begin');
      await room.pass(5_000);
      log.push('settings end');
    });
    bus.on('queue.touched', () => log.push('queue'));
    change('settings.json');
    await room.pass(200);
    change('state/queue.jsonl');
    await room.pass(10_000);
    expect(log).toEqual(['settings begin', 'settings end', 'queue']);
    await folder.stop();
  });

  it('says nothing of its own files, and nothing after it was stopped', async () => {
    const { bus, room, folder, change } = await world();
    const touched = newsOf(bus, 'journal.touched');
    change('state/operations.json', 'backups/x.json');
    await room.pass(2_000);
    expect(room.clock.waiting).toBe(0);
    await folder.stop();
    change('state/schedule.json');
    await room.pass(2_000);
    expect(touched).toEqual([]);
  });
});
