import { describe, expect, it } from 'vitest';
import { appError } from '../app-error.ts';
import { DEFAULT_SETTINGS } from '../domain/settings.ts';
import { en } from '../i18n/en.ts';
import { failureWords, windowRemedy, windowWords } from './window-remedy.ts';

const ZONE = 'Europe/Berlin';

function shown(remedy: string, action?: string) {
  const { text, actions } = windowRemedy(
    appError('io', 'x', remedy, action === undefined ? {} : { action }),
    ZONE,
  );
  return [text, ...actions.map(({ label }) => label)];
}

describe('a remedy in a window', () => {
  it.each([
    ['Run `session-log doctor`.', 'Choose “See details”.', 'See details'],
    [
      'Check the disk or the network share and run `session-log doctor`; nothing was replaced.',
      'Check the disk or the network share and choose “See details”; nothing was replaced.',
      'See details',
    ],
    ['session-log sync --push', '', 'Push now'],
    [
      'Mount the share and sync again. If the folder is meant to become a new store, connect it once: session-log config set store.url file:///FOLDER',
      'Mount the share and sync again. If the folder is meant to become a new store, connect it once.',
      'Store settings',
    ],
    [
      'Run `session-log sync --index`, then `session-log list`.',
      'Choose “Check for new logs”, then “Show logs”.',
      'Check for new logs',
      'Show logs',
    ],
    [
      'Refresh the index (`session-log sync --index`) and ask again.',
      'Refresh the index (“Check for new logs”) and ask again.',
      'Check for new logs',
    ],
  ])('says and offers for %j what the window can do', (remedy, ...rest) => {
    expect(shown(remedy)).toEqual(rest);
  });

  it('offers both ways out of lost logs', () => {
    expect(
      shown(
        'Bring them back: `session-log restore --all` (a full sync does it too). If you deleted them on purpose: `session-log sync --push --deleted`.',
      ).slice(1),
    ).toEqual([en.remedies.restoreAll, en.remedies.details]);
  });

  it('offers no button for what is to be done at another machine', () => {
    expect(shown('Run `session-log sync --full` on that machine: it writes its index again.')).toEqual([
      'Choose “Verify everything” on that machine: it writes its index again.',
    ]);
    expect(shown('Run `session-log sync --full` on hal-mbp: it writes the part again.')).toHaveLength(1);
  });

  it('leaves out how a command line is written', () => {
    expect(
      shown('Nothing is lost. Run the command again later, or wait longer with --wait <seconds>.'),
    ).toEqual(['Nothing is lost.']);
    expect(shown('See `session-log list --help`.')).toEqual(['']);
  });

  it('keeps the commands of other programs, and says of ours that are missing here where they run', () => {
    expect(
      shown(
        'Run `gcloud auth application-default login`, or name a key file: `session-log config set store.credentials FILE`.',
      ),
    ).toEqual([
      'Run “gcloud auth application-default login”, or name a key file: “Store settings”.',
      'Store settings',
    ]);
    expect(
      shown('Undo it in a terminal, because that makes a commit: session-log migrate --undo')[0],
    ).toContain('in a terminal');
  });

  it('leaves what this window was refused to a terminal, with every word of the command', () => {
    expect(shown('Do it in a terminal: `session-log config set store.tenant harbor`.')).toEqual([
      'Do it in a terminal: “session-log\u00a0config set store.tenant harbor”.',
    ]);
  });

  it('takes the command that an error names where its words name none', () => {
    expect(shown('Do it once.', 'session-log init')).toEqual(['Do it once.', 'Machine settings']);
    expect(shown('Nothing is lost.', 'lock status')).toEqual(['Nothing is lost.']);
  });
});

describe('the words of a failure in a window', () => {
  it('have the times of the person’s clock', () => {
    expect(windowWords('mara holds the lock, since 2026-11-29T02:58:29.760Z.', ZONE)).toMatch(
      /^mara holds the lock, since .*29 Nov.*, 03:58\.$/,
    );
    expect(windowWords('since 2026-11-29T02:58:29.760Z', ZONE)).not.toMatch(/T\d\d:|Z$/);
  });

  it('name settings as the pages do, each of them', () => {
    expect(windowWords('store.url must be an address.', ZONE)).toBe(
      'The address of the store must be an address.',
    );
    const keys = Object.entries(DEFAULT_SETTINGS).flatMap(([group, values]) =>
      typeof values === 'object' ? Object.keys(values as object).map((key) => `${group}.${key}`) : [],
    );
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) expect(en.remedies.settingNames, key).toHaveProperty([key]);
    for (const key of keys) expect(windowWords(`Correct ${key}.`, ZONE)).not.toContain(key);
  });

  it('leave paths and hosts alone', () => {
    expect(windowWords('See /srv/store.url/x and store.urls and app.example.net.', ZONE)).toContain(
      '/srv/store.url/x and store.urls and app.example.net',
    );
  });

  it('are one text where there is no room for a button', () => {
    const error = appError('io', 'The disk failed.', 'Run `session-log doctor`; nothing was replaced.');
    expect(failureWords(error, ZONE)).toBe('The disk failed. Choose “See details”; nothing was replaced.');
  });
});
