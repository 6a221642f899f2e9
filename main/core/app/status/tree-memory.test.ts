import { describe, expect, it, vi } from 'vitest';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { owner } from '../../../testing/memory-locks.ts';
import { emptyReport, unreached } from '../../git-sync/report.ts';
import { createTreeMemory, followTrees } from './tree-memory.ts';

const LOCKED = appError('lock-held', 'Mara syncs.', 'Wait.', {
  details: { owner: owner('mara', 'git-sync', 5) },
});
const OFFLINE = appError('offline', 'No network.', 'Wait.');
const CONFLICT = appError('attention', 'A conflict.', 'Solve it.');

function world() {
  const room = createRoomWorld();
  const bus = room.bus();
  const memory = createTreeMemory(room.files, '/state/workspaces.json');
  followTrees(memory, room.clock, bus);
  const git = { ...room.settings.git, workspaces: ['/w'] };
  return {
    room,
    bus,
    memory,
    status: (from = memory) => from.statuses(git, () => null)[0],
    end: (problem: AppError | null, mode: 'logs' | 'notes' = 'logs') => {
      const report =
        problem === null
          ? { ...emptyReport('workspace', '/w'), branch: 'main' }
          : unreached('workspace', '/w', problem);
      return bus.emit('tree.synced', { path: '/w', mode, report });
    },
  };
}

describe('how each workspace was left', () => {
  it('shows who is in the way and when it is tried again, and not after it went well', async () => {
    const { memory, status, end } = world();
    await end(LOCKED);
    memory.setRetry(99);
    expect(status()).toMatchObject({
      state: 'deferred',
      lastError: null,
      deferred: { who: 'mara', retryAt: 99 },
    });
    expect(memory.waiting('logs')).toEqual(['/w']);
    await end(null);
    expect(status()).toMatchObject({ state: 'idle', branch: 'main', deferred: null });
    expect(memory.waiting('logs')).toEqual([]);
  });

  it('lists a vault that only a workspace names, once it was synced with it, and keeps that', async () => {
    const { room, bus, memory } = world();
    const vault = { ...emptyReport('vault', '/vault'), branch: 'main' };
    await bus.emit('tree.synced', {
      path: '/w',
      mode: 'logs',
      report: emptyReport('workspace', '/w'),
      vault,
    });
    const git = { ...room.settings.git, workspaces: ['/w'] };
    const listed = { path: '/vault', role: 'vault', namedBy: '/w', branch: 'main', state: 'idle' };
    expect(memory.statuses(git, () => null)[1]).toMatchObject(listed);
    await vi.waitFor(async () => {
      const again = createTreeMemory(room.files, '/state/workspaces.json');
      await again.load();
      expect(again.statuses(git, () => null)[1]).toMatchObject(listed);
    });
    expect(memory.statuses({ ...git, workspaces: [] }, () => null)).toEqual([]);
    const named = memory.statuses({ ...git, vault: '/vault' }, () => null);
    expect(named.map(({ path, namedBy }) => [path, namedBy])).toEqual([
      ['/w', undefined],
      ['/vault', undefined],
    ]);
  });

  it('is out of reach without a network, and tried again as well', async () => {
    const { memory, status, end } = world();
    await end(OFFLINE);
    expect(status()).toMatchObject({ state: 'offline', deferred: null, lastError: { code: 'offline' } });
    expect(memory.waiting('logs')).toEqual(['/w']);
  });

  it('needs a person after a conflict, and is tried no more', async () => {
    const { memory, status, end } = world();
    await end(CONFLICT);
    expect(status()).toMatchObject({ state: 'attention', lastError: { message: 'A conflict.' } });
    expect(memory.waiting('logs')).toEqual([]);
  });

  it('is not settled by a look for notes that went well', async () => {
    const { memory, status, end } = world();
    await end(LOCKED);
    await end(null, 'notes');
    expect(status()?.state).toBe('deferred');
    expect(memory.waiting('logs')).toEqual(['/w']);
    await end(CONFLICT);
    await end(null, 'notes');
    expect(status()?.state).toBe('attention');
    expect(status()?.lastNotes).not.toBeNull();
  });

  it('tries the sync again that was put off, and not the look for notes that came after it', async () => {
    const { memory, end } = world();
    await end(OFFLINE);
    await end(OFFLINE, 'notes');
    expect([memory.waiting('logs'), memory.waiting('notes')]).toEqual([['/w'], []]);
  });

  it('is syncing from the beginning of a run to its end', async () => {
    const { bus, status } = world();
    await bus.emit('trees.begun', { paths: ['/w'] });
    expect(status()?.state).toBe('syncing');
    await bus.emit('trees.ended', { paths: ['/w'], problem: null });
    expect(status()?.state).toBe('idle');
  });

  it('outlives a restart as far as it is still true', async () => {
    const { room, end, status } = world();
    await end(null);
    await end(null, 'notes');
    await end(LOCKED);
    await room.pass(10);
    const after = createTreeMemory(room.files, '/state/workspaces.json');
    await after.load();
    expect(status(after)).toMatchObject({ state: 'idle', branch: 'main', deferred: null });
    expect(after.last('/w')).not.toBeNull();
    expect(after.last('/other')).toBeNull();
  });
});
