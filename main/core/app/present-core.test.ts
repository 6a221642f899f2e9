import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { createRoomWorld } from '../../testing/room-world.ts';
import type { AppCore } from './app-core.ts';
import { openPresentCore } from './present-core.ts';

/** Cores that are numbered, and which of them were closed. */
function world() {
  const room = createRoomWorld();
  const closed: number[] = [];
  let opened = 0;
  let problem = false;
  const open = async () => {
    opened += 1;
    const number = opened;
    if (problem) return err(appError('not-configured', 'No store.', 'Choose one.'));
    return ok({ ...room.core(), number, close: async () => void closed.push(number) });
  };
  const numberOf = async (core: AppCore) => ok((core as AppCore & { readonly number: number }).number);
  return { room, closed, open, numberOf, fail: () => (problem = true) };
}

describe('the present core', () => {
  it('stays open until the last who uses it has ended, whatever takes its place', async () => {
    const { room, closed, open, numberOf } = world();
    const present = await openPresentCore(open, room.parts.logger);
    let end: () => void = () => undefined;
    const used = present.use(async (core) => {
      await new Promise<void>((resolve) => (end = resolve));
      return numberOf(core);
    });
    await present.reopen();
    expect(closed).toEqual([]);
    expect(await present.use(numberOf)).toEqual(ok(2));
    end();
    expect(await used).toEqual(ok(1));
    await present.close();
    expect(closed.toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  it('is none when no other can be opened, and says why to whoever asks', async () => {
    const { room, closed, open, numberOf, fail } = world();
    const present = await openPresentCore(open, room.parts.logger);
    fail();
    await present.reopen();
    expect(closed).toEqual([1]);
    expect(await present.use(numberOf)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });

  it('takes other settings without being opened anew', async () => {
    const { room, closed, open } = world();
    const present = await openPresentCore(open, room.parts.logger);
    const settings = { ...room.settings, git: { ...room.settings.git, vault: '/v' } };
    present.setSettings(settings);
    expect(present.now.ok && present.now.value.settings).toBe(settings);
    expect(closed).toEqual([]);
  });

  it('has ended when it was closed', async () => {
    const { room, open, numberOf } = world();
    const present = await openPresentCore(open, room.parts.logger);
    await present.close();
    expect(await present.use(numberOf)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});
