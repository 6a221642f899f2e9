import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/app-error.ts';
import type { LogPath } from '../../shared/domain/ids.ts';
import type { FullReport } from '../core/workflows/full-sync.ts';
import type { PushReport } from '../core/sync/push-tally.ts';
import { describeError } from './cli-context.ts';
import { fullText, pushText, restoreAllText } from './sync-text.ts';

const PATH = '2026-01-05-mara-x.md' as LogPath;
const ERROR = appError('denied', 'It cannot be read.', 'Let it be read.');
const NOTHING: PushReport = {
  uploaded: [],
  unchanged: 0,
  gone: [],
  lost: [],
  attention: [],
  shorter: [],
  refused: [],
  failed: [],
  pending: 0,
  bytes: 0,
  published: false,
  copies: null,
  dryRun: false,
};

it('gives every name one line, whatever is in it', () => {
  const refused = [{ path: 'a\nPushed 3 logs.md', problem: 'it is refused' }];
  expect(pushText({ ...NOTHING, refused })).toContain('  ! a Pushed 3 logs.md  it is refused');
});

describe('a push that sent nothing', () => {
  it.each<[string, Partial<PushReport>, string]>([
    ['there is nothing at all', {}, 'Nothing to push.'],
    ['all is there', { unchanged: 3 }, 'Nothing to push: 3 logs are in the store.'],
    ['it came to none', { pending: 200 }, 'Nothing was pushed.\n200 logs not pushed yet.'],
    [
      'a log failed',
      { failed: [{ path: PATH, error: ERROR }] },
      `Nothing was pushed.\n  ! ${PATH}  It cannot be read.`,
    ],
  ])('says so truly when %s', (_, part, text) => {
    expect(pushText({ ...NOTHING, ...part })).toBe(text);
  });
});

it('a restore says what came back, would come, or that nothing is missing', () => {
  expect(restoreAllText({ restored: [PATH], failed: [], strangers: [], copies: null }, false)).toBe(
    `Brought back 1 log from the store.\n  < ${PATH}`,
  );
  expect(restoreAllText({ restored: [PATH], failed: [], strangers: [], copies: null }, true)).toContain(
    'Would bring back 1 log',
  );
  expect(restoreAllText({ restored: [], failed: [], strangers: [], copies: null }, false)).toBe(
    'Every own log in the store is on this disk.',
  );
  const copies = { restored: 2, bytes: 4_000, left: 3, failed: [], failedTotal: 0, strangers: [] };
  const text = restoreAllText({ restored: [], failed: [], strangers: [], copies }, false);
  expect(text).toContain('Brought back the copies of 2 sessions (4.0 KB).');
  expect(text).toContain('The copies of 3 sessions stay in the store alone');
});

describe('a full sync', () => {
  const FULL: FullReport = {
    restore: { restored: [], failed: [], strangers: [] },
    push: { ...NOTHING, unchanged: 17 },
    index: { machines: 3, updated: [], failed: [], refused: 0, foreign: [], texts: null },
    reconciled: 0,
    copies: null,
    republished: false,
    aggregate: true,
  };
  const COMPARED = 'Compared with the store: 17 own logs are there as written.';

  it('says that it compared, when nothing was wrong', () => {
    expect(fullText(FULL).split('\n')).toEqual([
      'Nothing to push: 17 logs are in the store.',
      'Index of 3 machines: nothing new.',
      COMPARED,
    ]);
  });

  it.each<[string, Partial<FullReport>]>([
    ['a log failed', { push: { ...NOTHING, unchanged: 16, failed: [{ path: PATH, error: ERROR }] } }],
    ['a log is shorter here', { push: { ...NOTHING, unchanged: 16, attention: [PATH] } }],
    ['something was set right', { reconciled: 1 }],
    ['its index was written again', { republished: true }],
    ['a log did not come back', { restore: { ...FULL.restore, failed: [{ path: PATH, error: ERROR }] } }],
    ['it only tried', { push: { ...NOTHING, unchanged: 17, dryRun: true } }],
  ])('does not call all well when %s', (_, part) => {
    expect(fullText({ ...FULL, ...part })).not.toContain('Compared with the store');
  });
});

it('a run that met a lock says once that it is deferred', () => {
  const held = appError('lock-held', 'Deferred: mara on host holds the lock /x.', 'Later.');
  expect(describeError(held)).toBe('Deferred: mara on host holds the lock /x.\n  Later.');
  expect(describeError(appError('cancelled', 'The push was stopped.', ''))).toBe(
    'stopped: The push was stopped.',
  );
  expect(describeError(ERROR)).toBe('session-log: It cannot be read.\n  Let it be read.');
});
