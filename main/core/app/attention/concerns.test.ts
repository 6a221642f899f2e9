import { heldSecretsOf } from '../../../../shared/domain/held-secrets.ts';
import { describe, expect, it } from 'vitest';
import { appError, ERROR_CODES } from '../../../../shared/app-error.ts';
import { endingOf } from '../../../../shared/ending.ts';
import type { LogPath } from '../../../../shared/domain/ids.ts';
import { parseHash } from '../../../../shared/ipc/route.ts';
import { testUuid } from '../../../testing/sync-world.ts';
import type { PushReport } from '../../sync/push-tally.ts';
import {
  concernOfCore,
  concernOfHostname,
  concernOfSync,
  concernOfTree,
  concernsOfPush,
} from './concerns.ts';
import { routeOfProblem } from '../notes/announcements.ts';

const REPORT = { attention: [], shorter: [], refused: [], lost: [] } as unknown as PushReport;

describe('what a failed sync asks of a person', () => {
  it.each(ERROR_CODES)(
    'is nothing for %s when it will be retried, and leads to a page that exists',
    (code) => {
      const error = appError(code, 'Words.', 'Remedy.');
      const concern = concernOfSync(error, 'gs://b');
      if (['deferred', 'cancelled', 'partial'].includes(endingOf(error))) expect(concern).toBeNull();
      if (concern?.route !== undefined) expect(parseHash(concern.route)).not.toBeNull();
      if (concern !== null) expect(concern.answers).toContain('retry');
    },
  );
});

it('a second account of one computer is asked who it is, and is no alarm', () => {
  const error = appError('clone-alarm', 'Another data folder.', 'Choose.', {
    details: { sameComputer: true },
  });
  expect(concernOfSync(error, 'gs://b')).toMatchObject({
    kind: 'second-account',
    answers: ['own-account', 'go-on-as'],
  });
});

describe('what a push asks of a person', () => {
  it('is a choice for each log that is shorter than in the store, and leads to that log', () => {
    const path = '2026-01-06-hal-long.md' as LogPath;
    const [concern] = concernsOfPush(
      { ...REPORT, attention: [path], shorter: [{ path, here: 60, stored: 1_200 }] },
      testUuid('a'),
    );
    expect(concern?.error.message).toContain('is shorter here (60 B) than its backup (1.2 KB)');
    expect(concern).toMatchObject({ kind: 'log-shrunk', answers: ['take-remote', 'push-as-is', 'dismiss'] });
    expect(parseHash(concern?.route ?? '')).toMatchObject({ view: 'logs', log: `${testUuid('a')}/${path}` });
  });

  it('names the file that cannot be pushed, and says of lost logs how many they are', () => {
    const refused = [{ path: 'a\nb.md', problem: 'its name holds a line break' }];
    const lost = ['x.md', 'y.md'] as LogPath[];
    const concerns = concernsOfPush({ ...REPORT, refused, lost }, testUuid('a'));
    expect(concerns.map(({ error }) => error.message)).toEqual([
      'a\nb.md cannot be pushed: its name holds a line break.',
      expect.stringContaining('2'),
    ]);
    expect(concerns[1]).toMatchObject({
      kind: 'logs-lost',
      answers: ['restore-all', 'forget-lost', 'dismiss'],
    });
  });
});

describe('what a workspace asks of a person', () => {
  it.each([
    [appError('denied', 'No.', 'Ask.'), 'denied'],
    [appError('attention', 'A conflict in x.md.', 'Solve it.'), 'git-conflict'],
    [appError('attention', 'Both moved.', 'Solve it.', { details: { cause: 'conflict' } }), 'git-conflict'],
    [appError('attention', 'A rebase is under way.', 'End it.'), 'git-state'],
  ] as const)('says what kind of thing it is', (error, kind) => {
    expect(concernOfTree('/w', error)).toMatchObject({ kind, subject: '/w', answers: ['retry', 'dismiss'] });
  });

  it('offers what can be done about secrets, beside the list of them', () => {
    const secrets = [{ path: 'a.md', line: 3, kind: 'github token', id: '0123abcd' }];
    const error = appError('attention', 'x', 'y', { details: { cause: 'secrets', tree: '/w', secrets } });
    const concern = concernOfTree('/w', error);
    expect(concern.answers).toEqual([
      'withhold-secrets',
      'commit-secrets',
      'always-commit-secrets',
      'leave-secrets',
    ]);
    // A notification leads to where these answers are.
    expect(routeOfProblem({ ...concern, route: concern.route ?? null })).toBe('#/sync');
    expect(heldSecretsOf(concern.error)).toEqual({ tree: '/w', secrets, open: null });
    const open = { ...error, details: { ...error.details, open: 'https://forge.example/app' } };
    expect(concernOfTree('/w', open).answers).not.toContain('always-commit-secrets');
  });
});

describe('why there is no core', () => {
  const [settings, identity] = ['/home/settings.json', '/home/machine-id.json'];
  it.each([
    [appError('corrupt', 'No JSON.', 'x', { details: { path: settings } }), 'settings'],
    [appError('invalid-input', 'x', 'x', { details: { field: 'store.url' } }), 'settings'],
    [appError('corrupt', 'x', 'x', { details: { path: identity } }), 'identity'],
    [appError('disk-full', 'x', 'x'), 'disk-full'],
    [appError('denied', 'x', 'x', { details: { path: '/elsewhere' } }), 'denied'],
    [appError('io', 'x', 'x'), 'other'],
  ] as const)('is told as what a person can set right', (error, kind) => {
    expect(concernOfCore(error, settings, identity).kind).toBe(kind);
  });

  it('offers an identity of its own only where the old one is damaged', () => {
    const error = appError('corrupt', 'x', 'x', { details: { path: identity } });
    expect(concernOfCore(error, settings, identity).answers).toContain('start-fresh');
    expect(concernOfHostname('old', 'new').answers).toEqual(['accept-hostname', 'split-machine', 'dismiss']);
  });
});
