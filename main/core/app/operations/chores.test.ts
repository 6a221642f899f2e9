import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { enqueue, type QueueRecord } from '../../agent-hooks/queue.ts';
import { unreached } from '../../git-sync/report.ts';
import { createTreeMemory, followTrees } from '../status/tree-memory.ts';
import { appError } from '../../../../shared/app-error.ts';
import { doChores } from './chores.ts';
import { createOperations } from './operations.ts';
import { createSyncRuns } from './sync-runs.ts';

async function world() {
  const room = createRoomWorld();
  const rooms = await openRooms(room);
  const { bus, present } = rooms;
  const { files, clock, random, logger, git, forge, systemUser } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const runs = createSyncRuns({ present, operations, git, forge, systemUser, bus });
  const trees = createTreeMemory(files, '/state/workspaces.json');
  followTrees(trees, clock, bus);
  doChores({ present, runs, trees, git, bus });
  const done = newsOf(bus, 'operation.done');
  const queue = async (...records: QueueRecord[]): Promise<void> => {
    for (const record of records) unwrap(await enqueue({ files: room.files, paths: room.paths }, record));
  };
  return { ...rooms, room, operations, trees, done, queue, drained: newsOf(bus, 'queue.drained') };
}

const hooks = { chore: 'hooks', cause: 'hook' } as const;

describe('what the schedule says is due', () => {
  it('is started as an operation, and says why', async () => {
    const { bus, operations, done } = await world();
    for (const chore of ['push', 'index', 'full'] as const)
      await bus.emit('chore.due', { chore, cause: 'schedule' });
    await operations.settled();
    expect(done.map(({ kind, cause }) => `${kind} ${cause}`).toSorted()).toEqual([
      'full schedule',
      'index schedule',
      'push schedule',
    ]);
  });

  it('is, for a workspace, what its schedule says', async () => {
    const { bus, operations } = await world();
    const synced = newsOf(bus, 'tree.synced');
    await bus.emit('workspace.due', { path: '/w', mode: 'notes' });
    await operations.settled();
    expect(synced).toMatchObject([{ path: '/w', mode: 'notes' }]);
  });

  it('is, for workspaces that were put off, what was put off in each', async () => {
    const { bus, operations, done } = await world();
    const offline = appError('offline', 'x', 'y');
    for (const [path, mode] of [
      ['/w', 'logs'],
      ['/v', 'notes'],
      ['/x', 'logs'],
    ] as const)
      await bus.emit('tree.synced', { path, mode, report: unreached('workspace', path, offline) });
    const synced = newsOf(bus, 'tree.synced');
    await bus.emit('chore.due', { chore: 'git', cause: 'retry' });
    await operations.settled();
    expect(synced.map(({ path, mode }) => `${path} ${mode}`)).toEqual(['/w logs', '/x logs', '/v notes']);
    expect(done.map(({ cause }) => cause)).toEqual(['retry', 'retry']);
  });
});

describe('what hooks have queued', () => {
  it('is done, the index before the push, and the queue is empty then', async () => {
    const { bus, room, queue, done, drained } = await world();
    await queue({ kind: 'push', at: 1 }, { kind: 'index-pull', at: 2 }, { kind: 'push', at: 3 });
    await bus.emit('chore.due', hooks);
    expect(done.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(['index hook', 'push hook']);
    expect(drained).toEqual([{ outcome: 'done', error: null, done: true }]);
    expect(room.files.text(room.paths.queue)).toBeNull();
  });

  it('stays while there is no network, and is said to be deferred', async () => {
    const { bus, room, queue, done, drained } = await world();
    room.storeFault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    await queue({ kind: 'push', at: 1 });
    await bus.emit('chore.due', hooks);
    expect(drained).toMatchObject([{ outcome: 'deferred', error: { code: 'offline' } }]);
    room.storeFault = null;
    await bus.emit('chore.due', hooks);
    expect(drained.at(-1)).toMatchObject({ outcome: 'done' });
    expect(done.map(({ outcome }) => outcome)).toEqual(['deferred', 'done']);
  });

  it('does not stay when only a person can help: it would be tried for ever', async () => {
    const { bus, room, queue, drained } = await world();
    room.storeFault = () => ({ kind: 'fail', code: 'denied', when: 'before' });
    await queue({ kind: 'push', at: 1 });
    await bus.emit('chore.due', hooks);
    expect(drained).toMatchObject([{ outcome: 'done', done: true }]);
    await bus.emit('chore.due', hooks);
    expect(drained.at(-1)).toMatchObject({ outcome: 'done', done: false });
  });

  it('is no news to anybody when nothing was queued', async () => {
    const { bus, done, drained } = await world();
    await bus.emit('chore.due', hooks);
    expect([done, drained]).toEqual([[], [{ outcome: 'done', error: null, done: false }]]);
  });
});
