import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { readAppInfo } from './app-info.ts';

const SHELL = { version: '1', shell: 'browser', platform: 'linux', capabilities: {}, runtime: {} } as never;

describe('what a page knows of the app', () => {
  it('is read anew each time: machine, reader, data folder and zone', async () => {
    const room = createRoomWorld();
    expect(await readAppInfo(room.parts, SHELL)).toMatchObject({
      machine: null,
      reader: { user: 'hal' },
      dataFolder: room.paths.home,
      timeZone: 'UTC',
    });
    room.files.put(room.paths.machineId, JSON.stringify(room.core().sync.self.identity));
    room.settings = {
      ...room.settings,
      author: { ...room.settings.author, user: 'mara', name: 'Mara' },
      app: { ...room.settings.app, timeZone: 'Europe/Berlin' },
    };
    expect(await readAppInfo(room.parts, SHELL)).toMatchObject({
      machine: { uuid: room.self, host: 'host-a' },
      reader: { user: 'mara' },
      timeZone: 'Europe/Berlin',
    });
  });

  it('is there also while settings.json cannot be read', async () => {
    const room = createRoomWorld();
    room.settingsProblem = appError('corrupt', 'x', 'y');
    expect(await readAppInfo(room.parts, SHELL)).toMatchObject({ reader: { user: 'hal' }, timeZone: 'UTC' });
  });
});
