import { describe, expect, it } from 'vitest';
import { changeSettings, createRoomWorld, openRooms } from '../../../testing/room-world.ts';
import { createDiskLook } from '../status/disk-look.ts';
import { createTreeMemory } from '../status/tree-memory.ts';
import { createAutoSync } from './auto-sync.ts';
import { createPauses } from './pauses.ts';

const HOUR = 3_600_000;

async function world(room = createRoomWorld()) {
  const rooms = await openRooms(room);
  const { bus, present, settings } = rooms;
  const { files, clock, random, power, logger } = room.parts;
  const disk = createDiskLook(present, bus, logger);
  const trees = createTreeMemory(files, '/state/workspaces.json');
  const auto = createAutoSync({ clock, random, power, settings, disk, trees, bus });
  return { ...rooms, room, auto, pauses: createPauses({ ...room.parts, auto, settings }) };
}

describe('a pause that a person asked for', () => {
  it('ends after an hour, at six in the morning of the time zone, or when it is lifted', async () => {
    const rooms = await world();
    const { room, auto, pauses } = rooms;
    const now = room.clock.now();
    await pauses.pause('hour');
    expect(auto.paused?.until).toBe(now + HOUR);
    await pauses.pause('tomorrow');
    expect(auto.paused?.until).toBe(Date.UTC(2026, 0, 6, 6));
    await changeSettings(rooms, { app: { timeZone: 'America/New_York' } });
    await pauses.pause('tomorrow');
    expect(auto.paused?.until).toBe(Date.UTC(2026, 0, 5, 11));
    await pauses.pause('until-resumed');
    expect(auto.paused).toMatchObject({ until: null, reason: 'asked' });
    await pauses.resume();
    expect(auto.paused).toBeNull();
  });

  it('outlives a restart, but not its end', async () => {
    const first = await world();
    await first.pauses.pause('hour');
    const second = await world(first.room);
    await second.pauses.load();
    expect(second.auto.paused?.until).toBe(first.auto.paused?.until);
    first.room.clock.jump(HOUR);
    const third = await world(first.room);
    await third.pauses.load();
    expect(third.auto.paused).toBeNull();
  });

  it('is gone with the file when it was lifted', async () => {
    const { room, pauses } = await world();
    await pauses.pause('until-resumed');
    await pauses.resume();
    const again = await world(room);
    await again.pauses.load();
    expect(again.auto.paused).toBeNull();
  });

  it('is none when its file is damaged', async () => {
    const { room, pauses, auto } = await world();
    room.files.put(room.paths.pause, '{"until":"yesterday"}');
    await pauses.load();
    expect(auto.paused).toBeNull();
  });
});
