import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesBelow } from './content-stamp.mjs';

/** Where the licences of bundled packages are written, relative to the repository root; the package and the installers include it. */
export const BUNDLED_LICENCES = 'out/third-party-licences.txt';

/** File names that packages use for their licence. */
const LICENCE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * Finds the folders of the packages whose code is in the build, from the sources in its source maps.
 * @param {string} root absolute path of the repository
 * @returns {string[]} absolute paths, sorted
 */
export function bundledPackages(root) {
  const folders = new Set();
  for (const map of filesBelow(root, 'out', (file) => file.endsWith('.map'))) {
    const { sources } = JSON.parse(readFileSync(join(root, map), 'utf8'));
    for (const source of /** @type {string[]} */ (sources)) {
      const file = resolve(root, dirname(map), source);
      const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll('\\', '/'))?.[0];
      if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
    }
  }
  return [...folders].sort((one, other) => (one < other ? -1 : 1));
}

/**
 * Writes the licences of everything bundled into one text, which ships beside the program.
 * @param {string} root absolute path of the repository
 * @param {string} file target path, absolute
 * @returns {number} number of packages in it
 */
export function writeBundledLicences(root, file) {
  const parts = bundledPackages(root).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder)
      .filter((entry) => LICENCE.test(entry))
      .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
    return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
  });
  writeFileSync(file, `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
  return parts.length;
}
