import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CARRIED_NODES, findCarriedNode } from './carried-node.mjs';
import { contentHash, dropStamp, filesBelow, readStamp, writeStamp } from './content-stamp.mjs';
import { installedMatchesLock } from './installed-lock.mjs';
import { handOver, npmCommand, runCommand } from './run-command.mjs';

/**
 * Makes a fresh clone runnable with only Node 20.20, npm and git: dependencies, a newer Node from the registry for
 * the tools that need one, and the build. Nothing here may import a package.
 */

/** Absolute path of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The oldest Node that the bundle and these scripts run on, as [major, minor]. */
const OLDEST_NODE = [20, 20];

/** The test tools need this major. */
const TOOL_NODE_MAJOR = 24;

const INSTALL_STAMP = join(ROOT, 'node_modules', '.session-log-stamp');
const BUILD_STAMP = join(ROOT, 'out', '.session-log-stamp');
const BUILD_INPUTS = [
  'assets',
  'electron.vite.config.ts',
  'main',
  'package.json',
  'package-lock.json',
  'preload',
  'renderer',
  'shared',
];

/** Set, to the time of the first start, in a process restarted under the project's own Node. */
const RESTARTED = 'SESSION_LOG_RESTARTED';
const firstStart = Number(process.env[RESTARTED]) || Date.now() - process.uptime() * 1000;
const isRestarted = process.env[RESTARTED] !== undefined;
// Not passed on to child processes: a test may prepare another clone.
delete process.env[RESTARTED];

/** A failed step of the preparation; its message is all the user needs. */
export class BootstrapError extends Error {}

/**
 * Reports progress, with the seconds since the first start, on standard error: standard output belongs to the command.
 * @param {string} line
 */
export function say(line) {
  console.error(`[${((Date.now() - firstStart) / 1000).toFixed(1).padStart(6)} s] ${line}`);
}

/**
 * Rejects a Node that is too old, before anything is changed.
 * @param {string} version such as `20.20.2`
 * @throws {BootstrapError}
 */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new BootstrapError(
    `Node ${version} is too old: Session Log needs Node ${OLDEST_NODE.join('.')} or later (https://nodejs.org).`,
  );
}

/** @returns {string} what node_modules must have been made from */
function installStampNow() {
  return contentHash(ROOT, ['package-lock.json'], [process.platform, process.arch]);
}

/** @returns {boolean} whether node_modules matches the lock file */
function isInstalled() {
  const stamp = installStampNow();
  if (readStamp(INSTALL_STAMP) === stamp) return true;
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  /** @param {string} file */
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  if (!installedMatchesLock(read(join(ROOT, 'package-lock.json')), read(record))) return false;
  writeStamp(INSTALL_STAMP, stamp);
  return true;
}

/**
 * Installs the dependencies unless they are installed.
 * @throws {BootstrapError}
 */
async function ensureDependencies() {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    say(
      existsSync(join(ROOT, 'node_modules'))
        ? 'dependencies: changed, running npm ci'
        : 'dependencies: running npm ci',
    );
    const npm = npmCommand();
    // Development packages are needed whatever NODE_ENV is, and engine warnings are about a Node that is replaced
    // next.
    const flags = [
      'ci',
      // Of the few packages with install scripts none needs its own: binaries come as packages, and Node is fetched below by its hash.
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const result = await runCommand(npm.command, [...npm.args, ...flags], {
      cwd: ROOT,
      env: npm.env,
      show: 'stderr',
      silenceMs: 30_000,
      onSilence: (elapsed) => say(`dependencies: still installing (${Math.round(elapsed / 1000)} s)`),
    });
    if (result.code !== 0) {
      throw new BootstrapError(
        `npm ci ended with ${result.code}; its message stands above. Nothing was started.`,
      );
    }
    writeStamp(INSTALL_STAMP, installStampNow());
    say('dependencies: installed');
  });
}

