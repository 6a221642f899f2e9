import { join } from 'node:path';
import { hostname } from 'node:os';
import type { Answer } from '../../shared/app-error.ts';
import { parseTenantId } from '../../shared/domain/ids.ts';
import type { MachineIdentity } from '../../shared/domain/machine-identity.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { staysHere } from '../../shared/domain/stays-here.ts';
import { secretsInName } from '../../shared/secrets/secret-name.ts';
import { err, ok } from '../../shared/result.ts';
import { withOwnerRemedy } from '../core/status/owner-remedy.ts';
import { createFileLogger } from '../adapters/log/file-logger.ts';
import { createNodeFiles, replaceNow } from '../adapters/disk/node-files.ts';
import { prepareDataFolder } from '../adapters/disk/prepare-data-folder.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import { spareMemory } from '../adapters/system/spare-memory.ts';
import type { IdentityDeps } from '../core/machine/identity-deps.ts';
import { initIdentity } from '../core/machine/init-identity.ts';
import { createMachineKeys, type MachineSecret, type MachineKeyDeps } from '../core/machine/machine-keys.ts';
import type { MachineProbe } from '../core/ports/machine-probe.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import { storeLayout } from '../core/store/layout.ts';
import type { Self, Surroundings, SyncDeps } from '../core/sync/sync-deps.ts';
import { findWorkspace } from '../core/workspaces/workspace.ts';
import { createKnownPeople } from '../core/author/known-people.ts';
import { usedWorkspaces } from '../core/workspaces/used-workspaces.ts';
import { workspaceRoots, type WorkspaceRoot } from '../core/workspaces/workspace-roots.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import type { Core } from './core.ts';
import {
  lazyAge,
  lazyCopies,
  lazyHistory,
  lazyIndex,
  lazyKeychain,
  lazyLocks,
  noKeychain,
  lazyProbe,
  lazyScanner,
  lazySearch,
  lazyTexts,
  lazyTextSink,
} from './lazy-ports.ts';
import { openStore } from './open-store.ts';
import { openSealing } from './sealing.ts';
import { stoppableStore } from './stoppable-store.ts';
import { accountName, userName } from './user-name.ts';
import { openWithholding } from './withholding.ts';
import { dataPaths } from './paths.ts';
import { agentsOf, playedMachine } from './played-machine.ts';
import { transcriptsHere } from './transcripts.ts';
import { systemHome, userHome } from './user-home.ts';

/** What an interface may override. */
export interface OpenCoreOptions {
  /** The app accesses settings through electron-store; the file is the same. */
  readonly settings?: SettingsStore;
  /** Another hardware probe than this machine's. */
  readonly probe?: MachineProbe;
  /** A command's working folder, absolute: the workspace around it is listed too. */
  readonly cwd?: string;
  /** A window must stay responsive while the index works (`worker`); a command starts faster without a thread (`caller`). */
  readonly indexThread?: 'worker' | 'caller';
  /** Ctrl+C of a command: ends its reads from the store. */
  readonly signal?: AbortSignal;
}

/**
 * Builds the core over one data folder, creating folder and identity if missing (everything then works at once, on the embedded store).
 * @param home absolute path of the data folder
 */
export async function openCore(home: string, options: OpenCoreOptions = {}): Answer<Core> {
  const paths = dataPaths(home);
  const prepared = prepareDataFolder(folderLayout(paths));
  if (!prepared.ok) return prepared;
  const settingsStore = options.settings ?? createJsonSettings(home, replaceNow);
  const settings = settingsStore.get();
  if (!settings.ok) return err(withOwnerRemedy(settings.error, prepared.value, home));
  const tenant = parseTenantId(settings.value.store.tenant);
  if (!tenant.ok) return tenant;
  const parts = partsOf(paths, options);
  const machineKeys = openMachineKeys(paths, parts);
  const identityDeps: IdentityDeps = { ...parts, account: accountName(), paths };
  const made = await initIdentity(identityDeps, { mode: 'ensure' });
  if (!made.ok) return err(withOwnerRemedy(made.error, prepared.value, home));
  const { identity } = made.value;
  const base = openStore(settings.value.store, paths, parts);
  if (!base.ok) return base;
  const store = options.signal === undefined ? base.value : stoppableStore(base.value, options.signal);
  const layout = storeLayout(tenant.value);
  const self = selfOf(identity);
  const now = (): Settings => {
    const read = settingsStore.get();
    return read.ok ? read.value : settings.value;
  };
  const hidesNames = (): boolean => now().store.sealedNames;
  const sealing = openSealing(store, { ...parts, machineKeys, layout, self, paths, hidesNames });
  const thread = options.indexThread ?? 'caller';
  if (thread === 'caller') spareMemory();
  const index = lazyIndex(paths.indexDb, identity.machine_uuid, thread);
  const scanner = lazyScanner();
  const secrets = openWithholding(paths, { ...parts, scanner }, machineKeys, self.hostname, now, () =>
    sealing.keyring.isSealing(),
  );
  const stored = {
    ...parts,
    ...secrets.disk,
    store: sealing.opened,
    layout,
    self,
    paths,
  };
  const texts = lazyTexts(stored);
  const withoutCopies: SyncDeps = {
    ...stored,
    index,
    texts,
    surroundings: surroundingsOf({ ...parts, paths }, options.cwd ?? null, now),
  };
  const rules = { sync: withoutCopies, keyring: sealing.keyring, captures: paths.captures, settings: now };
  const sync: SyncDeps = { ...withoutCopies, copies: lazyCopies(stored, rules) };
  const search = lazySearch(paths.searchDb, thread);
  return ok({
    paths,
    settings: settings.value,
    settingsStore,
    identityDeps,
    identity: made.value,
    dataFolder: prepared.value,
    systemUser: userName(),
    transcripts: transcriptsOf(paths, sync.files),
    sync,
    search: {
      sync,
      search,
      me: () => [now().author.user, now().author.name],
      ownCredentials: () => now().search.credentials === 'own',
    },
    textSink: lazyTextSink(search, index),
    machineKeys,
    disk: parts.files,
    secrets: secrets.tools,
    sealing: sealing.complete(texts),
    close: async () => {
      await scanner.close();
      await search.close();
      await index.close();
      await store.close();
    },
  });
}

