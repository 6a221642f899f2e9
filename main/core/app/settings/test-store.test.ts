import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { testStore } from './test-store.ts';

function world(probe: Partial<{ writable: boolean | null }> = {}) {
  const room = createRoomWorld();
  let closed = 0;
  const { store } = room.core().sync;
  const opened: ObjectStore = {
    ...store,
    probe: async () => {
      const answer = await store.probe();
      return answer.ok ? ok({ ...answer.value, ...probe }) : answer;
    },
    close: async () => void closed++,
  };
  const parts = { ...room.parts, settings: room.settings, openStore: () => ok(opened) };
  const wanted = { ...room.settings.store, url: 'gs://bucket', tenant: 'team' };
  const states = async (store_ = wanted, more: object = {}) => {
    const test = await testStore({ ...parts, ...more }, store_);
    return [test.ok, ...test.steps.map(({ step, state }) => `${step} ${state}`)];
  };
  return { room, states, wanted, closed: () => closed };
}

describe('a trial of a store', () => {
  it('goes step by step to the right to write, and closes what it opened', async () => {
    const { states, closed } = world({ writable: true });
    expect(await states()).toEqual([true, 'address ok', 'credentials ok', 'reach ok', 'list ok', 'write ok']);
    expect(closed()).toBe(1);
  });

  it('stops at the step that fails, and says so of none after it', async () => {
    const { room, states, wanted, closed } = world();
    const skipped = ['reach skipped', 'list skipped', 'write skipped'];
    expect(await states({ ...wanted, credentials: '/gone.json' })).toEqual([
      false,
      'address ok',
      'credentials failed',
      ...skipped,
    ]);
    expect(await states({ ...wanted, url: 'ftp://x' })).toEqual([
      false,
      'address failed',
      'credentials skipped',
      ...skipped,
    ]);
    room.storeFault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect((await states()).slice(2, 5)).toEqual(['credentials ok', 'reach failed', 'list skipped']);
    expect(closed()).toBe(2);
  });

  it('blames the credentials, and not the store, when there are none', async () => {
    const { room, states, wanted } = world();
    const { store } = room.core().sync;
    const none = {
      ...store,
      probe: async () => err(appError('not-configured', 'No credentials.', 'Sign in.')),
    };
    expect(await states(wanted, { openStore: () => ok(none) })).toEqual([
      false,
      'address ok',
      'credentials failed',
      'reach skipped',
      'list skipped',
      'write skipped',
    ]);
  });

  it('says that a store can be read and not written', async () => {
    const { states } = world({ writable: false });
    expect((await states()).at(-1)).toBe('write failed');
    expect((await states())[0]).toBe(false);
  });

  it('takes a folder that is no store yet for one that can become it', async () => {
    const { room, states, wanted } = world();
    const { store } = room.core().sync;
    const details = { missing: 'marker' };
    const fresh = {
      ...store,
      probe: async () => err(appError('offline', 'No mark.', 'Connect it.', { details })),
    };
    const steps = await states(wanted, { openStore: () => ok(fresh) });
    expect(steps).toEqual([
      true,
      'address ok',
      'credentials ok',
      'reach ok',
      'list skipped',
      'write skipped',
    ]);
  });
});
