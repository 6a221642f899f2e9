import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { ok, unwrap } from '../../shared/result.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { transcriptSources } from '../compose/transcript-sources.ts';
import type { Withholding } from '../core/capture/log-words.ts';
import type { ListDeps } from '../core/workflows/list-sessions.ts';
import { listSessions, type SessionList } from '../core/workflows/list-sessions.ts';
import {
  sweepSessions,
  type SweepDeps,
  type SweepReport,
  type SweepRequest,
} from '../core/workflows/sweep-sessions.ts';
import { logsOfSessions } from '../core/workflows/written-sessions.ts';
import { storedSessions } from '../core/workflows/stored-sessions.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import { testUuid } from './sync-world.ts';

type Deps = SweepDeps & ListDeps;

/** A person's home folder with agents' sessions in it, and a data folder, on the real disk. */
export interface CaptureWorld {
  /** The person's home folder. */
  readonly user: string;
  readonly deps: Deps;
  readonly sessionLogs: string;
  /** Ids of sessions of which somebody wrote a log. */
  readonly written: Set<string>;
  /** Ids of sessions whose logs were forgotten. */
  readonly forgotten: Set<string>;
  capture: Settings['capture'];
  withhold: Withholding;
  /** The data folder. */
  readonly home: string;
  /** What pushes to a store, over the same data folder; there is none without it. */
  sync: SyncDeps | null;
  /** Writes a file below the home folder, with a time of change that many minutes ago. */
  put(path: string, content: string, minutesAgo?: number): void;
  read(path: string): string;
  remove(path: string): void;
  /** Sweeps without a failure. */
  sweep(request?: Partial<SweepRequest>): Promise<SweepReport>;
  list(): Promise<SessionList>;
  /** Every log below `session-logs/`, by its path. */
  logs(): ReadonlyMap<string, string>;
  /** Forgets what is known, as if `state/` had been deleted. */
  forget(): void;
  end(): void;
}

/** Where Claude Code keeps a session of the project in `/home/ada/harbour`. */
export const claudePath = (id: string): string => `.claude/projects/-home-ada-harbour/${id}.jsonl`;

/** Makes a world where Ada works in UTC, with `harbour` in her home folder as a registered workspace. Call `end` after the test. */
export function createCaptureWorld(): CaptureWorld {
  const root = mkdtempSync(join(tmpdir(), 'session-log-capture-'));
  const [user, home] = [join(root, 'ada'), join(root, 'data')];
  for (const folder of [user, home]) mkdirSync(folder);
  const files = createNodeFiles();
  const at = (path: string): string => join(user, path);
  const paths = {
    sessionLogs: join(home, 'session-logs'),
    transcripts: join(home, 'transcripts'),
    captures: join(home, 'state', 'captures.json'),
    captureLock: join(home, 'state', 'capture.lock'),
  };
  const identity = {
    user: 'ada',
    fullName: 'Ada Byron',
    email: '',
    role: null,
    machine: 'ada-mbp',
    path: '',
    registry: null,
    vaultPath: null,
  };
  const world: CaptureWorld = {
    user,
    sessionLogs: paths.sessionLogs,
    written: new Set(),
    forgotten: new Set(),
    capture: { ...DEFAULT_SETTINGS.capture, mode: 'on' },
    withhold: async (make) => make((text) => ({ text, labels: [] })),
    home,
    sync: null,
    get deps(): Deps {
      return {
        files,
        bytes: createNodeBytes(),
        locks: nodeLocks({ who: 'test' }),
        clock: createNodeClock(),
        logger: { warn: () => undefined },
        settings: { app: { ...DEFAULT_SETTINGS.app, timeZone: 'UTC' }, capture: world.capture },
        paths,
        sources: transcriptSources(files, { env: {}, home: user, workspaces: [at('harbour')] }),
        machine: testUuid('a'),
        managed: { claude: [], gemini: [] },
        author: async () => identity,
        withhold: world.withhold,
        written: async () => ok(world.written),
        forgotten: async () => ok(world.forgotten),
        logs: async () => (world.sync === null ? ok(new Map()) : logsOfSessions(world.sync)),
        stored: async () => (world.sync === null ? ok(() => false) : storedSessions(world.sync)),
        ...(world.sync?.copies ? { copies: world.sync.copies } : {}),
      };
    },
    put(path, content, minutesAgo = 60) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
      const time = Date.now() / 1_000 - minutesAgo * 60;
      utimesSync(at(path), time, time);
    },
    read: (path) => readFileSync(at(path), 'utf8'),
    remove: (path) => rmSync(at(path)),
    async sweep(request = {}) {
      const { report, problem } = unwrap(
        await sweepSessions(world.deps, { sessions: 'all', asked: false, ...request }),
      );
      if (problem !== null) throw new Error(problem.message);
      return report;
    },
    list: () => listSessions(world.deps, { budgetMs: 60_000 }),
    logs() {
      const found = new Map<string, string>();
      if (statSync(paths.sessionLogs, { throwIfNoEntry: false }) === undefined) return found;
      for (const entry of readdirSync(paths.sessionLogs, { recursive: true, withFileTypes: true }))
        if (entry.isFile()) {
          const file = join(entry.parentPath, entry.name);
          found.set(file.slice(paths.sessionLogs.length + 1), readFileSync(file, 'utf8'));
        }
      return found;
    },
    forget: () => rmSync(join(home, 'state'), { recursive: true, force: true }),
    end: () => rmSync(root, { recursive: true, force: true }),
  };
  return world;
}
