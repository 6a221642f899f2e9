import { describe, expect, it } from 'vitest';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { createRoomWorld, openRooms } from '../../../testing/room-world.ts';
import { unreached } from '../../git-sync/report.ts';
import { endWith } from '../operations/operation-end.ts';
import { createAttentionList } from './attention-list.ts';
import { createConcernWatch } from './concern-watch.ts';
import type { StoreEnd } from '../news.ts';

const DENIED = appError('denied', 'No.', 'Ask.');
const OFFLINE = appError('offline', 'No network.', 'Wait.');

async function world() {
  const rooms = await openRooms(createRoomWorld());
  const { world: room, bus, present } = rooms;
  const attention = createAttentionList(room.clock, bus);
  const concerns = createConcernWatch({ ...room.parts, present, attention, bus });
  const ended = (
    kind: StoreEnd['kind'],
    error: AppError | null,
    push: Partial<StoreEnd['push']> | null = null,
  ) =>
    bus.emit('run.ended', {
      kind,
      core: room.core(),
      end: endWith(error, EMPTY_SUMMARY),
      push:
        push === null
          ? null
          : ({ attention: [], shorter: [], refused: [], lost: [], ...push } as unknown as StoreEnd['push']),
    });
  const synced = (error: AppError | null, mode: 'logs' | 'notes' = 'logs') => {
    const report = unreached('workspace', '/w', error ?? OFFLINE);
    const fine = { ...report, state: 'nothing', problem: null } as const;
    return bus.emit('tree.synced', { path: '/w', mode, report: error === null ? fine : report });
  };
  const kinds = (): readonly string[] => attention.items.map(({ kind, subject }) => `${kind} ${subject}`);
  return { ...rooms, room, concerns, attention, ended, synced, kinds };
}

describe('what runs ask of a person', () => {
  it('stays until a run of the same kind, or a full sync, goes well', async () => {
    const { ended, kinds } = await world();
    await ended('push', DENIED);
    await ended('index', null);
    expect(kinds()).toEqual(['denied memory://bucket']);
    await ended('push', OFFLINE);
    expect(kinds()).toEqual(['denied memory://bucket']);
    await ended('full', null);
    expect(kinds()).toEqual([]);
  });

  it('is nothing that will be retried: no network, a time-out, a lock', async () => {
    const { ended, synced, kinds } = await world();
    for (const code of ['offline', 'timeout', 'server', 'throttled', 'lock-held'] as const) {
      await ended('push', appError(code, 'x', 'y'));
      await synced(appError(code, 'x', 'y'));
    }
    expect(kinds()).toEqual([]);
  });

  it('is a choice for each log that was cut, until a push finds it whole again', async () => {
    const { ended, kinds } = await world();
    await ended('push', appError('partial', 'x', 'y'), { attention: ['a.md', 'b.md'] as never });
    expect(kinds()).toEqual(['log-shrunk a.md', 'log-shrunk b.md']);
    // One that had to stop has not looked at them.
    await ended('push', OFFLINE, {});
    expect(kinds()).toHaveLength(2);
    await ended('push', null, {});
    expect(kinds()).toEqual([]);
  });

  it('names the other install that writes with our identity, until a push is let through', async () => {
    const { ended, concerns, kinds } = await world();
    await ended('push', appError('clone-alarm', 'Two write.', 'Split.', { details: { otherHost: 'twin' } }));
    expect(concerns.clone).toMatchObject({ host: 'twin' });
    expect(kinds()).toEqual(['clone-alarm memory://bucket']);
    await ended('index', null);
    expect(concerns.clone).toMatchObject({ sameComputer: false });
    await ended('push', null, {});
    expect(concerns.clone).toBeNull();
  });

  it('of a workspace is not settled by a look for notes, and is by a sync', async () => {
    const { synced, kinds } = await world();
    await synced(appError('attention', 'A rebase is under way.', 'End it.'));
    await synced(null, 'notes');
    expect(kinds()).toEqual(['git-state /w']);
    await synced(null);
    expect(kinds()).toEqual([]);
  });
});

describe('what the core asks of a person', () => {
  it('is why there is none, until one could be opened', async () => {
    const { room, bus, present, attention, kinds } = await world();
    const path = room.paths.machineId;
    room.coreProblem = appError('corrupt', 'It is damaged.', 'Repair it.', { details: { path } });
    await bus.emit('core.opened', await present.reopen());
    expect(attention.items).toMatchObject([{ kind: 'identity', answers: ['retry', 'start-fresh'] }]);
    room.coreProblem = null;
    await bus.emit('core.opened', await present.reopen());
    expect(kinds()).toEqual([]);
  });

  it('is whether a machine was renamed or its data folder was copied', async () => {
    const rooms = await openRooms(createRoomWorld());
    const { world: room, bus, present } = rooms;
    const attention = createAttentionList(room.clock, bus);
    const { probe } = room.parts.identityDeps;
    const identityDeps = { ...room.parts.identityDeps, probe: { ...probe, hostname: () => 'another' } };
    createConcernWatch({ ...room.parts, identityDeps, present, attention, bus });
    expect(attention.items).toMatchObject([{ kind: 'hostname-changed', subject: 'another' }]);
  });

  it('is what is wrong with settings.json, while the work goes on', async () => {
    const { bus, settings, kinds, room } = await world();
    const problem = appError('corrupt', 'No JSON.', 'Repair it.', { details: { path: room.paths.settings } });
    await bus.emit('settings.broken', problem);
    expect(kinds()).toEqual([`settings ${room.paths.settings}`]);
    await bus.emit('settings.changed', { before: settings.now, after: settings.now, reopened: false });
    expect(kinds()).toEqual([]);
  });
});
