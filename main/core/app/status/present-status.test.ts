import { describe, expect, it } from 'vitest';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import { EMPTY_SUMMARY, type OperationOutcome } from '../../../../shared/ipc/operation.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { createAttentionList } from '../attention/attention-list.ts';
import { createIndexWatch } from '../logs/index-watch.ts';
import { createOperations } from '../operations/operations.ts';
import { createAutoSync } from '../schedule/auto-sync.ts';
import { createWorkspaceTimer } from '../schedule/workspace-timer.ts';
import { createDiskLook } from './disk-look.ts';
import { createPresentStatus } from './present-status.ts';
import { createTreeMemory } from './tree-memory.ts';

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present, settings } = rooms;
  const { files, clock, random, logger, power } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const trees = createTreeMemory(files, '/state/workspaces.json');
  const disk = createDiskLook(present, bus, logger);
  const index = createIndexWatch(present, bus);
  const auto = createAutoSync({ clock, random, power, settings, disk, trees, bus });
  const workspaces = createWorkspaceTimer({ clock, random, settings, auto, trees, bus });
  const attention = createAttentionList(clock, bus);
  const shown = { present, settings, operations, auto, attention, trees, workspaces, disk, index };
  const status = createPresentStatus({ ...shown, clock, bus });
  const ended = (outcome: OperationOutcome, error: AppError | null, uploaded = 1) =>
    bus.emit('run.ended', {
      kind: 'push',
      core: room.core(),
      end: { outcome, error, summary: { ...EMPTY_SUMMARY, uploaded }, deferral: null },
      push: null,
    });
  return { ...rooms, room, status, attention, auto, ended, told: newsOf(bus, 'status.changed') };
}

describe('the status', () => {
  it('is told when it is another, and not when nothing that is shown has changed', async () => {
    const { room, bus, attention, told } = await world();
    await bus.emit('disk.looked', null);
    await bus.emit('disk.looked', null);
    await room.pass(1_000);
    await bus.emit('disk.looked', null);
    expect(told).toHaveLength(1);
    const error = appError('attention', 'Cut.', 'Decide.');
    attention.replace('logs', [{ kind: 'log-shrunk', subject: 'a.md', error, answers: ['dismiss'] }]);
    expect(told.at(-1)).toMatchObject({ state: 'attention', attention: [{ subject: 'a.md' }] });
    await room.pass(1_000);
    await bus.emit('notes.changed', { unread: 3 });
    expect(told.at(-1)).toMatchObject({ unread: 3 });
    await bus.emit('update.changed', { state: 'checking' });
    await room.pass(1_000);
    expect(told.at(-1)).toMatchObject({ unread: 3, update: { state: 'checking' } });
  });

  it('is told at once, then twice a second while it keeps changing, and at its last change', async () => {
    const { room, bus, told } = await world();
    for (let unread = 1; unread <= 60; unread++) {
      await bus.emit('notes.changed', { unread });
      if (unread === 1) expect(told).toHaveLength(1);
      await room.pass(50);
    }
    await room.pass(1_000);
    const times = told.map(({ at }) => at);
    expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(
      500,
    );
    expect(told.length).toBeGreaterThanOrEqual(6);
    expect(told.length).toBeLessThanOrEqual(8);
    expect(told.at(-1)?.unread).toBe(60);
    // At rest nothing waits, and the next change is told at once.
    expect(room.clock.waiting).toBe(0);
    await bus.emit('notes.changed', { unread: 61 });
    expect(told.at(-1)?.unread).toBe(61);
  });

  it('is told no more once it was stopped, and nothing waits', async () => {
    const { room, bus, status, told } = await world();
    await bus.emit('notes.changed', { unread: 1 });
    await bus.emit('notes.changed', { unread: 2 });
    status.stop();
    expect(room.clock.waiting).toBe(0);
    await room.pass(1_000);
    expect(told.map(({ unread }) => unread)).toEqual([1]);
    expect(status.get().unread).toBe(2);
  });

  it.each([
    ['done', null, true, null],
    ['partial', appError('partial', 'x', 'y'), true, null],
    ['deferred', appError('timeout', 'x', 'y'), false, 'timeout'],
    ['deferred', appError('offline', 'x', 'y'), false, 'offline'],
    // It has answered, only not as one would like.
    ['failed', appError('denied', 'x', 'y'), true, 'denied'],
    // Somebody else's lock says nothing about the store.
    ['deferred', appError('lock-held', 'x', 'y'), null, null],
    ['cancelled', appError('cancelled', 'x', 'y'), null, null],
  ] as const)('knows the store after a run that ended as %s', async (outcome, error, reachable, code) => {
    const { status, ended } = await world();
    await ended(outcome, error);
    const [store] = status.get().stores;
    expect([store?.reachable, store?.lastError?.code ?? null]).toEqual([reachable, code]);
  });

  it('learns nothing of the store from a push with nothing new, which does not ask it', async () => {
    const { status, ended } = await world();
    await ended('deferred', appError('offline', 'x', 'y'));
    await ended('done', null, 0);
    expect(status.get().stores[0]?.reachable).toBe(false);
  });

  it('forgets how the store answered when another one takes its place', async () => {
    const { bus, present, status, ended } = await world();
    await ended('done', null);
    await bus.emit('core.opened', await present.reopen());
    expect(status.get().stores[0]?.reachable).toBeNull();
  });

  it('has no machine and no store while there is no core, and still says what is planned and paused', async () => {
    const { room, bus, present, status, auto } = await world();
    room.coreProblem = appError('corrupt', 'x', 'y');
    await bus.emit('core.opened', await present.reopen());
    auto.pause(null);
    expect(status.get()).toMatchObject({ machine: null, stores: [], paused: { reason: 'asked' } });
  });
});
