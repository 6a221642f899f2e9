import { describe, expect, it } from 'vitest';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { enqueue } from '../../agent-hooks/queue.ts';
import { appError } from '../../../../shared/app-error.ts';
import { createDiskLook } from './disk-look.ts';

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present } = rooms;
  return {
    ...rooms,
    room,
    disk: createDiskLook(present, bus, room.parts.logger),
    looked: newsOf(bus, 'disk.looked'),
  };
}

describe('the look at this disk', () => {
  it('knows what is not pushed yet and what hooks have queued, once somebody says that it changed', async () => {
    const { bus, room, disk } = await world();
    expect(disk.facts).toMatchObject({ logs: 0, journal: null });
    room.files.put(`${room.paths.sessionLogs}/2026-01-05-hal-a.md`, '# A');
    await bus.emit('logs.changed', { ids: null });
    expect(disk.facts).toMatchObject({ logs: 1, pending: { logs: 1, bytes: 3, hooks: 0 } });
    await enqueue({ files: room.files, paths: room.paths }, { kind: 'push', at: 1 });
    await bus.emit('queue.touched', null);
    expect(disk.facts.pending.hooks).toBe(1);
  });

  it('is one for all who ask at the same moment, and one more for those who ask meanwhile', async () => {
    const { disk, looked, room } = await world();
    let reads = 0;
    room.files.fault = (call, path) => {
      if (call === 'scanLogs' && path === room.paths.sessionLogs) reads += 1;
      return null;
    };
    await Promise.all([disk.look(), disk.look(), disk.look()]);
    expect([reads, looked.length]).toEqual([1, 1]);
    const first = disk.look();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, disk.look(), disk.look()]);
    expect([reads, looked.length]).toEqual([3, 2]);
  });

  it('keeps what it knew when the disk does not answer, and says so in the app log', async () => {
    const { disk, room } = await world();
    room.files.put(`${room.paths.sessionLogs}/a.md`, '# A');
    await disk.look();
    room.files.fault = (call) => (call === 'scanLogs' ? appError('io', 'The disk is ill.', 'Wait.') : null);
    await disk.look();
    expect(disk.facts.logs).toBe(1);
    expect(room.logged).toEqual([expect.stringContaining('The disk is ill.')]);
  });
});
