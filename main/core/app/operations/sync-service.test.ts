import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { createAppService } from '../create-app-service.ts';

async function world() {
  const room = createRoomWorld();
  const app = await createAppService(room.parts);
  return { room, app, sync: app.sync };
}

describe('what a person asks for', () => {
  it('answers at once with the id of the operation, which is listed while it runs and afterwards', async () => {
    const { room, sync, app } = await world();
    const { operation } = unwrap(await sync.push());
    expect(unwrap(await sync.operations({})).running.map(({ id }) => id)).toEqual([operation]);
    await room.pass(5_000);
    expect(unwrap(await sync.operations({})).finished).toMatchObject([{ id: operation, cause: 'person' }]);
    expect(unwrap(await sync.cancel({ operation }))).toEqual({ cancelling: false });
    await app.stop();
  });

  it('syncs all workspaces and the vault, or the one that is named', async () => {
    const { room, sync, app } = await world();
    expect(await sync.git({})).toMatchObject({ error: { code: 'not-configured' } });
    unwrap(await app.settings.set({ change: { git: { workspaces: ['/w'], vault: '/v' } } }));
    unwrap(await sync.git({}));
    await room.pass(5_000);
    unwrap(await sync.git({ workspace: '/v' }));
    await room.pass(5_000);
    const runs = unwrap(await sync.operations({})).finished.filter(({ kind }) => kind === 'git-sync');
    expect(runs.map(({ subject, total }) => [subject, total])).toEqual([
      ['/v', 1],
      [null, 2],
    ]);
    expect(await sync.git({ workspace: '/unknown' })).toMatchObject({ error: { code: 'not-found' } });
    await app.stop();
  });

  it('pauses and resumes, and answers with the status that follows', async () => {
    const { app, sync } = await world();
    expect(unwrap(await sync.pause({ for: 'until-resumed' })).paused).toMatchObject({ reason: 'asked' });
    expect(unwrap(await sync.resume()).paused).toBeNull();
    await app.stop();
  });
});
