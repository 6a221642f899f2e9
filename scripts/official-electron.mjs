import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Where the `electron` package downloads its program from, unless a mirror is configured. */
const DOWNLOAD_HOME = 'https://github.com/electron/electron/releases/download/';

/**
 * Finds an Electron that needs no download: the one named by ELECTRON_OVERRIDE_DIST_PATH, else the one already
 * downloaded by the `electron` package.
 * @param {string} root absolute path of the repository
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ path: string, source: 'override' | 'package' } | undefined} program
 */
export function findElectron(root, env = process.env) {
  const home = join(root, 'node_modules', 'electron');
  const name = readText(join(home, 'path.txt'));
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const path = join(override, name ?? programName(process.platform));
    return existsSync(path) ? { path, source: 'override' } : undefined;
  }
  if (name === undefined) return undefined;
  const path = join(home, 'dist', name);
  return existsSync(path) ? { path, source: 'package' } : undefined;
}

/**
 * The program's path inside an Electron distribution.
 * @param {NodeJS.Platform} platform
 */
export function programName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Has the `electron` package download its program.
 * @param {object} options
 * @param {string} options.root absolute path of the repository
 * @param {string} options.node program to run the package's installer with (22.12 or later)
 * @param {number} options.connectMs how long the server may take to answer, in milliseconds
 * @param {number} options.deadlineMs how long the download may take, in milliseconds
 * @param {(line: string) => void} options.say
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function downloadElectron({ root, node, connectMs, deadlineMs, say, env = process.env }) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return { reason: 'the package "electron" is not installed' };
  const problem = await connectProblem(env, connectMs);
  if (problem !== undefined) return { reason: `Electron cannot be downloaded (${problem})` };
  say('Electron: downloading it (about 110 MB, once)');
  const result = await runCommand(node, [installer], {
    cwd: root,
    // The installer unpacks beside itself whatever this says, and would then look for it elsewhere.
    env: { ...env, ELECTRON_OVERRIDE_DIST_PATH: undefined },
    show: 'none',
    deadlineMs,
    silenceMs: 15_000,
    onSilence: (elapsed) => say(`Electron: still downloading (${Math.round(elapsed / 1000)} s)`),
  });
  const found =
    result.code === 0 ? findElectron(root, { ...env, ELECTRON_OVERRIDE_DIST_PATH: undefined }) : undefined;
  if (found) return { path: found.path };
  if (result.timedOut) return { reason: `the download of Electron took longer than ${deadlineMs / 1000} s` };
  return { reason: `the download of Electron failed (${errorLine(result.tail)})` };
}

/**
 * Returns why the download server cannot be reached, in less time than the downloader's own retries take.
 * @param {NodeJS.ProcessEnv} env
 * @param {number} connectMs
 * @returns {Promise<string | undefined>}
 */
async function connectProblem(env, connectMs) {
  // Behind a proxy only the downloader knows the route.
  if (env['HTTPS_PROXY'] || env['https_proxy'] || env['ALL_PROXY'] || env['all_proxy']) return undefined;
  const home = env['ELECTRON_MIRROR'] || env['npm_config_electron_mirror'] || DOWNLOAD_HOME;
  if (!URL.canParse(home)) return `${home} is not a URL`;
  const { protocol, hostname, port } = new URL(home);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) });
    /** @param {string} [problem] */
    const finish = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(connectMs, () => finish(`${hostname} did not answer within ${connectMs / 1000} s`));
    socket.once('connect', () => finish());
    socket.once('error', (error) => finish(error.message));
  });
}

/**
 * Picks the line of an installer's output that explains the failure.
 * @param {string} text
 */
function errorLine(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /Error\b/.test(line)) ?? lines.at(-1) ?? 'no message';
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