/** The shared base parts. */
function partsOf(paths: DataPaths, { probe }: OpenCoreOptions) {
  const files = createNodeFiles();
  return {
    files,
    history: lazyHistory(files),
    clock: createNodeClock(),
    random: createNodeRandom(),
    bytes: createNodeBytes(),
    logger: createFileLogger(paths.appLog, userHome()),
    probe: probe ?? playedMachine(paths) ?? lazyProbe(),
    locks: lazyLocks(),
    age: lazyAge(),
  };
}

function surroundingsOf(
  parts: Pick<SyncDeps, 'files' | 'clock' | 'bytes' | 'paths' | 'logger'>,
  cwd: string | null,
  settings: () => Settings,
): Surroundings {
  const { files, clock, bytes, paths } = parts;
  const sha256 = (text: string): string => bytes.sha256(new TextEncoder().encode(text));
  const listed = async (): Promise<readonly WorkspaceRoot[]> => {
    const here = cwd === null ? null : await findWorkspace(files, cwd);
    const around = here?.ok && here.value ? [here.value.root] : [];
    return workspaceRoots(settings().git, around, sha256, await usedWorkspaces(parts, settings().git));
  };
  return {
    timeZone: () => settings().app.timeZone,
    staysHere: () => {
      const { sync, secrets } = settings();
      const isNamed = staysHere(sync.stayHere);
      if (secrets.withhold === 'never') return isNamed;
      return (path) => isNamed(path) || secretsInName(path).length > 0;
    },
    knownPeople: createKnownPeople({
      files,
      clock,
      roots: async () => (await listed()).map(({ root }) => root),
      authors: async () => [settings().author.user],
    }),
    workspaces: listed,
    forgottenSessions: async () => {
      const { forgottenSessions } = await import('../core/workflows/forgotten-sessions.ts');
      return forgottenSessions({ files, paths });
    },
  };
}

/** The keychain is the person's: a data folder elsewhere than theirs (a server's, a demo's, a test's) stores its key itself. */
function openMachineKeys(
  paths: DataPaths,
  parts: Omit<MachineKeyDeps, 'keychain' | 'paths' | 'hasRights'>,
): MachineSecret {
  const theirs = systemHome();
  const isTheirs = theirs !== null && paths.home === join(theirs, '.coditect-data');
  return createMachineKeys({
    ...parts,
    paths,
    keychain: isTheirs ? lazyKeychain() : noKeychain(),
    hasRights: process.platform !== 'win32',
  });
}

/** This machine in the engine's form. */
export function selfOf(identity: MachineIdentity): Self {
  return {
    uuid: identity.machine_uuid,
    hostname: identity.hostname === '' ? hostname() : identity.hostname,
    nonce: identity.install_nonce,
    identity,
    document: new TextEncoder().encode(`${JSON.stringify(identity, null, 2)}\n`),
  };
}

/** Dependencies of the identity, to repair one that keeps the core from opening. */
export function openIdentity(home: string): IdentityDeps {
  const paths = dataPaths(home);
  return {
    files: createNodeFiles(),
    clock: createNodeClock(),
    random: createNodeRandom(),
    bytes: createNodeBytes(),
    probe: playedMachine(paths) ?? lazyProbe(),
    locks: lazyLocks(),
    account: accountName(),
    paths,
  };
}

/** The folders and files whose rights are kept private. `context-storage/` beside them is not ours. */
export function folderLayout(paths: DataPaths): Parameters<typeof prepareDataFolder>[0] {
  return {
    home: paths.home,
    folders: [paths.sessionLogs, paths.cache, paths.state],
    files: [paths.machineId, paths.settings],
    others: [
      paths.unsaved,
      paths.keptSecrets,
      paths.transcripts,
      paths.backups,
      paths.migrations,
      paths.store,
      paths.playedMachine,
      join(paths.home, 'context-storage'),
    ],
  };
}

/** A demo machine has its own agents. */
function transcriptsOf(paths: DataPaths, files: SyncDeps['files']): ReturnType<typeof transcriptsHere> {
  return playedMachine(paths) === null
    ? transcriptsHere(files)
    : transcriptsHere(files, {}, process.platform, agentsOf(paths));
}
