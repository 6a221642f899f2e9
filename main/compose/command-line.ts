import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { createFolderCopies } from '../adapters/disk/folder-copies.ts';
import { createNodeFiles } from '../adapters/disk/node-files.ts';
import { createNodeDigest } from '../adapters/system/node-digest.ts';
import type { CommandLineDeps, CommandLinePlace } from '../core/install/command-line.ts';
import { folderPath } from '../core/files/folder-path.ts';
import { userHome } from './user-home.ts';

/** Facts about this process. */
export interface ProcessFacts {
  /** Absolute path of this module: in the sources, in `out/main`, or in the app's archive. */
  readonly module: string;
  readonly execPath: string;
  readonly arch: string;
  readonly platform: NodeJS.Platform;
  readonly isElectron: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userHome: string;
}

/** System packages install the command here; see the `deb` part of electron-builder.yml. */
const SYSTEM_COMMANDS = ['/usr/bin/session-log'];

/** A package manager's `node` path survives updates of Node; the program behind it may not. */
const STABLE_NODES = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/usr/bin/node'];

/** What installing, starting and removing this program's command line needs. */
export function openCommandLine(facts: ProcessFacts = thisProcess()): CommandLineDeps {
  return {
    place: commandLinePlace(facts),
    files: createNodeFiles(),
    bytes: createNodeDigest(),
    copies: createFolderCopies(join(dataHome(facts), 'session-log', 'cli')),
  };
}

/** Determines how this program was installed; looks on disk for the Node beside it. */
export function commandLinePlace(facts: ProcessFacts): CommandLinePlace {
  const { module, env, platform } = facts;
  const [resources, inArchive] = module.split(`${sep}app.asar${sep}`);
  const carried = inArchive === undefined ? rootOf(module) : join(resources ?? '', 'cli');
  const node = carriedNode(carried, facts);
  const isApp = inArchive !== undefined || node !== null;
  const isNpm = !isApp && basename(dirname(carried)) === 'node_modules';
  return {
    kind: isApp ? 'app' : isNpm ? 'npm' : 'source',
    program: {
      node: folderPath(node ?? lastingNode(facts, carried)),
      cli: folderPath(join(carried, 'out', 'main', 'cli.js')),
    },
    version: packageJson.version,
    moves: isApp && facts.isElectron && isPassing(carried, env),
    launcher: folderPath(join(facts.userHome, '.local', 'bin', 'session-log')),
    system: platform === 'linux' ? SYSTEM_COMMANDS : [],
    searchPath: (env['PATH'] ?? env['Path'] ?? '').split(delimiter).map(folderPath),
    windows: platform === 'win32',
  };
}

/** The Node bundled beside the app's command line; null when there is none. */
function carriedNode(root: string, { platform, arch }: ProcessFacts): string | null {
  const names =
    platform === 'win32' ? ['node.exe'] : platform === 'darwin' ? [`node-${arch}`, 'node'] : ['node'];
  return names.map((name) => join(root, 'bin', name)).find(existsSync) ?? null;
}

/** The Node to name in hooks: not in a version folder if a plain path leads to the same. */
function lastingNode(facts: ProcessFacts, root: string): string {
  if (facts.isElectron) return facts.env['npm_node_execpath'] ?? nodeOnPath(facts) ?? 'node';
  // `<prefix>/lib/node_modules/session-log`: npm's own prefix has its Node in `<prefix>/bin`.
  const beside = join(dirname(dirname(dirname(root))), 'bin', 'node');
  return [beside, ...STABLE_NODES].find((path) => isSame(path, facts.execPath)) ?? facts.execPath;
}

function nodeOnPath({ env, platform }: ProcessFacts): string | undefined {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

function isSame(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    return false;
  }
}

/** An AppImage runs from its own mount; macOS runs a downloaded app from a path made up for that start. */
function isPassing(root: string, env: ProcessFacts['env']): boolean {
  const mount = env['APPDIR'] ?? '';
  return (env['APPIMAGE'] !== undefined && root.startsWith(mount)) || root.includes('/AppTranslocation/');
}

/** The folder containing `out/main/…` or `main/compose/…`. */
function rootOf(module: string): string {
  return dirname(dirname(dirname(module)));
}

function dataHome({ env, userHome }: ProcessFacts): string {
  const named = env['XDG_DATA_HOME'] ?? '';
  return named.startsWith('/') ? named : join(userHome, '.local', 'share');
}

function thisProcess(): ProcessFacts {
  return {
    module: fileURLToPath(import.meta.url),
    execPath: process.execPath,
    arch: process.arch,
    platform: process.platform,
    isElectron: process.versions['electron'] !== undefined,
    env: process.env,
    // Nothing can be put below an unknown home folder; this is Debian's name for it.
    userHome: userHome() ?? '/nonexistent',
  };
}
