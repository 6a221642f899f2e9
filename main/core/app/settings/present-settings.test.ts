import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { createPresentSettings } from './present-settings.ts';

describe('the settings that the app works by', () => {
  it('are the defaults while the file cannot be read at the start', () => {
    const room = createRoomWorld();
    room.settings = { ...DEFAULT_SETTINGS, git: { ...DEFAULT_SETTINGS.git, vault: '/v' } };
    expect(createPresentSettings(room.parts.settings, 'UTC').now.git.vault).toBe('/v');
    room.settingsProblem = appError('corrupt', 'x', 'y');
    expect(createPresentSettings(room.parts.settings, 'UTC').now).toEqual(DEFAULT_SETTINGS);
  });

  it('name times of day in the zone that was chosen, else in the system’s', () => {
    const room = createRoomWorld();
    const settings = createPresentSettings(room.parts.settings, 'Asia/Tokyo');
    expect(settings.timeZone).toBe('Asia/Tokyo');
    settings.take({ ...settings.now, app: { ...settings.now.app, timeZone: 'Europe/Berlin' } });
    expect(settings.timeZone).toBe('Europe/Berlin');
  });
});
