import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCommand } from './run-command.mjs';

/** Text in packages that no program reads. Licences stay. */
const DEAD_WEIGHT =
  /(?:^|\/)(?:test|tests|docs|examples|src|scripts|types|\.github)\/|\.(?:md|map|d\.ts|cc|hh|h|flow|gyp)$/i;

/** Packages of the production tree that nothing loads: headers for compiling prebuilt code, and files for another C library than Node's. */
const UNUSED = /(?:^|\/)(?:node-addon-api$|[^/]*-musl$)/;

/**
 * Copies the contents of the npm package: the list `files` of package.json, as npm itself reads it.
 * @param {string} root absolute path of the repository
 * @param {string} folder target folder, absolute
 */
export function copyPackageFiles(root, folder) {
  const npm = npmCommand();
  const args = [...npm.args, 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const [listed] = JSON.parse(
    execFileSync(npm.command, args, { cwd: root, env: npm.env, encoding: 'utf8', maxBuffer: 1 << 26 }),
  );
  const { name, version, license, type, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const { path } of listed.files)
    // npm includes the desktop app's entry because package.json names it.
    if (path !== main) copyFile(join(root, path), join(folder, path));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`,
  );
}

/**
 * Copies the packages that the program loads from `node_modules` at run time: those in the lock file that are not for development
 * only.
 * @param {string} root absolute path of the repository, for its lock file
 * @param {string} tree absolute path of the folder whose `node_modules` contains them
 * @param {string} folder target folder, absolute
 * @returns {string[]} what was copied, as `name version`
 */
export function copyProductionPackages(root, tree, folder) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const copied = [];
  for (const [path, entry] of Object.entries(/** @type {Record<string, any>} */ (packages))) {
    if (path === '' || entry.dev === true || entry.devOptional === true || UNUSED.test(path)) continue;
    const from = join(tree, path);
    if (!existsSync(from)) {
      if (entry.optional !== true) throw new Error(`${path} is not installed in ${tree}`);
      continue;
    }
    for (const file of filesOfPackage(from)) copyFile(join(from, file), join(folder, path, file));
    copied.push(`${path.replace(/^.*node_modules\//, '')} ${entry.version}`);
  }
  return copied.sort();
}

/** @param {string} folder */
function filesOfPackage(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => !file.startsWith('node_modules/') && !DEAD_WEIGHT.test(file));
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/**
 * Writes the command beside its Node. Both forms locate the program relative to themselves, so the folder can be
 * anywhere.
 * @param {string} folder the carried program, absolute
 * @param {NodeJS.Platform} platform
 */
export function writeCommand(folder, platform) {
  const bin = join(folder, 'bin');
  if (platform === 'win32') {
    writeFileSync(join(bin, 'session-log.cmd'), WINDOWS_COMMAND);
    cpSync(join(import.meta.dirname, 'user-path.mjs'), join(bin, 'user-path.mjs'));
    return;
  }
  writeFileSync(join(bin, 'session-log'), platform === 'darwin' ? MAC_COMMAND : LINUX_COMMAND);
  chmodSync(join(bin, 'session-log'), 0o755);
}

const LINUX_COMMAND = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/node" "$here/../out/main/cli.js" "$@"
`;

const MAC_COMMAND = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
case $(uname -m) in arm64) node=$here/node-arm64 ;; *) node=$here/node-x64 ;; esac
exec "$node" "$here/../out/main/cli.js" "$@"
`;

const WINDOWS_COMMAND = '@"%~dp0node.exe" "%~dp0..\\out\\main\\cli.js" %*\r\n';

/**
 * Creates an empty folder.
 * @param {string} folder absolute
 */
export function emptyFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
