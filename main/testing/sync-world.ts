import { staysHere } from '../../shared/domain/stays-here.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MachineUuid, TenantId } from '../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../shared/domain/machine-identity.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { ok } from '../../shared/result.ts';
import { gitCli } from '../adapters/git/git-cli.ts';
import { nodeLocks } from '../adapters/lock/node-locks.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createMemoryLogIndex } from './memory-log-index.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { dataPaths } from '../compose/paths.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { createGitHistory } from '../core/repository/git-history.ts';
import { storeLayout } from '../core/store/layout.ts';
import type { Self, SyncDeps } from '../core/sync/sync-deps.ts';
import { forgottenSessions } from '../core/workflows/forgotten-sessions.ts';
import type { StoreBase } from '../core/workflows/store-base.ts';
import type { WorkspaceRoot } from '../core/workspaces/workspace-roots.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket.ts';
import type { MemoryFiles } from './memory-files.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryObjectStore } from './memory-object-store.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { StoreCall, StoreFault } from './store-faults.ts';

/** A machine of a test: real disk and real lock; store and index are the in-memory ones, with every call to the store recorded. */
export interface TestMachine {
  readonly deps: SyncDeps;
  /** What workflows take, over the same. */
  readonly base: StoreBase;
  readonly paths: DataPaths;
  /** Workspaces whose logs are listed; none unless a test sets them. */
  workspaces: readonly WorkspaceRoot[];
  /** Globs of logs that never leave; none unless a test sets them. */
  stayHere: readonly string[];
  /** Calls to the store since the last `forget`. */
  readonly calls: StoreCall[];
  /** Decides about each call; none unless set. */
  fault: ((call: StoreCall) => StoreFault | null) | null;
  write(path: string, text: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  close(): Promise<void>;
}

export interface TestWorld {
  readonly bucket: MemoryBucket;
  /** A machine by letter; the same letter gives another install of the same UUID (a clone). */
  machine(
    letter: string,
    options?: {
      readonly nonce?: string;
      readonly home?: string;
      readonly store?: ObjectStore;
      readonly uuid?: MachineUuid;
      /** A disk in memory, with locks in memory. */
      readonly disk?: MemoryFiles;
    },
  ): TestMachine;
  /** Every object of the bucket as text. */
  objects(): ReadonlyMap<string, string>;
  end(): Promise<void>;
}

/** A team of machines around one bucket in memory. Call `end` after the test. */
export function createTestWorld(): TestWorld {
  const root = mkdtempSync(join(tmpdir(), 'session-log-world-'));
  const clock = createNodeClock();
  const bucket = createMemoryBucket({ clock });
  const machines: TestMachine[] = [];
  let made = 0;
  return {
    bucket,
    machine(letter, options = {}) {
      made++;
      const machine = createTestMachine({
        letter,
        nonce: options.nonce ?? `nonce-${letter}-${made}`,
        home: options.home ?? join(root, `${letter}${made}`),
        seed: made,
        bucket,
        ...(options.store ? { store: options.store } : {}),
        ...(options.disk ? { disk: options.disk } : {}),
        uuid: options.uuid ?? testUuid(letter),
      });
      machines.push(machine);
      return machine;
    },
    objects: () =>
      new Map([...bucket.objects].map(([name, object]) => [name, new TextDecoder().decode(object.bytes)])),
    end: async () => {
      for (const machine of machines) await machine.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** `a` -> `aaaaaaaa-aaaa-…` */
export function testUuid(letter: string): MachineUuid {
  return `${letter.repeat(8)}-${letter.repeat(4)}-${letter.repeat(4)}-${letter.repeat(4)}-${letter.repeat(12)}` as MachineUuid;
}

interface MachineSpec {
  readonly letter: string;
  readonly nonce: string;
  readonly home: string;
  readonly seed: number;
  readonly bucket: MemoryBucket;
  readonly store?: ObjectStore;
  readonly disk?: MemoryFiles;
  readonly uuid: MachineUuid;
}

function createTestMachine(spec: MachineSpec): TestMachine {
  const paths = dataPaths(spec.home);
  const { uuid } = spec;
  const hostname = `host-${spec.letter}`;
  const calls: StoreCall[] = [];
  const [clock, random] = [createNodeClock(), createSeededRandom(spec.seed)];
  const files = spec.disk ?? createNodeFiles();
  const machine: TestMachine = {
    paths,
    workspaces: [],
    stayHere: [],
    calls,
    fault: null,
    get base() {
      return { sync: machine.deps, paths, settings: DEFAULT_SETTINGS, systemUser: 'mike' };
    },
    deps: {
      files,
      clock,
      random,
      bytes: createNodeBytes(),
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      },
      layout: storeLayout('team' as TenantId),
      locks: spec.disk === undefined ? nodeLocks({ who: 'test' }) : createMemoryLocks(clock),
      index: createMemoryLogIndex(uuid, files),
      store:
        spec.store ??
        createMemoryObjectStore({
          bucket: spec.bucket,
          clock,
          random,
          deadlineMs: 50,
          faults: (call) => {
            calls.push(call);
            return machine.fault?.(call) ?? null;
          },
        }),
      self: testSelf(uuid, hostname, spec.nonce),
      surroundings: {
        timeZone: () => '',
        staysHere: () => staysHere(machine.stayHere),
        knownPeople: async () => new Set(['mike', 'mara']),
        workspaces: async () => machine.workspaces,
        forgottenSessions: () => forgottenSessions({ files, paths }),
      },
      history: createGitHistory({ git: gitCli(), files }),
      leaving: async (bytes) => ok(bytes),
      paths,
    },
    write: async (path, text) => {
      const target = join(paths.sessionLogs, path);
      if (spec.disk !== undefined) return spec.disk.put(target, String(text));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    },
    read: async (path) =>
      spec.disk?.text(join(paths.sessionLogs, path)) ??
      (await readFile(join(paths.sessionLogs, path), 'utf8')),
    close: async () => {
      await machine.deps.index.close();
      await unseal(paths.cache);
    },
  };
  return machine;
}

/** The cache is read-only; a test that is not root must open it before it can be removed. */
async function unseal(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of entries) if (entry.isDirectory()) await unseal(join(folder, entry.name));
}

/** An identity as `init` would make it, the same hardware for the same letter. */
export function testSelf(uuid: MachineUuid, hostname: string, nonce: string): Self {
  const identity: MachineIdentity = {
    machine_uuid: uuid,
    hardware_hash: `sha256:${uuid.replaceAll('-', '').repeat(2)}`,
    hostname,
    platform: 'Linux',
    platform_version: '6.1',
    model: 'test',
    created: '2026-01-01T00:00:00.000Z',
    schema: 1,
    components: {},
    install_nonce: testNonce(nonce),
    succeeds: [],
    previous: [],
  };
  return {
    uuid,
    hostname,
    nonce: identity.install_nonce,
    identity,
    document: new TextEncoder().encode(JSON.stringify(identity)),
  };
}

/** 32 hexadecimal digits for a name; digits stay as they are, so that a nonce can be handed on. */
function testNonce(name: string): string {
  return /^[0-9a-f]{32}$/.test(name) ? name : Buffer.from(name).toString('hex').padEnd(32, '0').slice(0, 32);
}

/** For workflows that receive notes. */
export const FOR_MIKE = { reader: { user: 'mike', fullName: null } } as const;
