import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { unwrap } from '../../../../shared/result.ts';
import type { LogPath } from '../../../../shared/domain/ids.ts';
import { owner } from '../../../testing/memory-locks.ts';
import { createRoomWorld, newsOf, openRooms, type RoomWorld } from '../../../testing/room-world.ts';
import { createShardTexts } from '../../text-packs/publish-texts.ts';
import { createOperations } from './operations.ts';
import { createSyncRuns } from './sync-runs.ts';

async function world(room = createRoomWorld()) {
  const rooms = await openRooms(room);
  const { bus, present } = rooms;
  const { files, clock, random, logger, git, forge, systemUser } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const runs = createSyncRuns({ present, operations, git, forge, systemUser, bus });
  const write = (name: string, text: string): void =>
    room.files.put(`${room.paths.sessionLogs}/${name}`, text);
  return { ...rooms, room, operations, runs, write, ended: newsOf(bus, 'run.ended') };
}

const offline = (room: RoomWorld): void => {
  room.storeFault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
};

describe('work with the store', () => {
  it('carries a log from one machine to another, and counts what it did', async () => {
    const a = await world();
    const b = await world(createRoomWorld('b', a.room.bucket));
    a.write('2026-01-05-hal-a.md', '# A\n\nText');
    expect((await a.runs.push('person').ended).summary).toMatchObject({ uploaded: 1, failedTotal: 0 });
    expect((await b.runs.index('person').ended).outcome).toBe('done');
    const [row] = unwrap(await b.room.core().sync.index.page({})).rows;
    const pulled = await b.runs.pull({ ids: [row?.id as never] }, 'person', row?.path ?? null).ended;
    expect(pulled).toMatchObject({
      outcome: 'done',
      subject: '2026-01-05-hal-a.md',
      summary: { downloaded: 1 },
    });
    expect((await a.runs.full('person').ended).outcome).toBe('done');
  });

  it('says how much text for search comes before it comes for the first time, and once', async () => {
    const a = await world();
    const b = await world(createRoomWorld('b', a.room.bucket));
    const { sync } = a.room.core();
    Object.assign(sync, { texts: createShardTexts(sync) });
    const shown = newsOf(b.bus, 'notice.show');
    for (const name of ['a', 'b']) {
      a.write(`2026-01-05-hal-${name}.md`, '# A\n\nText');
      await a.runs.push('person').ended;
      await b.runs.index('person').ended;
    }
    expect(shown).toMatchObject([
      { title: expect.stringMatching(/^Pulling \d+ B of text/), route: '#/settings/schedule' },
    ]);
  });

  it('tells the rooms how it ended before the operation counts as ended', async () => {
    const { bus, runs, operations } = await world();
    const running: number[] = [];
    bus.on('run.ended', async () => {
      await Promise.resolve();
      running.push(operations.running.length);
    });
    await runs.push('start').ended;
    expect([running, operations.running.length]).toEqual([[1], 0]);
  });

  it('is deferred without a network, and tells what a push would have asked of a person only when it came to it', async () => {
    const { room, runs, ended } = await world();
    offline(room);
    expect(await runs.push('person').ended).toMatchObject({
      outcome: 'deferred',
      deferral: null,
      error: { code: 'offline' },
    });
    room.storeFault = null;
    await runs.push('person').ended;
    expect(ended.map(({ push }) => push === null)).toEqual([true, false]);
  });

  it.each([
    ['person', 120],
    ['schedule', 5],
  ] as const)(
    'waits for another sync of the data folder when a %s asked for it, for %i seconds',
    async (cause, seconds) => {
      const { room, runs, operations } = await world();
      room.locks.owners.set(room.paths.syncLock, owner('mara', 'push', 1));
      const begun = room.clock.monotonic();
      const { ended } = runs.push(cause);
      await room.pass(2_000);
      expect(operations.running).toMatchObject([{ phase: 'waiting-for-lock', waitingFor: { who: 'mara' } }]);
      expect(await ended).toMatchObject({ outcome: 'deferred', deferral: { who: 'mara', doing: 'push' } });
      expect(Math.round((room.clock.monotonic() - begun) / 1_000)).toBeGreaterThanOrEqual(seconds);
      expect(Math.round((room.clock.monotonic() - begun) / 1_000)).toBeLessThanOrEqual(seconds + 3);
    },
  );

  it('is one run for two who ask for the same, and another for another selection', async () => {
    const { runs } = await world();
    const [one, same] = [runs.push('person'), runs.push('change')];
    expect(same.id).toBe(one.id);
    expect(runs.push('person', new Set(['a.md' as LogPath])).id).not.toBe(one.id);
    expect(runs.pull({ query: {} } as never, 'person', null).id).not.toBe(
      runs.pull({ ids: [] }, 'person', null).id,
    );
    await one.ended;
  });

  it('takes a log back that is shorter here, and keeps what lies here beside it', async () => {
    const { room, runs, write } = await world();
    write('a.md', '# Long\n\nall of it\n');
    await runs.push('person').ended;
    write('a.md', '# Long\n');
    const restored = await runs.restore('a.md' as LogPath, 'person').ended;
    expect(restored).toMatchObject({ outcome: 'done', summary: { restored: 1, kept: 1 } });
    expect(room.files.text(`${room.paths.sessionLogs}/a.md`)).toContain('all of it');
  });

  it('fails with the reason while there is no core', async () => {
    const room = createRoomWorld();
    room.coreProblem = appError('not-configured', 'No store.', 'Choose one.');
    const { runs, ended } = await world(room);
    expect(await runs.push('person').ended).toMatchObject({
      outcome: 'failed',
      error: { code: 'not-configured' },
    });
    expect(ended).toEqual([]);
  });
});

describe('work in workspaces', () => {
  it('is busy from its beginning to its end, and tells of each workspace', async () => {
    const { bus, runs } = await world();
    const [begun, synced, done] = (['trees.begun', 'tree.synced', 'trees.ended'] as const).map((name) =>
      newsOf(bus, name),
    );
    const end = await runs.git({ trees: ['/w', '/v'], all: false }, 'person').ended;
    expect(begun).toEqual([{ paths: ['/w', '/v'] }]);
    expect(synced).toMatchObject([{ path: '/w', mode: 'logs' }, { path: '/v' }]);
    expect(done).toMatchObject([{ paths: ['/w', '/v'], problem: { code: end.error?.code } }]);
    expect(end).toMatchObject({ kind: 'git-sync', subject: null, summary: { failedTotal: 2 } });
  });
});
