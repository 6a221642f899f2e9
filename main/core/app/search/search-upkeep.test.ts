import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err, unwrap } from '../../../../shared/result.ts';
import type { PauseStatus } from '../../../../shared/ipc/status.ts';
import type { LogId } from '../../../../shared/domain/ids.ts';
import { changeSettings, createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { refreshLocal } from '../../workflows/refresh-local.ts';
import { createSearchUpkeep } from './search-upkeep.ts';

const PAUSE: PauseStatus = { since: 0, until: null, reason: 'battery' };

async function world() {
  const room = createRoomWorld();
  const rooms = await openRooms(room);
  const { bus, present } = rooms;
  const auto: { paused: PauseStatus | null } = { paused: null };
  const { clock, logger } = room.parts;
  const upkeep = createSearchUpkeep({ present, auto, clock, logger, bus });
  const told = newsOf(bus, 'search.changed');
  const write = (name: string, text: string): LogId => {
    room.files.put(`${room.paths.sessionLogs}/${name}`, text);
    return `${room.self}/${name}` as LogId;
  };
  /** The index hears of the disk, and the room of the index. */
  const look = async (ids: readonly LogId[] | null): Promise<void> => {
    unwrap(await refreshLocal(room.core().sync));
    await bus.emit('index.changed', { version: 1, ids });
    await room.pass(50);
  };
  const known = async (): Promise<readonly string[]> =>
    unwrap(await room.search.known()).map(({ path }) => path);
  const many = (count: number): void => {
    for (let n = 0; n < count; n++)
      write(`2026-01-05-hal-${String(n).padStart(4, '0')}.md`, `# ${n}\n\nword\n`);
  };
  return { ...rooms, room, auto, upkeep, told, write, look, known, many };
}

describe('the full text of this disk', () => {
  it('has a log that was saved at once, without a look at the others', async () => {
    const { upkeep, write, look, known, told, room } = await world();
    write('2026-01-05-hal-old.md', '# Old\n');
    const id = write('2026-01-06-hal-new.md', '# New\n\ngyroscope\n');
    await look([id]);
    expect(await known()).toEqual(['2026-01-06-hal-new.md']);
    expect(told).toMatchObject([{ version: 1, waiting: 0, building: null }]);
    unwrap(await room.files.remove(`${room.paths.sessionLogs}/2026-01-06-hal-new.md`));
    await look([id]);
    expect(await known()).toEqual([]);
    expect(upkeep.now.version).toBe(2);
    await upkeep.stop();
  });

  it('looks at everything where it is not said which logs changed, or another’s did', async () => {
    const { upkeep, write, look, known, room } = await world();
    write('2026-01-05-hal-old.md', '# Old\n');
    await look(null);
    expect(await known()).toEqual(['2026-01-05-hal-old.md']);
    write('2026-01-06-hal-new.md', '# New\n');
    await look([`${room.self.replace(/^./, 'f')}/x.md` as LogId]);
    expect(await known()).toHaveLength(2);
    await upkeep.stop();
  });

  it('reads many logs in by small steps and says how far it is', async () => {
    const { upkeep, look, many, known, told, room } = await world();
    many(600);
    const put = room.search.put.bind(room.search);
    room.search.put = async (logs) => {
      await room.clock.sleep(1_000);
      return put(logs);
    };
    await look(null);
    await room.pass(10_000);
    expect(await known()).toHaveLength(600);
    expect(told.some(({ building }) => building?.total === 600)).toBe(true);
    expect(upkeep.now).toMatchObject({ waiting: 0, building: null, held: null });
    expect(room.search.builds).toEqual([true, false]);
    await upkeep.stop();
  });

  it('stops when a person says so, and goes on when they say that', async () => {
    const { upkeep, look, many, known, room } = await world();
    many(5_000);
    const put = room.search.put.bind(room.search);
    room.search.put = async (logs) => {
      await room.clock.sleep(1_000);
      return put(logs);
    };
    await look(null);
    await room.pass(1_500);
    upkeep.setRunning(false);
    await room.pass(10_000);
    const held = await known();
    expect(held.length).toBeGreaterThan(0);
    expect(held.length).toBeLessThan(5_000);
    expect(upkeep.now).toMatchObject({ held: 'stopped', building: null, waiting: 5_000 - held.length });
    upkeep.setRunning(true);
    await room.pass(10_000);
    expect(await known()).toHaveLength(5_000);
    expect(upkeep.now).toMatchObject({ held: null, waiting: 0 });
    await upkeep.stop();
  });

  it('waits on battery with all but the newest, and goes on when that is over', async () => {
    const { upkeep, bus, auto, look, many, known, room } = await world();
    many(9_000);
    const put = room.search.put.bind(room.search);
    room.search.put = async (logs) => {
      await room.clock.sleep(1_000);
      return put(logs);
    };
    auto.paused = PAUSE;
    await look(null);
    await room.pass(10_000);
    const early = await known();
    expect(early.length).toBeGreaterThan(0);
    expect(upkeep.now).toMatchObject({ held: 'paused', waiting: 9_000 - early.length });
    auto.paused = null;
    await bus.emit('schedule.changed', null);
    await room.pass(1_500);
    auto.paused = PAUSE;
    await bus.emit('schedule.changed', null);
    await room.pass(5_000);
    expect(upkeep.now.held).toBe('paused');
    expect((await known()).length).toBeLessThan(9_000);
    auto.paused = null;
    await bus.emit('schedule.changed', null);
    await room.pass(20_000);
    expect(await known()).toHaveLength(9_000);
    await upkeep.stop();
  });

  it('says once in the app log that it cannot be written, and tries at the next change', async () => {
    const { upkeep, write, look, known, room } = await world();
    write('2026-01-05-hal-a.md', '# A\n');
    const put = room.search.put.bind(room.search);
    room.search.put = async () => err(appError('disk-full', 'The disk is full.', 'Make room.'));
    await look(null);
    await look(null);
    expect(upkeep.now.error?.code).toBe('disk-full');
    expect(room.logged.filter((line) => line.includes('not up to date'))).toHaveLength(1);
    room.search.put = put;
    await look(null);
    expect(upkeep.now.error).toBeNull();
    expect(await known()).toHaveLength(1);
    await upkeep.stop();
  });

  it('is read again when it may hold own credentials', async () => {
    const rooms = await world();
    const { upkeep, write, look, room, present } = rooms;
    write('2026-01-05-hal-a.md', '# A\n');
    await look(null);
    expect(room.search.batches).toHaveLength(1);
    if (!present.now.ok) throw new Error('no core');
    Object.assign(present.now.value.search, { ownCredentials: () => true });
    await changeSettings(rooms, { search: { credentials: 'own' } });
    await room.pass(50);
    expect(room.search.batches).toHaveLength(2);
    await upkeep.stop();
  });

  it('merges what small changes left a minute after the last, and not on battery', async () => {
    const { upkeep, auto, write, look, room } = await world();
    let merges = 0;
    room.search.optimise = async () => ({ ok: true, value: ++merges < 3 });
    write('2026-01-05-hal-a.md', '# A\n');
    auto.paused = PAUSE;
    await look(null);
    await room.pass(5 * 60_000);
    expect(merges).toBe(0);
    auto.paused = null;
    await room.pass(10 * 60_000);
    expect(merges).toBe(3);
    await upkeep.stop();
    expect(room.clock.waiting).toBe(0);
  });
});
