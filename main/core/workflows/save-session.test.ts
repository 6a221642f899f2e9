import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { createSaveWorld, HOST, type SaveWorld } from '../../testing/save-world.ts';
import { countQueued } from '../agent-hooks/queue.ts';
import type { Git } from '../ports/git.ts';
import {
  saveSession,
  type SaveSessionDeps,
  type SaveSessionSteps,
  type SessionSaved,
} from './save-session.ts';

const HAL = { name: 'Hal Casteel', user: 'hal', email: '' };

let world: SaveWorld;
let deps: SaveSessionDeps;
let shown: SessionSaved[];
/** What happened, in its order. */
let did: string[];

beforeEach(() => {
  world = createSaveWorld();
  shown = [];
  did = [];
  const state = (name: string): string => join(world.home, 'state', name);
  const git = { run: async () => err(appError('offline', 'No git.', 'Later.')) } as unknown as Git;
  deps = {
    ...world.deps,
    git,
    runner: { run: async () => err(appError('bug', 'nothing runs here', '')) } as never,
    settings: DEFAULT_SETTINGS,
    hostname: HOST,
    systemUser: 'root',
    paths: {
      ...world.place.paths,
      state: join(world.home, 'state'),
      machineId: join(world.home, 'machine-id.json'),
      queue: state('queue.jsonl'),
      inbox: state('inbox.json'),
      receipts: state('receipts.json'),
      notesLock: state('notes.lock'),
    },
  };
});
afterEach(() => world.end());

const queued = async (): Promise<number> => unwrap(await countQueued(deps.files, deps.paths));

function steps(store: AppError | null = null): SaveSessionSteps {
  return {
    onWritten: async ({ file }) => void did.push(`written ${String(existsSync(file))}`),
    show: async (saved) => {
      shown.push(saved);
      did.push(`shown, ${await queued()} queued`);
      return [];
    },
    reachStore: async ({ user }) => {
      did.push(`store for ${user}`);
      return store;
    },
  };
}

const run = (inDataFolder: boolean, sync = true, store: AppError | null = null) =>
  saveSession(
    deps,
    {
      log: world.request('# Zone\n\nMoved the zone.\n', inDataFolder ? { inDataFolder } : {}),
      author: HAL,
      sync,
      waitMs: 0,
    },
    steps(store),
  );

it('writes, queues the push, shows the receipt and then reaches the store', async () => {
  const saved = unwrap(await run(true));
  expect(did).toEqual(['written true', 'shown, 1 queued', 'store for hal']);
  expect(saved).toMatchObject({ problem: null, unsynced: null, store: null, notes: [] });
  expect(saved.report).toMatchObject({
    wiki: null,
    sync: null,
    save: { workspace: null, action: 'created' },
  });
});

it('is a success although the store is out of reach, and says why that is', async () => {
  const offline = appError('offline', 'The store does not answer.', 'Later.');
  expect(unwrap(await run(true, true, offline))).toMatchObject({ problem: null, store: offline });
});

it('only writes when nothing is to be synced', async () => {
  const saved = unwrap(await run(false, false));
  expect(did).toEqual(['written true', 'shown, 0 queued']);
  expect(saved.report).toMatchObject({ wiki: null, sync: null, save: { workspace: world.workspace } });
});

it('keeps the log of a work tree that cannot be synced, tells it apart from the write, and goes on to the store', async () => {
  const saved = unwrap(await run(false));
  expect(saved.unsynced).toMatchObject({ code: 'offline', message: 'No git.' });
  expect(saved.problem).toBe(saved.unsynced);
  expect(saved.report).toMatchObject({ sync: null, wiki: { how: 'skipped' }, save: { action: 'created' } });
  expect(did).toEqual(['written true', 'shown, 1 queued', 'store for mike']);
});

it('fails before anything is shown when the log cannot be written, and keeps the text', async () => {
  const refused = await saveSession(
    deps,
    {
      log: world.request('Done.', { scope: { kind: 'project', name: 'nowhere' } }),
      author: HAL,
      sync: true,
      waitMs: 0,
    },
    steps(),
  );
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'not-found', details: { keptAt: expect.any(String) } },
  });
  expect([did, shown, await queued()]).toEqual([[], [], 0]);
  expect(readdirSync(join(world.home, 'unsaved'))).toHaveLength(1);
});
