import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { changedSettings, readExport } from './change-settings.ts';

describe('a change of settings', () => {
  it('changes what it names and leaves the rest', () => {
    const changed = changedSettings(DEFAULT_SETTINGS, { git: { vault: '/v' }, app: { firstRunDone: true } });
    expect(changed).toEqual({
      ok: true,
      value: {
        ...DEFAULT_SETTINGS,
        git: { ...DEFAULT_SETTINGS.git, vault: '/v' },
        app: { ...DEFAULT_SETTINGS.app, firstRunDone: true },
      },
    });
  });

  it('is refused as a whole, and names the field that a page marks', () => {
    const refused = changedSettings(DEFAULT_SETTINGS, {
      app: { timeZone: 'Mars/Olympus' },
      git: { vault: '/v' },
    });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', details: { field: 'app.timeZone' } },
    });
    const inList = changedSettings(DEFAULT_SETTINGS, { git: { workspaces: ['relative'] } });
    expect(inList).toMatchObject({ ok: false, error: { details: { field: 'git.workspaces' } } });
  });
});

describe('exported settings', () => {
  it('come back as they were', () => {
    const read = readExport(JSON.stringify(DEFAULT_SETTINGS), DEFAULT_SETTINGS);
    expect(read).toEqual({ ok: true, value: { settings: DEFAULT_SETTINGS, leftOut: [] } });
  });

  it('leave out what no machine can use, say so, and keep the present value', () => {
    const present = { ...DEFAULT_SETTINGS, app: { ...DEFAULT_SETTINGS.app, timeZone: 'Europe/Berlin' } };
    const file = {
      ...DEFAULT_SETTINGS,
      app: { ...DEFAULT_SETTINGS.app, timeZone: 'Mars/Olympus' },
      store: 7,
    };
    const read = readExport(JSON.stringify(file), present);
    expect(read).toMatchObject({ ok: true, value: { settings: { app: { timeZone: 'Europe/Berlin' } } } });
    expect(read.ok && read.value.settings.store).toEqual(present.store);
    expect(read.ok && read.value.leftOut.map((one) => one.split(' ')[0])).toEqual(
      expect.arrayContaining(['app.timeZone', 'store']),
    );
  });

  it.each(['no JSON', '7', '{"schema": 99}'])('are no settings: %s', (text) => {
    expect(readExport(text, DEFAULT_SETTINGS)).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', details: { field: 'text' } },
    });
  });
});
