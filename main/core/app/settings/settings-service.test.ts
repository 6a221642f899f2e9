import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { err, ok } from '../../../../shared/result.ts';
import { rememberWorkspace } from '../../workspaces/used-workspaces.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { createSettingsService } from './settings-service.ts';

const CALLER = { kind: 'test', id: '1' } as const;

function world(more: { readonly savedTo?: string | null } = {}) {
  const room = createRoomWorld();
  const taken: [Settings, Settings][] = [];
  const recovered: Settings[] = [];
  const service = createSettingsService({
    ...room.parts,
    bus: room.bus(),
    ...(more.savedTo === undefined ? {} : { saveText: async () => ok(more.savedTo ?? null) }),
    taken: {
      take: async (before, after) => void taken.push([before, after]),
      recovered: async (settings) => void recovered.push(settings),
    },
  });
  return { room, service, taken, recovered };
}

describe('settings as pages change them', () => {
  it('are made one after another, each over what the one before has written', async () => {
    const { room, service, taken } = world();
    await Promise.all([
      service.set({ change: { git: { vault: '/v' } } }),
      service.set({ change: { git: { wikiCommand: 'wiki' } } }),
    ]);
    expect(room.settings.git).toMatchObject({ vault: '/v', wikiCommand: 'wiki' });
    expect(taken.map(([before]) => before.git.vault)).toEqual(['', '/v']);
  });

  it('are on disk before anything works by them, and nothing does when they cannot be saved', async () => {
    const { room, service, taken } = world();
    Object.assign(room.parts.settings, { set: () => err(appError('disk-full', 'x', 'y')) });
    expect(await service.set({ change: { git: { vault: '/v' } } })).toMatchObject({
      error: { code: 'disk-full' },
    });
    expect(taken).toEqual([]);
  });

  it('are the defaults with what is wrong, while the file cannot be read, and can be put right', async () => {
    const { room, service, recovered } = world();
    room.parts.settings.keepGood();
    room.settingsProblem = appError('corrupt', 'No JSON.', 'y');
    expect(await service.get()).toMatchObject({
      value: { problem: { message: 'No JSON.' }, hasLastGood: true },
    });
    expect(await service.set({ change: { git: { vault: '/v' } } })).toMatchObject({ ok: false });
    expect(await service.recover({ from: 'last-good' })).toMatchObject({ value: { problem: null } });
    expect(recovered).toHaveLength(1);
  });

  it('go into a file that the shell asks for, or that the page offers', async () => {
    expect(await world().service.export(CALLER)).toMatchObject({ value: { savedTo: null } });
    expect(await world({ savedTo: '/s.json' }).service.export(CALLER)).toMatchObject({
      value: { savedTo: '/s.json' },
    });
  });

  it('come out of a file without what points at nothing on this machine', async () => {
    const { room, service } = world();
    room.files.put('/w/.git/HEAD', 'ref: x');
    const { git, store } = room.settings;
    const every = { mode: 'logs', minutes: 30 } as const;
    const file = {
      ...room.settings,
      store: { ...store, credentials: '/gone.json' },
      git: {
        ...git,
        workspaces: ['/w', '/gone'],
        vault: '/gone-too',
        schedule: { '/w': every, '/gone': every },
      },
    };
    const imported = await service.import({ text: JSON.stringify(file) });
    expect(imported).toMatchObject({ value: { leftOut: { length: 3 } } });
    expect(room.settings.git).toMatchObject({ workspaces: ['/w'], vault: '', schedule: { '/w': every } });
    expect(room.settings.git.schedule).not.toHaveProperty('/gone');
  });
});

describe('workspaces', () => {
  it('are registered as git names them, once, and go with their schedule', async () => {
    const { room, service } = world();
    room.files.put('/w/sub/x', '');
    room.git = ({ args }) =>
      ok({
        exitCode: 0,
        stderr: '',
        stdout: new TextEncoder().encode(
          args[0] === 'rev-parse' ? 'false\ntrue\n/w/.git\n/w/.git\n/w\nsub/\n' : '',
        ),
      });
    const added = await service.addWorkspace({ path: '/w/sub', role: 'workspace' });
    if (!added.ok) throw new Error(added.error.message);
    await service.addWorkspace({ path: '/w/sub', role: 'workspace' });
    expect(room.settings.git.workspaces).toEqual(['/w']);
    await service.set({ change: { git: { schedule: { '/w': { mode: 'logs', minutes: 30 } } } } });
    await service.removeWorkspace({ path: '/w', role: 'workspace' });
    expect(room.settings.git).toMatchObject({ workspaces: [], schedule: {} });
  });

  it('that were only used are named until they are removed or registered', async () => {
    const { room, service } = world();
    const git = { workspaces: [], vault: '' };
    for (const root of ['/used', '/left']) await rememberWorkspace(room.parts, git, root);
    expect(await service.get()).toMatchObject({ value: { alsoListed: ['/left', '/used'] } });
    const removed = await service.removeWorkspace({ path: '/left', role: 'workspace' });
    expect(removed).toMatchObject({ value: { alsoListed: ['/used'] } });
    const registered = await service.set({ change: { git: { workspaces: ['/used'] } } });
    expect(registered).toMatchObject({ value: { alsoListed: [] } });
  });

  it('are refused where there is no folder or no git, and cannot be removed when they are not there', async () => {
    const { room, service } = world();
    room.files.put('/plain/x', '');
    expect(await service.addWorkspace({ path: '/gone', role: 'workspace' })).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(await service.addWorkspace({ path: '/plain', role: 'vault' })).toMatchObject({
      error: { code: 'attention' },
    });
    expect(await service.removeWorkspace({ path: '/w', role: 'workspace' })).toMatchObject({
      error: { code: 'not-found' },
    });
  });
});