/** @returns {string} path of the registry's Node once installed */
function toolNodePath() {
  return join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Checks that a file is a program and not the empty placeholder a package ships until its install script has run.
 * @param {string} file absolute path
 */
function isProgram(file) {
  try {
    return statSync(file).size > 1_000_000;
  } catch {
    return false;
  }
}

/**
 * Ensures the Node that the tools need.
 * @returns {Promise<string>} the program to run them with; the running one if no newer is available
 */
async function ensureToolNode() {
  if (Number(process.versions.node.split('.')[0]) >= TOOL_NODE_MAJOR) return process.execPath;
  if (isProgram(toolNodePath())) return toolNodePath();
  return (await fetchToolNode()) ?? process.execPath;
}

/**
 * Gets the platform's Node as a plain package, because no install script runs here. Its program is used only if it has the hash listed in
 * carried-node.mjs.
 * @returns {Promise<string | undefined>} its path; undefined, after reporting the reason, if unavailable
 */
async function fetchToolNode() {
  const target = `${process.platform}-${process.arch}`;
  const node = CARRIED_NODES[target];
  if (node === undefined || Number(node.version.split('.')[0]) < TOOL_NODE_MAJOR) {
    say(`Node ${TOOL_NODE_MAJOR}: none is pinned for ${target}; going on with Node ${process.versions.node}`);
    return undefined;
  }
  try {
    const program = join(await findCarriedNode(ROOT, node, say), node.program);
    mkdirSync(dirname(toolNodePath()), { recursive: true });
    rmSync(toolNodePath(), { force: true });
    linkSync(program, toolNodePath());
    return toolNodePath();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`Node ${TOOL_NODE_MAJOR}: not to be had (${why}); going on with Node ${process.versions.node}`);
    return undefined;
  }
}

/** @returns {string} what out/ must have been made from */
function buildStampNow() {
  const files = BUILD_INPUTS.flatMap((path) => filesBelow(ROOT, path, (file) => !/\.test\.tsx?$/.test(file)));
  return contentHash(ROOT, files);
}

/**
 * Builds the app unless it was built from the current sources.
 * @param {string} node program to run the build with
 * @returns {Promise<{ built: boolean, seconds: number }>} `built` is false if it was up to date
 * @throws {BootstrapError}
 */
export async function ensureBuild(node) {
  if (readStamp(BUILD_STAMP) === buildStampNow()) return { built: false, seconds: 0 };
  return withLock(async () => {
    const stamp = buildStampNow();
    if (readStamp(BUILD_STAMP) === stamp) return { built: false, seconds: 0 };
    say('build: running electron-vite');
    const started = process.uptime();
    dropStamp(BUILD_STAMP);
    const tool = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const result = await runCommand(node, [tool, 'build', '--logLevel', 'warn', '--ignoreConfigWarning'], {
      cwd: ROOT,
      env: toolEnvironment(node, process.stderr),
      show: 'stderr',
      deadlineMs: 600_000,
    });
    if (result.code !== 0)
      throw new BootstrapError(`the build ended with ${result.code}; its message stands above.`);
    writeStamp(BUILD_STAMP, stamp);
    const seconds = process.uptime() - started;
    say(`build: done in ${seconds.toFixed(1)} s`);
    return { built: true, seconds };
  });
}

/** Records that out/ no longer contains a build of the product. */
export function dropBuild() {
  dropStamp(BUILD_STAMP);
}

/**
 * Returns the environment for tools: the project's own programs and Node come first.
 * @param {string} node program
 * @param {{ isTTY?: boolean }} shownOn the final destination of their output; they see a pipe and cannot tell whether
 * it supports colours
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(node, shownOn = process.stdout) {
  const bin = join(ROOT, 'node_modules', '.bin');
  const path = [bin, dirname(node), process.env['PATH'] ?? ''].join(delimiter);
  const isChosen = process.env['NO_COLOR'] !== undefined || process.env['FORCE_COLOR'] !== undefined;
  const colour = shownOn.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
  return { ...process.env, ...(isChosen ? {} : colour), PATH: path };
}

/**
 * Lets one process at a time install or build in this folder. A lock whose owner is dead is taken over; two that find
 * the same dead one at the same moment may both proceed, which only costs a second build.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(work) {
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `session-log-bootstrap-${name}.lock`);
  const draft = `${file}.${process.pid}`;
  for (let told = false; ;) {
    writeFileSync(draft, String(process.pid));
    try {
      // A link appears atomically, so nobody reads a lock without its owner.
      linkSync(draft, file);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
    const owner = Number(readStamp(file));
    if (Number.isInteger(owner) && owner > 0 && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`waiting for process ${owner}, which prepares this folder`);
    told = true;
    await pause(250);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Prepares the clone, then runs `main` under the Node that the tools need: in this process if it is one, else in a
 * new one started with the same script and arguments.
 * @param {string} script `import.meta.url` of the calling script
 * @param {(node: string) => Promise<number>} main receives the Node program; returns the exit code
 * @returns {Promise<void>} sets `process.exitCode`
 */
export async function runPrepared(script, main) {
  try {
    requireNode();
    await ensureDependencies();
    const node = await ensureToolNode();
    if (node !== process.execPath && !isRestarted) {
      const env = { ...process.env, [RESTARTED]: String(firstStart) };
      process.exitCode = await handOver(node, [fileURLToPath(script), ...process.argv.slice(2)], { env });
      return;
    }
    process.exitCode = await main(node);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
