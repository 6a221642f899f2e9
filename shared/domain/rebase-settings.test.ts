import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { rebaseSettings } from './rebase-settings.ts';

const git = (over: Partial<Settings['git']>): Settings => ({
  ...DEFAULT_SETTINGS,
  git: { ...DEFAULT_SETTINGS.git, ...over },
});

describe('A change of settings put onto those that somebody else has changed', () => {
  it('takes what it touched and leaves the rest.', () => {
    const mine = git({ vault: '/vault' });
    const theirs: Settings = { ...DEFAULT_SETTINGS, app: { ...DEFAULT_SETTINGS.app, theme: 'dark' } };
    const both = rebaseSettings(DEFAULT_SETTINGS, mine, theirs);
    expect(both.git.vault).toBe('/vault');
    expect(both.app.theme).toBe('dark');
  });

  it('wins where both touched one value.', () => {
    const both = rebaseSettings(DEFAULT_SETTINGS, git({ vault: '/mine' }), git({ vault: '/theirs' }));
    expect(both.git.vault).toBe('/mine');
  });

  it('adds to a list and takes from it.', () => {
    const over = git({ workspaces: ['/a', '/b'] });
    const both = rebaseSettings(
      over,
      git({ workspaces: ['/b', '/mine'] }),
      git({ workspaces: ['/a', '/b', '/c'] }),
    );
    expect(both.git.workspaces).toEqual(['/b', '/c', '/mine']);
  });

  it('keeps the order of a list that nobody else touched.', () => {
    const over = git({ workspaces: ['/a', '/b'] });
    expect(rebaseSettings(over, git({ workspaces: ['/b', '/a'] }), over).git.workspaces).toEqual([
      '/b',
      '/a',
    ]);
  });

  it('adds and removes keys of an object, one by one.', () => {
    const hourly = { mode: 'logs', minutes: 60 } as const;
    const over = git({ schedule: { '/a': hourly } });
    const both = rebaseSettings(
      over,
      git({ schedule: {} }),
      git({ schedule: { '/a': hourly, '/b': hourly } }),
    );
    expect(both.git.schedule).toEqual({ '/b': hourly });
  });
});
