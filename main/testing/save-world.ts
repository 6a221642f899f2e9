import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AppError } from '../../shared/app-error.ts';
import { readLogText } from '../../shared/domain/log-text.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { unwrap } from '../../shared/result.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import type { SaveDeps, SavePlace, SaveRequest } from '../core/save/save-plan.ts';
import { save, type SaveReport } from '../core/save/save.ts';
import { createSeededRandom } from './seeded-random.ts';

/** A workspace and a data folder on the real disk, for everything that saves. */
export interface SaveWorld {
  /** Root of the work tree; the folder `.git` in it is empty. */
  readonly workspace: string;
  readonly home: string;
  readonly deps: SaveDeps;
  readonly place: SavePlace;
  /** The time every save sees, epoch milliseconds; the real time while null. */
  now: number | null;
  /** A request with `text`, from a stream in the workspace's root. */
  request(text: string | Uint8Array, more?: Partial<SaveRequest>): SaveRequest;
  /** Saves what must succeed. */
  save(text: string, more?: Partial<SaveRequest>): Promise<SaveReport>;
  /** Saves what must fail. */
  refusal(text: string | Uint8Array, more?: Partial<SaveRequest>): Promise<AppError>;
  /** The headings of a log of the workspace, with their marks. */
  headings(path: string): readonly string[];
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  /** Every file of the workspace outside `.git` and `.claude`, and of the data folder outside `state/`, sorted. */
  list(): Promise<{ readonly workspace: readonly string[]; readonly home: readonly string[] }>;
  end(): void;
}

export const HOST = 'GURU-KALI';

/** Makes a world where Mike works on {@link HOST}. Call `end` after the test. */
export function createSaveWorld(name = 'claudetools'): SaveWorld {
  const root = mkdtempSync(join(tmpdir(), 'session-log-save-'));
  const [workspace, home] = [join(root, name), join(root, 'home')];
  for (const folder of [join(workspace, '.git'), home]) mkdirSync(folder, { recursive: true });
  const clock = createNodeClock();
  const world: SaveWorld = {
    workspace,
    home,
    now: null,
    deps: {
      files: createNodeFiles(),
      locks: nodeLocks({ who: 'test' }),
      clock: { ...clock, now: () => world.now ?? clock.now() },
      random: createSeededRandom(1),
      bytes: createNodeBytes(),
    },
    place: {
      paths: {
        sessionLogs: join(home, 'session-logs'),
        settings: join(home, 'settings.json'),
        unsaved: join(home, 'unsaved'),
        sessionHints: join(home, 'state', 'sessions.json'),
        saveLock: join(home, 'state', 'save.lock'),
      },
      hostname: HOST,
      timeZone: 'America/Los_Angeles',
      toStore: 'summary',
      workspaces: [],
      author: DEFAULT_SETTINGS.author,
      proposal: async () => DEFAULT_SETTINGS.author,
    },
    request: (text, more = {}) => ({
      text: typeof text === 'string' ? new TextEncoder().encode(text) : text,
      from: { kind: 'stream' },
      cwd: workspace,
      workspace: null,
      scope: null,
      topic: null,
      session: null,
      log: null,
      ...more,
    }),
    save: async (text, more) => unwrap(await save(world.deps, world.place, world.request(text, more))),
    refusal: async (text, more) => {
      const result = await save(world.deps, world.place, world.request(text, more));
      if (result.ok) throw new Error(`saved as ${result.value.path}`);
      return result.error;
    },
    headings: (path) =>
      readLogText(world.read(path), path).sections.map(({ level, title }) => `${'#'.repeat(level)} ${title}`),
    write: (path, content) => {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), content);
    },
    read: (path) => readFileSync(join(workspace, path), 'utf8'),
    list: async () => ({
      workspace: (await filesBelow(workspace)).filter((path) => !/^\.(?:git|claude)\//.test(path)),
      home: (await filesBelow(home)).filter((path) => !path.startsWith('state/')),
    }),
    end: () => rmSync(root, { recursive: true, force: true }),
  };
  world.write('.claude/identity.json', JSON.stringify(MIKE));
  world.write(
    '.claude/users.json',
    JSON.stringify({ users: { mike: { role: 'admin', known_machines: [HOST] }, howard: { role: 'tech' } } }),
  );
  return world;
}

/** The identity.json of {@link createSaveWorld}. */
export const MIKE = {
  user: 'mike',
  full_name: 'Mike Swanson',
  email: 'mike@example.com',
  role: 'owner',
  machine: HOST,
};

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
