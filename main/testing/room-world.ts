import { staysHere } from '../../shared/domain/stays-here.ts';
import { gunzipSync, gzipSync } from 'node:zlib';
import { appError, type AppError } from '../../shared/app-error.ts';
import type { MachineUuid, TenantId } from '../../shared/domain/ids.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { createAge } from '../adapters/age/create-age.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { dataPaths } from '../compose/paths.ts';
import { openSealing } from '../compose/sealing.ts';
import type { AppCore, AppParts } from '../core/app/app-core.ts';
import { createBus, type AppNews, type Bus } from '../core/app/bus.ts';
import { openPresentCore } from '../core/app/present-core.ts';
import { createPresentSettings } from '../core/app/settings/present-settings.ts';
import type { ShellService } from '../core/app/app-service.ts';
import { createMachineKeys } from '../core/machine/machine-keys.ts';
import type { Bytes } from '../core/ports/bytes.ts';
import { createKeptValues } from '../core/secrets/kept-values.ts';
import { createSharedValues } from '../core/secrets/shared-values.ts';
import { createNotSecrets } from '../core/secrets/not-secrets.ts';
import type { Git, GitAnswer, GitCall } from '../core/ports/git.ts';
import type { PowerEvent, PowerState } from '../core/ports/power.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import type { WatchRequest } from '../core/ports/watcher.ts';
import { rebaseSettings } from '../../shared/domain/rebase-settings.ts';
import { createSearchTextSink } from '../core/text-packs/search-text-sink.ts';
import { storeLayout } from '../core/store/layout.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { TranscriptsHere } from '../core/workflows/capture-base.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import { createMemoryKeychain } from './memory-keychain.ts';
import { createMemoryFiles, type MemoryFiles } from './memory-files.ts';
import { createMemoryLocks, type MemoryLocks } from './memory-locks.ts';
import { createMemoryLogIndex } from './memory-log-index.ts';
import { createMemoryObjectStore } from './memory-object-store.ts';
import { createMemorySearch, type MemorySearch } from './memory-search.ts';
import { reversingKeys } from './reversing-keys.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { StoreCall, StoreFault } from './store-faults.ts';
import { testSelf, testUuid } from './sync-world.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Everything the app stands on, as fakes at the ports: no disk, no network, and time that costs nothing. */
export interface RoomWorld {
  readonly clock: VirtualClock;
  readonly files: MemoryFiles;
  readonly locks: MemoryLocks;
  readonly bucket: MemoryBucket;
  readonly search: MemorySearch;
  readonly paths: DataPaths;
  readonly self: MachineUuid;
  readonly power: { -readonly [K in keyof PowerState]: PowerState[K] };
  readonly parts: AppParts;
  /** Lines of the app log. */
  readonly logged: string[];
  /** Calls of the shell, by name. */
  readonly asked: string[];
  /** The agents of this machine; none unless a test brings some. */
  transcripts: TranscriptsHere;
  settings: Settings;
  /** What finds and keeps secrets; finds none unless a test brings what does. */
  secrets: AppCore['secrets'];
  /** While set, settings.json cannot be read. */
  settingsProblem: AppError | null;
  /** While set, no core can be opened. */
  coreProblem: AppError | null;
  /** Decides about each call to the store. */
  storeFault: ((call: StoreCall) => StoreFault | null) | null;
  /** Answers git; without it there is no git. */
  git: ((call: GitCall) => Result<GitAnswer, AppError>) | null;
  /** The rooms of a test that needs no whole app. */
  readonly bus: () => Bus;
  readonly core: () => AppCore;
  /** Files of the data folder change, as the watcher tells it; null for "too much to tell". */
  readonly change: (paths: readonly string[] | null) => void;
  readonly supply: (event: PowerEvent) => void;
  /** Lets time pass. */
  readonly pass: (ms: number) => Promise<unknown>;
}

const HOME = '/home/hal/.session-log';

