import { describe, expect, it } from 'vitest';
import type { LogId } from '../../../../shared/domain/ids.ts';
import { unwrap } from '../../../../shared/result.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { refreshLocal } from '../../workflows/refresh-local.ts';
import { createIndexWatch } from './index-watch.ts';

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present } = rooms;
  const index = createIndexWatch(present, bus);
  const write = async (name: string): Promise<void> => {
    room.files.put(`${room.paths.sessionLogs}/${name}`, `# ${name}`);
    unwrap(await refreshLocal(room.core().sync));
  };
  return { ...rooms, room, index, write, told: newsOf(bus, 'index.changed') };
}

describe('the watch of the index', () => {
  it('tells of another version once, whoever wrote it', async () => {
    const { bus, index, write, told } = await world();
    await index.check();
    const before = index.version;
    await write('a.md');
    await bus.emit('index.touched', null);
    await bus.emit('index.touched', null);
    expect(index.version).toBeGreaterThan(before);
    expect(told.slice(1)).toEqual([{ version: index.version, ids: null }]);
  });

  it('names the logs where they are known and few, and else asks pages to look at everything', async () => {
    const { room, index, write, told } = await world();
    const id = `${room.self}/a.md` as LogId;
    await write('a.md');
    await index.check([id]);
    await write('b.md');
    await index.check([]);
    await write('c.md');
    await index.check(Array.from({ length: 101 }, (_, n) => `${room.self}/${n}.md` as LogId));
    expect(told.map(({ ids }) => ids)).toEqual([[id], null, null]);
  });

  it('knows of no version while there is no core', async () => {
    const { room, bus, present, index, told } = await world();
    room.coreProblem = { code: 'io', message: 'x', remedy: 'y', transient: false };
    await bus.emit('core.opened', await present.reopen());
    expect([index.version, told]).toEqual([0, []]);
  });
});
