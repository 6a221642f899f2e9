import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { createOperations } from '../operations/operations.ts';
import { endWith } from '../operations/operation-end.ts';
import { EMPTY_SUMMARY } from '../../../../shared/ipc/operation.ts';
import { takeSettings } from './take-settings.ts';

const BROKEN = appError('corrupt', 'No JSON.', 'Repair it.');

async function world() {
  const room = createRoomWorld();
  const rooms = await openRooms(room);
  const { bus, present, settings } = rooms;
  const { files, clock, random, logger } = room.parts;
  const operations = createOperations({ files, clock, random, logger, bus, path: '/state/operations.json' });
  const taken = takeSettings({
    ...room.parts,
    store: room.parts.settings,
    settings,
    present,
    operations,
    bus,
  });
  const news = (['core.opened', 'settings.changed', 'settings.broken'] as const).map((name) =>
    newsOf(bus, name),
  );
  const told = (): readonly number[] => news.map((heard) => heard.length);
  /** Another program writes settings.json. */
  const write = async (change: { readonly [G in keyof Settings]?: object }): Promise<void> => {
    const groups = Object.entries(room.settings).map(([group, values]) => [
      group,
      typeof values === 'object' ? { ...values, ...change[group as keyof Settings] } : values,
    ]);
    room.settings = Object.fromEntries(groups) as Settings;
    await bus.emit('settings.touched', null);
  };
  return { ...rooms, room, operations, taken, told, write, changed: newsOf(bus, 'settings.changed') };
}

describe('settings that somebody has changed', () => {
  it('hold at once, with the same core unless the store is another', async () => {
    const { settings, present, told, write, changed } = await world();
    await write({ notifications: { quietHours: '22:00-07:00' } });
    expect(settings.now.notifications.quietHours).toBe('22:00-07:00');
    expect(present.now.ok && present.now.value.settings).toBe(settings.now);
    expect(told()).toEqual([0, 1, 0]);
    expect(changed[0]?.reopened).toBe(false);
    await write({ store: { tenant: 'other' } });
    expect(told()).toEqual([1, 2, 0]);
    expect(changed[1]).toMatchObject({ reopened: true, after: { store: { tenant: 'other' } } });
  });

  it('are no news when the file was written and says the same', async () => {
    const { told, write } = await world();
    await write({});
    expect(told()).toEqual([0, 0, 0]);
  });

  it('stay those from before while the file cannot be read, and hold again as soon as it can', async () => {
    const { room, settings, told, write, changed } = await world();
    await write({ git: { vault: '/v' } });
    room.settingsProblem = BROKEN;
    await write({});
    expect([settings.now.git.vault, told()]).toEqual(['/v', [0, 1, 1]]);
    room.settingsProblem = null;
    await write({});
    // Pages ask again and hear that nothing is wrong any more.
    expect(told()).toEqual([0, 2, 1]);
    expect(changed.at(-1)).toMatchObject({ reopened: false, after: { git: { vault: '/v' } } });
  });

  it('open the core that a broken file kept closed', async () => {
    const { room, present, write } = await world();
    room.coreProblem = BROKEN;
    room.settingsProblem = BROKEN;
    await present.reopen();
    await write({});
    room.coreProblem = null;
    room.settingsProblem = null;
    await write({});
    expect(present.now.ok).toBe(true);
  });

  it('put in the place of a broken file are taken over with a fresh core', async () => {
    const { room, taken, settings, told } = await world();
    await taken.recovered({ ...room.settings, git: { ...room.settings.git, vault: '/old' } });
    expect(settings.now.git.vault).toBe('/old');
    expect(told()).toEqual([1, 1, 0]);
  });
});

describe('another core', () => {
  it('waits five seconds for runs with the old one, which it asks to stop', async () => {
    const { room, operations, taken } = await world();
    const spec = { kind: 'push', cause: 'person', subject: null, key: 'push', lane: 'store' } as const;
    let isStopped = false;
    operations.start(spec, async ({ signal }) => {
      signal.addEventListener('abort', () => (isStopped = true));
      await room.pass(60_000);
      return endWith(null, EMPTY_SUMMARY);
    });
    await room.pass(10);
    const begun = room.clock.monotonic();
    await taken.reopen();
    expect(isStopped).toBe(true);
    expect(room.clock.monotonic() - begun).toBe(5_000);
  });

  it('is opened when machine-id.json says another machine, and not when it was written as it was', async () => {
    const { room, bus, told } = await world();
    const same = JSON.stringify(room.core().sync.self.identity, null, 4);
    room.files.put(room.paths.machineId, same);
    await bus.emit('identity.touched', null);
    expect(told()).toEqual([0, 0, 0]);
    room.files.put(room.paths.machineId, same.replace('host-a', 'renamed'));
    await bus.emit('identity.touched', null);
    expect(told()).toEqual([1, 0, 0]);
  });
});
