import { afterAll, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { CalendarDate, MachineUuid } from '../../../shared/domain/ids.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { EMPTY_SUMMARY, type FinishedOperation } from '../../../shared/ipc/operation.ts';
import { ok, unwrap, type Result } from '../../../shared/result.ts';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { readAnnounced, writeAnnounced } from '../app/attention/problem-news.ts';
import { readOperations, writeOperations } from '../app/operations/operations-file.ts';
import { readPause, writePause } from '../status/pause-file.ts';
import { createTreeMemory } from '../app/status/tree-memory.ts';
import { readPending, writePending } from '../git-sync/pending-move.ts';
import type { TreeRun } from '../git-sync/tree-run.ts';
import { changeNotes, readNotes, type NotesDeps } from '../notes/inbox-file.ts';
import type { Files } from '../ports/files.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { readMemory, remember } from '../save/save-memory.ts';
import { readMachineSummary, saveMachineSummary } from '../status/machine-summary.ts';
import { markSync, readSyncJournal } from '../status/sync-journal.ts';
import { openRefusals } from '../sync/refused-shards.ts';
import { refusedShard } from '../sync/shard-limits.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

const NOW = Date.UTC(2026, 0, 5);
const MACHINE = '6f1c2b9e-0c1d-5a8e-9d7f-1b2c3d4e5f60' as MachineUuid;
const SHA = 'a'.repeat(40);
const STORE = 'gs://b';

/** How a file of `state/` is written and read, and what it reads as when there is none. */
interface StateFileRow {
  readonly name: string;
  write(files: Files, path: string): Promise<unknown>;
  read(files: Files, path: string): Promise<unknown>;
  readonly none: unknown;
  readonly whole: unknown;
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const done: FinishedOperation = {
  id: 'a',
  kind: 'push',
  cause: 'person',
  subject: null,
  startedAt: NOW,
  phase: 'finishing',
  done: 1,
  total: 1,
  bytesDone: 0,
  bytesTotal: null,
  current: null,
  finishedAt: NOW,
  outcome: 'done',
  summary: EMPTY_SUMMARY,
  error: null,
  deferral: null,
};
const hint = { session: 's', workspace: '/w', base: 'session-logs', path: 'session-logs/a.md', at: NOW };
const machine = {
  machine: MACHINE,
  host: 'one',
  own: true,
  logs: 2,
  bytes: 3,
  cachedLogs: 0,
  firstDate: '2026-01-01' as CalendarDate,
  lastDate: null,
  lastSeen: null,
};
const receipt = { note: 'n', reader: 'mike', at: NOW, state: 'read' } as const;
const head = { generation: '7' } as ObjectInfo;

function notesDeps(files: Files, inbox: string, receipts: string): NotesDeps {
  const held = { release: () => Promise.resolve(ok(undefined)) };
  return {
    files,
    clock: createStillClock(NOW),
    locks: { acquire: () => Promise.resolve(ok(held)) } as unknown as NotesDeps['locks'],
    paths: { inbox, receipts, notesLock: '/state/notes.lock' },
  };
}

function treeRun(files: Files, path: string): TreeRun {
  const gitDir = path.slice(0, path.lastIndexOf('/'));
  return { deps: { files }, repo: { gitDir } } as unknown as TreeRun;
}

async function refusals(files: Files, path: string) {
  const paths = { state: path.slice(0, path.lastIndexOf('/')) };
  const deps = { files, paths, store: { url: STORE }, logger: silent } as unknown as SyncDeps;
  return openRefusals(deps, [{ machine: MACHINE, info: head }]);
}

/** A result as the value alone; a failure as its code. */
function flat<T>(result: Result<T, { readonly code: string }>): T | string {
  return result.ok ? result.value : result.error.code;
}

const ROWS: readonly StateFileRow[] = [
  {
    name: 'pause.json',
    write: (files, path) => writePause(files, path, { until: NOW + 1 }),
    read: (files, path) => readPause(files, path, NOW),
    none: null,
    whole: { until: NOW + 1 },
  },
  {
    name: 'operations.json',
    write: (files, path) => writeOperations(files, path, [done], silent),
    read: (files, path) => readOperations(files, path, silent),
    none: [],
    whole: [done],
  },
  {
    name: 'notified-problems.json',
    write: (files, path) => writeAnnounced(files, path, new Map([['p', { source: 's', message: 'm' }]])),
    read: async (files, path) => [...(await readAnnounced(files, path, silent))],
    none: [],
    whole: [['p', { source: 's', message: 'm' }]],
  },
  {
    name: 'workspaces.json',
    write: async (files, path) => {
      createTreeMemory(files, path, silent).note(
        '/w',
        'logs',
        { state: 'synced', branch: 'main', problem: null },
        NOW,
      );
      // Written behind the caller's back.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    read: async (files, path) => {
      const memory = createTreeMemory(files, path, silent);
      await memory.load();
      const [status] = memory.statuses({ ...DEFAULT_SETTINGS.git, workspaces: ['/w'] }, () => null);
      return [status?.branch, status?.lastSync];
    },
    none: [null, null],
    whole: ['main', NOW],
  },
  {
    name: 'schedule.json',
    write: (files, path) => markSync(files, createStillClock(NOW), path, STORE, 'push', null),
    read: async (files, path) => {
      const journal = await readSyncJournal(files, path, STORE);
      return journal.ok ? journal.value.marks.push.success : journal.error.code;
    },
    none: 0,
    whole: NOW,
  },
  {
    name: 'machines.json',
    write: (files, path) =>
      saveMachineSummary(files, { machines: async () => ok([machine]) } as unknown as LogIndex, {
        machineSummary: path,
        indexDb: '/state/index.db',
      }),
    read: async (files, path) => flat(await readMachineSummary(files, path)),
    none: null,
    whole: [machine],
  },
  {
    name: 'sessions.json',
    write: (files, path) => remember(files, path, null, hint, { 'Europe/Berlin': 'CET' }),
    read: async (files, path) => {
      const memory = await readMemory(files, path);
      return memory && { sessions: memory.sessions, labels: memory.labels };
    },
    none: null,
    whole: { sessions: [hint], labels: { 'Europe/Berlin': 'CET' } },
  },
  {
    name: 'refused-shards.json',
    write: async (files, path) => {
      const opened = await refusals(files, path);
      opened.note(MACHINE, head, refusedShard('It is too large.', 'Ask its owner.'));
      await opened.keep();
    },
    read: async (files, path) => {
      const known = (await refusals(files, path)).of(MACHINE, head);
      return known !== null && !known.ok ? known.error.message : null;
    },
    none: null,
    whole: 'It is too large.',
  },
  {
    name: 'session-log-pending.json',
    write: (files, path) => writePending(treeRun(files, path), { branch: 'main', old: SHA, new: SHA }),
    read: (files, path) => readPending(treeRun(files, path), 'main'),
    none: null,
    whole: { branch: 'main', old: SHA, new: SHA },
  },
  {
    name: 'inbox.json',
    write: (files, path) =>
      changeNotes(notesDeps(files, path, '/state/other.json'), (state) => ({
        state: { ...state, inbox: { ...state.inbox, listed: ['h'] } },
        value: null,
      })),
    read: async (files, path) => {
      const state = await readNotes(notesDeps(files, path, '/state/other.json'));
      return state.ok ? state.value.inbox.listed : state.error.code;
    },
    none: [],
    whole: ['h'],
  },
  {
    name: 'receipts.json',
    write: (files, path) =>
      changeNotes(notesDeps(files, '/state/other.json', path), (state) => ({
        state: { ...state, receipts: [receipt] },
        value: null,
      })),
    read: async (files, path) => {
      const state = await readNotes(notesDeps(files, '/state/other.json', path));
      return state.ok ? state.value.receipts : state.error.code;
    },
    none: [],
    whole: [receipt],
  },
];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let huge: Uint8Array | undefined;

/** What may lie in the place of a state file, made from a whole one. */
const DAMAGE: readonly (readonly [string, (whole: Uint8Array) => Uint8Array])[] = [
  ['is empty', () => bytes('')],
  ['was cut off', (whole) => whole.subarray(0, whole.length - 3)],
  ['is no UTF-8', () => new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ['holds JSON of something else', () => bytes('{"name":"left-pad","version":[1,3,0]}')],
  ['holds null', () => bytes('null')],
  ['is of a later version', () => bytes('{"schema":2,"all":"different"}')],
  ['is huge', () => (huge ??= bytes(`"${'x'.repeat(65 * 1024 * 1024)}"`))],
];

afterAll(() => {
  huge = undefined;
});

describe.each(ROWS)('$name', (row) => {
  const path = `/state/${row.name}`;

  it('reads as nothing when it is not there, and whole when it was written', async () => {
    const files = createMemoryFiles(createStillClock(NOW));
    expect(await row.read(files, path)).toEqual(row.none);
    await row.write(files, path);
    expect(await row.read(files, path)).toEqual(row.whole);
  });

  it.each(DAMAGE)('that %s is kept aside, and the next write begins anew', async (_what, damage) => {
    const files = createMemoryFiles(createStillClock(NOW));
    await row.write(files, path);
    const damaged = damage(unwrap(await files.read(path))!);
    unwrap(await files.replace(path, damaged));

    expect(await row.read(files, path)).toEqual(row.none);
    await row.write(files, path);
    expect(await row.read(files, path)).toEqual(row.whole);
    const kept = unwrap(await files.read(`${path}.damaged-2026-01-05T00-00-00`));
    expect(kept !== null && Buffer.compare(kept, damaged)).toBe(0);
  });

  it('that the disk refuses to read stays as it is', async () => {
    const files = createMemoryFiles(createStillClock(NOW));
    await row.write(files, path);
    files.fault = (call) =>
      call === 'readHead' ? appError('denied', 'Could not read it.', 'Give the right.') : null;
    const value = await row.read(files, path);
    expect(value === 'denied' || JSON.stringify(value) === JSON.stringify(row.none)).toBe(true);
    files.fault = null;
    expect(await row.read(files, path)).toEqual(row.whole);
  });
});
