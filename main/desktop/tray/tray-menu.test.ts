import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { logId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import type { Operation } from '../../../shared/ipc/operation.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import type { StatusSnapshot, WorkspaceStatus } from '../../../shared/ipc/status.ts';
import { menuTemplate } from './menu-template.ts';
import { NOTHING_LISTED, trayMenu, type TrayLine } from './tray-menu.ts';
import { tooltip } from './tray-words.ts';

const MACHINE = 'a9dba759-e2ee-4be1-8c4c-6d0fb8ecd45c' as MachineUuid;
const NOON = Date.UTC(2026, 0, 6, 12, 0);

const IDLE: StatusSnapshot = {
  at: NOON,
  state: 'idle',
  unread: 0,
  firstRun: false,
  machine: { uuid: MACHINE, host: 'hal' },
  stores: [],
  workspaces: [],
  pending: { logs: 0, bytes: 0, hooks: 0 },
  paused: null,
  schedule: {
    push: 'on-change',
    index: 'auto',
    full: 'weekly',
    nextPush: null,
    nextIndex: null,
    nextFull: null,
    nextGitSync: null,
    lastFull: null,
  },
  operations: [],
  attention: [],
  totals: { logs: 0, machines: 1 },
  indexVersion: 1,
  lastSuccess: NOON - 3_600_000,
  update: { state: 'off' },
};

const TREE: WorkspaceStatus = {
  path: '/w',
  role: 'workspace',
  state: 'deferred',
  branch: 'main',
  deferred: {
    who: 'priya',
    host: 'hal',
    pid: 7,
    since: NOON - 120_000,
    doing: 'rebase',
    retryAt: NOON + 60_000,
  },
  lastSync: null,
  lastNotes: null,
  lastError: null,
  schedule: { mode: 'off', minutes: 30 },
  nextSync: null,
};

const PUSH: Operation = {
  id: 'a',
  kind: 'push',
  cause: 'person',
  subject: null,
  startedAt: NOON,
  phase: 'uploading',
  done: 3,
  total: 9,
  bytesDone: 0,
  bytesTotal: null,
  current: null,
  waitingFor: null,
  cancelling: false,
};

function labels(lines: readonly TrayLine[]): string[] {
  return lines.map(({ label }) => label).filter((label) => label !== '');
}

function find(lines: readonly TrayLine[], label: string): TrayLine | undefined {
  return lines.find((line) => line.label === label);
}

describe('the menu of the tray', () => {
  it('says only that it starts, and offers what needs no core, before the core is open', () => {
    const menu = trayMenu(null, NOTHING_LISTED, 'UTC');
    expect(labels(menu)[0]).toBe('Starting');
    expect(find(menu, 'Push now')?.action).toBeNull();
    expect(find(menu, 'Quit Session Log')?.action).toEqual({ do: 'quit' });
    expect(find(menu, 'Open log browser')?.action).toEqual({ do: 'browse' });
  });

  it('offers the git sync only where there is a work tree, and everything else with an identity', () => {
    expect(find(trayMenu(IDLE, NOTHING_LISTED, 'UTC'), 'Push now')?.action).toEqual({ do: 'push' });
    expect(find(trayMenu(IDLE, NOTHING_LISTED, 'UTC'), 'Sync git')?.action).toBeNull();
    const withTree = { ...IDLE, workspaces: [TREE] };
    expect(find(trayMenu(withTree, NOTHING_LISTED, 'UTC'), 'Sync git')?.action).toEqual({ do: 'git' });
    expect(find(trayMenu({ ...IDLE, machine: null }, NOTHING_LISTED, 'UTC'), 'Push now')?.action).toBeNull();
  });

  it('says each state in words', () => {
    const head = (status: StatusSnapshot): string[] =>
      labels(trayMenu(status, NOTHING_LISTED, 'UTC')).slice(0, 2);
    expect(head({ ...IDLE, state: 'syncing', operations: [PUSH] })[0]).toBe('Syncing: Push');
    expect(head({ ...IDLE, state: 'deferred', workspaces: [TREE] })).toEqual([
      'Deferred: priya is syncing',
      'since 11:58, next try 12:01',
    ]);
    expect(head({ ...IDLE, state: 'offline' })[0]).toBe('Offline');
    const item = {
      id: 'x',
      kind: 'denied' as const,
      subject: 's',
      since: NOON,
      error: appError('denied', 'no', 'ask'),
      answers: [],
      route: null,
    };
    const attention = trayMenu({ ...IDLE, state: 'attention', attention: [item] }, NOTHING_LISTED, 'UTC');
    expect(attention.slice(0, 2)).toEqual([
      { label: '1 thing needs attention', action: { do: 'browse', route: '#/sync' } },
      { label: 'Access denied: s', action: { do: 'browse', route: '#/sync' } },
    ]);
  });

  it('does not change while an operation counts', () => {
    const at = (done: number): string =>
      JSON.stringify(
        trayMenu({ ...IDLE, state: 'syncing', operations: [{ ...PUSH, done }] }, NOTHING_LISTED, 'UTC'),
      );
    expect(at(3)).toBe(at(4));
  });

  it('resumes where a person paused, and tells until when', () => {
    const asked = { since: NOON, until: NOON + 3_600_000, reason: 'asked' as const };
    const menu = trayMenu({ ...IDLE, paused: asked }, NOTHING_LISTED, 'Europe/Berlin');
    expect(labels(menu)).toContain('Paused until 14:00');
    expect(find(menu, 'Resume')?.action).toEqual({ do: 'resume' });
    // Battery is no pause of a person's: there is nothing to resume.
    const battery = trayMenu({ ...IDLE, paused: { ...asked, reason: 'battery' } }, NOTHING_LISTED, 'UTC');
    expect(find(battery, 'Pause')?.lines).toHaveLength(2);
  });

  it('shows names of other machines as text: no line breaks, no direction marks, not too long', () => {
    const path = '2026-01-06-mallory-x.md' as LogPath;
    const row = {
      id: logId(MACHINE, path),
      date: '2026-01-06',
      kind: 'session',
      title: `a\n\u202Eb & ${'long '.repeat(40)}`,
      topic: null,
      path,
    } as unknown as LogRow;
    const note = { from: 'M\u202E', text: 'x\ny', log: row.id, line: 12 } as unknown as InboxNote;
    const menu = trayMenu(IDLE, { recent: [row], notes: [note] }, 'UTC');
    const [log] = find(menu, 'Recent sessions')?.lines ?? [];
    expect(log?.label).not.toMatch(/[\n\u202E]/);
    expect(Array.from(log?.label ?? '').length).toBeLessThanOrEqual(60);
    expect(log?.action).toEqual({ do: 'browse', route: `#/logs/${MACHINE}/${path}` });
    const [unread] = find(menu, 'Unread notes')?.lines ?? [];
    expect(unread?.label).not.toMatch(/[\n\u202E]/);
    expect(unread?.action).toEqual({ do: 'browse', route: `#/logs/${MACHINE}/${path}?line=12` });
    expect(menuTemplate([log ?? { label: '', action: null }], () => undefined)[0]?.label).toContain('&&');
  });
});

describe('the tooltip', () => {
  it('says the state, the notes and the last success, with the day when that is another', () => {
    expect(tooltip({ ...IDLE, unread: 2 }, 'UTC')).toBe(
      'Session Log: Up to date\n2 unread notes\nLast synced 11:00',
    );
    expect(tooltip({ ...IDLE, lastSuccess: NOON - 86_400_000 }, 'UTC')).toContain('Last synced 5 Jan, 12:00');
    expect(tooltip({ ...IDLE, lastSuccess: null }, 'UTC')).toContain('Never synced');
  });
});
