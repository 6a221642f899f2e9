import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { testUuid } from '../../../testing/sync-world.ts';
import type { SyncJournal, SyncMark } from '../../status/sync-journal.ts';
import { NOTHING_LOCAL, sameSnapshot, snapshotOf, type StatusParts } from './snapshot.ts';

const NEVER: SyncMark = { success: 0, failure: null };
const failed = (at: number, code: string): SyncMark => ({
  success: 0,
  failure: { at, code, message: `${code} at ${at}`, remedy: 'Wait.' },
});
const journal = (marks: Partial<SyncJournal['marks']>): SyncJournal => ({
  marks: { push: NEVER, index: NEVER, pull: NEVER, full: NEVER, git: NEVER, ...marks },
});

const PARTS: StatusParts = {
  now: 1_000,
  settings: DEFAULT_SETTINGS,
  machine: { uuid: testUuid('a'), host: 'host-a' },
  store: {
    url: 'gs://b',
    kind: 'gcs',
    sameDisk: false,
    reachable: null,
    error: null,
    errorAt: null,
    retryAt: null,
  },
  local: NOTHING_LOCAL,
  workspaces: [],
  operations: [],
  attention: [],
  paused: null,
  scheduled: {
    push: 'on-change',
    index: 'auto',
    full: 'weekly',
    nextPush: null,
    nextIndex: null,
    nextFull: null,
    nextGitSync: null,
  },
  unread: 0,
  indexVersion: 0,
  update: { state: 'off' },
};
const store = (parts: Partial<StatusParts>) => snapshotOf({ ...PARTS, ...parts }).stores[0];

describe('one snapshot of everything', () => {
  it('says of the store what the journal knows until this run of the app has asked it', () => {
    const local = { ...NOTHING_LOCAL, journal: journal({ push: failed(50, 'offline') }) };
    expect(store({ local })).toMatchObject({
      reachable: null,
      lastError: { code: 'offline' },
      lastErrorAt: 50,
    });
    const answered = { ...(PARTS.store as NonNullable<StatusParts['store']>), reachable: true };
    expect(store({ local, store: answered })).toMatchObject({ lastError: null, lastErrorAt: null });
  });

  it('asks the first questions of nobody who has answered them, by whatever interface', () => {
    const author = { user: 'ada', name: 'Ada Byron', email: '', role: '' };
    const url = { ...DEFAULT_SETTINGS.store, url: 'gs://team' };
    const isFirst = (settings: Partial<StatusParts['settings']>): boolean =>
      snapshotOf({ ...PARTS, settings: { ...DEFAULT_SETTINGS, ...settings } }).firstRun;
    expect(isFirst({})).toBe(true);
    expect(isFirst({ store: url })).toBe(true);
    expect(isFirst({ author })).toBe(true);
    expect(isFirst({ store: url, author })).toBe(false);
    expect(isFirst({ app: { ...DEFAULT_SETTINGS.app, firstRunDone: true } })).toBe(false);
  });

  it('shows the newest failure that no later success of any kind has answered', () => {
    const one = journal({ push: failed(50, 'offline'), index: failed(70, 'denied') });
    expect(store({ local: { ...NOTHING_LOCAL, journal: one } })?.lastError?.code).toBe('denied');
    const answered = journal({ push: failed(50, 'offline'), pull: { success: 60, failure: null } });
    expect(store({ local: { ...NOTHING_LOCAL, journal: answered } })).toMatchObject({
      lastError: null,
      lastSuccess: 60,
    });
  });

  it('takes a code that this version does not know for a failure of the server', () => {
    const local = { ...NOTHING_LOCAL, journal: journal({ push: failed(50, 'from-the-future') }) };
    expect(store({ local })?.lastError?.code).toBe('server');
  });

  it('counts own logs on the disk and those of others as the index last held them', () => {
    const machine = (letter: string, own: boolean, logs: number) => ({
      machine: testUuid(letter),
      own,
      logs,
    });
    const machines = [machine('a', true, 90), machine('b', false, 5), machine('c', false, 7)] as never;
    expect(snapshotOf({ ...PARTS, local: { ...NOTHING_LOCAL, logs: 100, machines } }).totals).toEqual({
      logs: 112,
      machines: 3,
    });
  });

  it('has no store and counts no machine of its own while there is no core', () => {
    const snapshot = snapshotOf({ ...PARTS, machine: null, store: null });
    expect([snapshot.stores, snapshot.totals.machines]).toEqual([[], 0]);
  });

  it('needs a person before it is busy', () => {
    const error = appError('attention', 'x', 'y');
    const item = { id: 'x', kind: 'other', subject: 'x', since: 1, error, answers: [], route: null } as const;
    expect(snapshotOf({ ...PARTS, attention: [item] }).state).toBe('attention');
  });

  it('is the same at another time, and another when anything shown is', () => {
    const one = snapshotOf(PARTS);
    expect(sameSnapshot(one, snapshotOf({ ...PARTS, now: 5_000 }))).toBe(true);
    expect(sameSnapshot(one, snapshotOf({ ...PARTS, unread: 1 }))).toBe(false);
  });
});