/** Makes a world where nothing has happened yet, for machine `a` unless another letter is given. */
export function createRoomWorld(letter = 'a', bucket?: MemoryBucket): RoomWorld {
  const clock = createVirtualClock();
  const files = createMemoryFiles(clock);
  const locks = createMemoryLocks(clock);
  const random = createSeededRandom(1);
  const paths = dataPaths(HOME);
  const self = testUuid(letter);
  const [logged, asked]: [string[], string[]] = [[], []];
  const write = (text: string, facts?: object): void =>
    void logged.push(facts === undefined ? text : `${text} ${JSON.stringify(facts)}`);
  const logger = { debug: () => undefined, info: () => undefined, warn: write, error: write };
  const watches = new Set<WatchRequest>();
  const listeners = new Set<(event: PowerEvent) => void>();
  const power: RoomWorld['power'] = { onBattery: false, metered: false, online: true };
  const team = bucket ?? createMemoryBucket({ clock });
  const sync = syncOf();
  const age = createAge();
  const machineKeys = createMachineKeys({
    files,
    locks,
    clock,
    age,
    keychain: createMemoryKeychain('absent'),
    paths,
    hasRights: true,
  });
  // What the rooms sync with is the store itself: the tests of sealing bring their own.
  const sealing = openSealing(sync.store, { ...sync, age, machineKeys, paths, hidesNames: () => false });
  const search = createMemorySearch();
  const identity = sync.self.identity;
  const identityDeps = {
    files,
    clock,
    random,
    account: 'hal',
    locks,
    paths,
    bytes: sync.bytes,
    probe: {
      hostname: () => sync.self.hostname,
      probe: async () => ({
        parts: [{ key: 'hw_uuid', value: `hardware-${letter}` }],
        problems: [],
        model: 'test',
        hostname: sync.self.hostname,
        platform: 'Linux',
        platformVersion: '6.1',
      }),
    },
  };

  function syncOf(): SyncDeps {
    return {
      files,
      locks,
      clock,
      random,
      logger,
      paths,
      bytes: synchronousBytes(),
      layout: storeLayout('team' as TenantId),
      index: createMemoryLogIndex(self, files),
      store: createMemoryObjectStore({
        bucket: team,
        clock,
        random,
        faults: (call) => world.storeFault?.(call) ?? null,
      }),
      self: testSelf(self, `host-${letter}`, `nonce-${letter}`),
      surroundings: {
        timeZone: () => 'UTC',
        staysHere: () => staysHere(world.settings.sync.stayHere),
        knownPeople: async () => new Set(['hal', 'mike', 'mara']),
        workspaces: async () => [],
        forgottenSessions: async () => ok(new Set<string>()),
      },
      history: {
        lastCommits: async () => ok(new Map()),
        sizes: async (_root, wanted) => ok(wanted.map(() => null)),
        read: async (_root, wanted) => ok(wanted.map(() => null)),
      },
      leaving: async (bytes) => ok(bytes),
    };
  }

  const kept = createKeptValues({
    files,
    bytes: synchronousBytes(),
    keys: reversingKeys(),
    folder: paths.keptSecrets,
  });
  const world: RoomWorld = {
    clock,
    files,
    locks,
    bucket: team,
    search,
    paths,
    self,
    power,
    logged,
    asked,
    settings: DEFAULT_SETTINGS,
    settingsProblem: null,
    coreProblem: null,
    transcripts: {
      sources: async () => [],
      managed: { claude: [], gemini: [] },
      withhold: async (make) => make((text) => ({ text, labels: [] })),
    },
    secrets: {
      watch: { find: async () => ok([]), idOf: () => '' },
      kept,
      shared: createSharedValues({
        files,
        clock,
        machineKeys,
        kept,
        folder: paths.keptSecrets,
        host: sync.self.hostname,
      }),
      notSecrets: createNotSecrets(files, paths.notSecrets),
      mode: async () => 'labels',
    },
    storeFault: null,
    git: null,
    bus: () => createBus(logger),
    core: () => ({
      paths,
      identityDeps,
      sync,
      sealing: sealing.complete(undefined),
      search: { sync, search, me: () => ['hal'], ownCredentials: () => false },
      textSink: createSearchTextSink(search, sync.index),
      disk: files,
      machineKeys,
      secrets: world.secrets,
      systemUser: 'hal',
      transcripts: world.transcripts,
      settings: world.settings,
      identity: { identity, outcome: 'kept', notices: [], evidence: null },
      close: async () => undefined,
    }),
    change(changed) {
      for (const { onChange } of watches) onChange({ paths: changed });
    },
    supply(event) {
      for (const listener of listeners) listener(event);
    },
    pass: (ms) => clock.sleep(ms),
    parts: {
      files,
      locks,
      clock,
      random,
      logger,
      paths,
      identityDeps,
      openCore: async () => (world.coreProblem === null ? ok(world.core()) : err(world.coreProblem)),
      settings: settingsOf(() => world),
      openStore: () => ok(sync.store),
      git: gitOf(() => world),
      forge: { isPublic: async () => 'unknown' },
      runner: { run: async () => ({ kind: 'not-started', code: null, output: '' }) },
      shell: shellOf(asked),
      commandLine: noCommandLine(files),
      agents: { claudeFolder: '/home/hal/.claude', userHome: '/home/hal' },
      fileManager: {
        reveal: async (path) => ok(void asked.push(`reveal ${path}`)),
        edit: async (path) => ok(void asked.push(`edit ${path}`)),
      },
      power: {
        state: () => power,
        wantMetered: () => undefined,
        canTellMetered: async () => true,
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      watcher: {
        async watch(request) {
          watches.add(request);
          return { by: 'events', close: async () => void watches.delete(request) };
        },
      },
      systemUser: 'hal',
      timeZone: 'UTC',
    },
  };
  return world;
}

/** Compression without the thread pool: real waiting would let the virtual clock run ahead. */
function synchronousBytes(): Bytes {
  return {
    ...createNodeBytes(),
    gzip: async (bytes) => gzipSync(bytes),
    gunzip: async (bytes, limit) => {
      try {
        return gunzipSync(bytes, { maxOutputLength: limit });
      } catch {
        return null;
      }
    },
  };
}

/** What nearly every room stands on. */
export async function openRooms(world: RoomWorld) {
  const { parts } = world;
  const bus = world.bus();
  const settings = createPresentSettings(parts.settings, 'UTC');
  const present = await openPresentCore(parts.openCore, parts.logger);
  return { world, bus, settings, present };
}

/** Changes settings as the settings room does it, without another core. */
export async function changeSettings(
  { bus, settings, present }: Awaited<ReturnType<typeof openRooms>>,
  change: { readonly [G in keyof Settings]?: Partial<Settings[G]> },
): Promise<void> {
  const before = settings.now;
  const after = Object.fromEntries(
    Object.entries(before).map(([group, values]) => [
      group,
      typeof values === 'object' ? { ...values, ...(change[group as keyof Settings] as object) } : values,
    ]),
  ) as unknown as Settings;
  settings.take(after);
  present.setSettings(after);
  await bus.emit('settings.changed', { before, after, reopened: false });
}

/** Collects what is told under one name. */
export function newsOf<N extends keyof AppNews>(bus: Bus, name: N): AppNews[N][] {
  const heard: AppNews[N][] = [];
  bus.on(name, (news) => heard.push(news));
  return heard;
}

function settingsOf(world: () => RoomWorld): SettingsStore {
  let good: Settings | null = null;
  return {
    path: `${HOME}/settings.json`,
    get() {
      const { settings, settingsProblem } = world();
      return settingsProblem === null ? ok(settings) : err(settingsProblem);
    },
    set(settings, over) {
      const now = world().settings;
      world().settings = over === undefined ? settings : rebaseSettings(over, settings, now);
      good = world().settings;
      return ok(undefined);
    },
    keepGood() {
      if (world().settingsProblem === null) good = world().settings;
    },
    get hasLastGood() {
      return good !== null;
    },
    recover(from) {
      if (from === 'last-good' && good === null)
        return err(appError('not-found', 'There are no settings from before.', 'Take the defaults.'));
      world().settings = from === 'last-good' && good !== null ? good : DEFAULT_SETTINGS;
      world().settingsProblem = null;
      return ok(world().settings);
    },
  };
}

function gitOf(world: () => RoomWorld): Git {
  const none = (): Result<GitAnswer, AppError> =>
    err(appError('not-configured', 'There is no git.', 'Install it.', { details: { cause: 'no-git' } }));
  return {
    run: async (call) => (world().git ?? none)(call),
    endRun: async () => ok(0),
    busyIn: async () => 'no',
  };
}

function shellOf(asked: string[]): ShellService {
  return new Proxy({} as ShellService, {
    get: (_target, name) => async (input: unknown) => {
      asked.push(`${String(name)} ${JSON.stringify(input)}`);
      return ok(undefined);
    },
  });
}

function noCommandLine(files: MemoryFiles): AppParts['commandLine'] {
  const program = { node: '/usr/bin/node', cli: '/usr/lib/session-log/cli.js' };
  return {
    files,
    bytes: createNodeBytes(),
    place: {
      kind: 'npm',
      version: '1',
      moves: false,
      windows: false,
      system: [],
      searchPath: [],
      launcher: '/home/hal/.local/bin/session-log',
      program,
    },
    copies: {} as AppParts['commandLine']['copies'],
  };
}
