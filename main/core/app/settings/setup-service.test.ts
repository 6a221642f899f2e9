import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { createSetupService } from './setup-service.ts';

async function world() {
  const room = createRoomWorld();
  const rooms = await openRooms(room);
  const { bus, present, settings } = rooms;
  const { files } = room;
  /** A repository where code usually lies, with a log that no workspace lists. */
  const repository = (name: string): string => {
    const root = `/home/hal/code/${name}`;
    files.put(`${root}/.git/HEAD`, 'ref: refs/heads/main\n');
    files.put(`${root}/session-logs/2026-01-05-hal-topic.md`, '# Topic\n\nUser: Hal (hal)\n');
    return root;
  };
  const service = createSetupService({ ...room.parts, present, settings, bus });
  return { ...rooms, room, repository, service, changed: newsOf(bus, 'logs.changed') };
}

describe('the welcome', () => {
  it('says who writes here once somebody has said it, and which agents are there', async () => {
    const { room, settings, service } = await world();
    expect(unwrap(await service.look())).toMatchObject({ author: null, agents: [{ isFound: false }] });
    room.files.put('/home/hal/.claude/settings.json', '{}');
    settings.take({ ...settings.now, author: { ...settings.now.author, user: 'hal', name: 'Hal' } });
    expect(unwrap(await service.look())).toMatchObject({
      author: { user: 'hal', name: 'Hal' },
      agents: [{ agent: 'claude-code', isFound: true, state: 'not-connected' }],
    });
  });

  it('shows what connecting an agent would change before anything is changed', async () => {
    const { room, service } = await world();
    room.files.put('/home/hal/.claude/settings.json', '{}');
    const shown = unwrap(await service.connectAgent({ agent: 'claude-code', dryRun: true }));
    expect(shown.files.length).toBeGreaterThan(0);
    expect(room.files.text('/home/hal/.claude/settings.json')).toBe('{}');
  });

  it('names the author in a work tree, and only in one', async () => {
    const { room, settings, repository, service } = await world();
    const workspace = repository('atlas');
    expect(await service.writeIdentity({ workspace })).toMatchObject({ error: { code: 'not-configured' } });
    settings.take({ ...settings.now, author: { ...settings.now.author, user: 'hal', name: 'Hal' } });
    const { path } = unwrap(await service.writeIdentity({ workspace }));
    expect(room.files.text(path)).toContain('"hal"');
    expect(await service.writeIdentity({ workspace: '/home/hal' })).toMatchObject({
      error: { code: 'not-found' },
    });
  });

  it('makes the folder of a store, open to whom the folder around it is open to', async () => {
    const { room, service } = await world();
    room.files.put('/share/x', '');
    await room.files.setMode('/share', 0o770);
    unwrap(await service.makeFolder({ path: '/share/logs' }));
    expect(unwrap(await room.files.stat('/share/logs'))?.kind).toBe('folder');
  });
});

describe('logs that are there already', () => {
  it('are found beside other code, and said to be registered where they are', async () => {
    const { settings, repository, service } = await world();
    const [atlas, borealis] = [repository('atlas'), repository('borealis')];
    settings.take({ ...settings.now, git: { ...settings.now.git, workspaces: [borealis] } });
    const { trees, isComplete } = unwrap(await service.nearby());
    expect(isComplete).toBe(true);
    expect(trees.map(({ root, isRegistered, copied }) => ({ root, isRegistered, copied }))).toEqual(
      expect.arrayContaining([
        { root: atlas, isRegistered: false, copied: 0 },
        { root: borealis, isRegistered: true, copied: 0 },
      ]),
    );
  });

  it('are told to the other rooms when copies were taken away, also when there were none', async () => {
    const { service, changed } = await world();
    expect(await service.undoCopy({ workspace: '/home/hal/code/atlas' })).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(changed).toEqual([{ ids: null }]);
  });

  it('end a search that a person stops, with what was found by then', async () => {
    const { room, repository, service } = await world();
    repository('atlas');
    let looks = 0;
    room.files.fault = () => {
      looks += 1;
      if (looks === 2) void service.cancel({ work: 'nearby' });
      return null;
    };
    expect(unwrap(await service.nearby()).isComplete).toBe(false);
  });
});
