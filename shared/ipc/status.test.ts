import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.ts';
import {
  appStateOf,
  type AttentionItem,
  type StateParts,
  type StoreStatus,
  type WorkspaceStatus,
} from './status.ts';

const deferral = { who: 'mike', host: 'box', pid: 7, since: 1, doing: 'git-sync', retryAt: 9 };
const operation: Operation = {
  id: 'a',
  kind: 'push',
  cause: 'person',
  subject: null,
  startedAt: 0,
  phase: 'uploading',
  done: 0,
  total: null,
  bytesDone: 0,
  bytesTotal: null,
  current: null,
  waitingFor: null,
  cancelling: false,
};
const store: StoreStatus = {
  url: 'gs://b',
  kind: 'gcs',
  sameDisk: false,
  reachable: true,
  lastSuccess: 1,
  lastError: null,
  lastErrorAt: null,
  retryAt: null,
};
const workspace: WorkspaceStatus = {
  path: '/w',
  role: 'workspace',
  state: 'idle',
  branch: 'main',
  deferred: null,
  lastSync: 1,
  lastNotes: null,
  lastError: null,
  schedule: { mode: 'off', minutes: 30 },
  nextSync: null,
};
const item: AttentionItem = {
  id: 'x',
  kind: 'denied',
  subject: 'gs://b',
  since: 1,
  error: { code: 'denied', message: 'No.', remedy: 'Ask.', transient: false },
  answers: [],
  route: null,
};
const calm: StateParts = { attention: [], operations: [], workspaces: [workspace], stores: [store] };

describe('appStateOf', () => {
  it.each<[string, Partial<StateParts>, string]>([
    ['nothing going on', {}, 'idle'],
    ['a store not tried yet', { stores: [{ ...store, reachable: null }] }, 'idle'],
    ['a store out of reach', { stores: [{ ...store, reachable: false }] }, 'offline'],
    ['a remote out of reach', { workspaces: [{ ...workspace, state: 'offline' }] }, 'offline'],
    ['a workspace put off', { workspaces: [{ ...workspace, deferred: deferral }] }, 'deferred'],
    ['a run that waits for the lock', { operations: [{ ...operation, waitingFor: deferral }] }, 'deferred'],
    ['one waits, one works', { operations: [{ ...operation, waitingFor: deferral }, operation] }, 'syncing'],
    ['work while offline', { operations: [operation], stores: [{ ...store, reachable: false }] }, 'syncing'],
    ['a question while work runs', { operations: [operation], attention: [item] }, 'attention'],
  ])('%s', (_name, change, state) => {
    expect(appStateOf({ ...calm, ...change })).toBe(state);
  });
});
