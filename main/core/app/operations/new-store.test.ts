import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { createIndexWatch } from '../logs/index-watch.ts';
import { followNewStore } from './new-store.ts';
import { createOperations } from './operations.ts';
import { createSyncRuns } from './sync-runs.ts';

async function world(room = createRoomWorld()) {
  const rooms = await openRooms(room);
  const { bus, present, settings } = rooms;
  const { files, clock, random, logger, git, forge, systemUser } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const runs = createSyncRuns({ present, operations, git, forge, systemUser, bus });
  const index = createIndexWatch(present, bus);
  followNewStore({ present, index, runs, bus });
  const done = newsOf(bus, 'operation.done');
  return {
    ...rooms,
    room,
    runs,
    operations,
    done,
    kinds: () => done.map(({ kind, cause }) => `${kind} ${cause}`).toSorted(),
    machines: async () => unwrap(await room.core().sync.index.machines()).map(({ machine }) => machine),
    opened: async (change: {
      readonly store?: Partial<Settings['store']>;
      readonly schedule?: Partial<Settings['schedule']>;
    }) => {
      const before = settings.now;
      const after = {
        ...before,
        store: { ...before.store, ...change.store },
        schedule: { ...before.schedule, ...change.schedule },
      };
      await bus.emit('settings.changed', { before, after, reopened: true });
      await operations.settled();
    },
  };
}

/** A machine that knows another by the store of both. */
async function team() {
  const a = await world();
  const b = await world(createRoomWorld('b', a.room.bucket));
  a.room.files.put(`${a.room.paths.sessionLogs}/a.md`, '# A');
  await a.runs.push('person').ended;
  await b.runs.index('person').ended;
  b.done.length = 0;
  return b;
}

describe('another store', () => {
  it.each([{ url: 'file:///elsewhere' }, { tenant: 'other' }])(
    'has nothing of the old one in the index, and is read and written at once: %o',
    async (store) => {
      const b = await team();
      expect(await b.machines()).toHaveLength(1);
      b.room.storeFault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
      await b.opened({ store });
      expect(await b.machines()).not.toContain('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa');
      expect(b.kinds()).toEqual(['index start', 'push start']);
    },
  );

  it('keeps what it has when only the credentials are others', async () => {
    const b = await team();
    await b.opened({ store: { credentials: '/keys.json' } });
    expect(await b.machines()).toContain('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa');
  });

  it('is not written where a person pushes by hand', async () => {
    const { kinds, opened } = await world();
    await opened({ schedule: { push: 'manual' } });
    expect(kinds()).toEqual(['index start']);
  });

  it('is none when settings changed without another core', async () => {
    const { bus, settings, operations, done } = await world();
    await bus.emit('settings.changed', { before: settings.now, after: settings.now, reopened: false });
    await operations.settled();
    expect(done).toEqual([]);
  });
});
