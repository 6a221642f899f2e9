import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { changeSettings, createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { testUuid } from '../../../testing/sync-world.ts';
import type { WorkspaceRoot } from '../../workspaces/workspace-roots.ts';
import { createIndexWatch } from './index-watch.ts';
import { createOwnRows } from './own-rows.ts';

const MINUTE = 60_000;

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present } = rooms;
  const index = createIndexWatch(present, bus);
  const { clock, logger } = room.parts;
  const rows = createOwnRows({ present, index, clock, logger, bus });
  const looks = newsOf(bus, 'workspaces.touched');
  const paths = async (): Promise<readonly string[]> =>
    unwrap(await room.core().sync.index.page({})).rows.map(({ path }) => path);
  return { ...rooms, room, rows, looks, paths, told: newsOf(bus, 'index.changed') };
}

function listed({ present }: Awaited<ReturnType<typeof world>>, root: WorkspaceRoot): void {
  if (!present.now.ok) throw new Error('no core');
  Object.assign(present.now.value.sync.surroundings, { workspaces: async () => [root] });
}

describe('this disk in the index', () => {
  it('is there as soon as a log has changed, and pages hear which', async () => {
    const { bus, room, rows, paths, told } = await world();
    room.files.put(`${room.paths.sessionLogs}/2026-01-05-hal-a.md`, '# A');
    const ids = [`${room.self}/2026-01-05-hal-a.md`] as never;
    await bus.emit('logs.changed', { ids });
    expect(await paths()).toEqual(['2026-01-05-hal-a.md']);
    expect(told.at(-1)?.ids).toEqual(ids);
    await rows.stop();
  });

  it('is looked at again after a push that stored something, which may have read it before', async () => {
    const { bus, room, rows } = await world();
    const again = newsOf(bus, 'logs.changed');
    const ended = (uploaded: number) =>
      bus.emit('run.ended', {
        kind: 'push',
        core: room.core(),
        end: { outcome: 'done', error: null, deferral: null, summary: { ...EMPTY_SUMMARY, uploaded } },
        push: null,
      });
    await ended(0);
    await room.pass(5_000);
    expect(again).toEqual([]);
    await ended(1);
    await room.pass(5_000);
    expect(again).toHaveLength(1);
    await rows.stop();
  });

  it('has the workspaces looked at every five minutes, once one is listed', async () => {
    const rooms = await world();
    const { room, rows, looks } = rooms;
    rows.workspacesSoon();
    await room.pass(30 * MINUTE);
    expect(looks).toHaveLength(1);
    listed(rooms, { root: '/w', name: 'w', machine: testUuid('e') });
    await changeSettings(rooms, { git: { workspaces: ['/w'] } });
    await room.pass(12 * MINUTE);
    expect(looks).toHaveLength(1 + 3);
    await rows.stop();
    expect(room.clock.waiting).toBe(0);
  });

  it('has them looked at after each git sync, which brings logs of others', async () => {
    const { bus, room, rows, looks } = await world();
    await bus.emit('trees.ended', { paths: ['/w'], problem: null });
    await room.pass(2_000);
    expect(looks).toHaveLength(1);
    await rows.stop();
  });

  it('says once in the app log what is wrong with a workspace', async () => {
    const rooms = await world();
    const { bus, room, rows } = rooms;
    listed(rooms, { root: '/gone', name: 'gone', machine: testUuid('e') });
    for (let n = 0; n < 3; n++) await bus.emit('workspaces.touched', null);
    expect(room.logged.filter((line) => line.includes('/gone'))).toHaveLength(1);
    await rows.stop();
  });
});
