import { createForge } from '../adapters/git/ask-forge.ts';
import { createFileLogger } from '../adapters/log/file-logger.ts';
import { createNodeFiles, replaceNow } from '../adapters/disk/node-files.ts';
import { createJsonSettings } from '../adapters/settings/json-settings.ts';
import { createNodeBytes } from '../adapters/system/node-bytes.ts';
import { createNodeClock } from '../adapters/system/node-clock.ts';
import { createNodeRandom } from '../adapters/system/node-random.ts';
import { createParcelWatcher } from '../adapters/watcher/parcel-watcher.ts';
import type { AppParts } from '../core/app/app-core.ts';
import { readAppInfo, type ShellFacts } from '../core/app/status/app-info.ts';
import { createAppService, type RunningApp } from '../core/app/create-app-service.ts';
import type { CommandLineDeps } from '../core/install/command-line.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { MachineProbe } from '../core/ports/machine-probe.ts';
import type { SettingsStore } from '../core/ports/settings-store.ts';
import type { AppInfo } from '../../shared/ipc/payloads.ts';
import type { DataPaths } from '../core/files/data-paths.ts';
import { claudeFolder } from './agent-folders.ts';
import { openCommandLine } from './command-line.ts';
import { lazyGit, lazyLocks, lazyProbe, lazyRunner } from './lazy-ports.ts';
import { openCore } from './node.ts';
import { openStore } from './open-store.ts';
import { dataPaths } from './paths.ts';
import { playedMachine } from './played-machine.ts';
import { userHome } from './user-home.ts';
import { accountName, userName } from './user-name.ts';

/** What a shell can build its half with, before the service exists. */
export interface ShellBase {
  readonly paths: DataPaths;
  readonly settings: SettingsStore;
  readonly logger: Logger;
  /** The answer of `app.info`, read at each call. */
  readonly info: (shell: ShellFacts) => Promise<AppInfo>;
}

/** The shell's half: what only a window system or a server can do. */
export type ShellParts = Pick<AppParts, 'shell' | 'fileManager' | 'power' | 'saveText'>;

export interface OpenAppOptions {
  /** The app uses electron-store; the file is the same. */
  readonly settings?: SettingsStore;
  /** Another hardware probe: for tests of renamed and copied machines. */
  readonly probe?: MachineProbe;
  /** Another user's folders: for tests. */
  readonly commandLine?: CommandLineDeps;
  readonly agents?: AppParts['agents'];
}

function agentsHere(): AppParts['agents'] {
  const folder = claudeFolder();
  return { claudeFolder: folder.ok ? folder.value : null, userHome: userHome() };
}

/**
 * Builds the app service over one data folder for a shell. Never fails: faults of the folder appear in its `status`. Nothing runs
 * automatically before `start()`.
 * @param home absolute path of the data folder
 */
export async function openAppService(
  home: string,
  makeShell: (base: ShellBase) => ShellParts,
  options: OpenAppOptions = {},
): Promise<{ readonly app: RunningApp; readonly base: ShellBase }> {
  const paths = dataPaths(home);
  const settings = options.settings ?? createJsonSettings(home, replaceNow);
  const [files, clock, random] = [createNodeFiles(), createNodeClock(), createNodeRandom()];
  const logger = createFileLogger(paths.appLog, userHome());
  const [locks, probe] = [lazyLocks(), options.probe ?? playedMachine(paths) ?? lazyProbe()];
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const systemUser = userName();
  const base: ShellBase = {
    paths,
    settings,
    logger,
    info: (shell) => readAppInfo({ files, settings, paths, systemUser, timeZone }, shell),
  };
  const app = await createAppService({
    ...makeShell(base),
    openCore: () => openCore(home, { settings, probe, indexThread: 'worker' }),
    settings,
    paths,
    identityDeps: {
      files,
      probe,
      clock,
      random,
      locks,
      bytes: createNodeBytes(),
      account: accountName(),
      paths,
    },
    openStore: (store, create) => openStore(store, paths, { clock, random, logger }, create),
    files,
    git: lazyGit(),
    forge: createForge(),
    runner: lazyRunner(),
    locks,
    commandLine: options.commandLine ?? openCommandLine(),
    agents: options.agents ?? agentsHere(),
    watcher: createParcelWatcher({ clock, logger }),
    clock,
    random,
    logger,
    systemUser,
    timeZone,
  });
  return { app, base };
}
