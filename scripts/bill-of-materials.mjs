import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CARRIED_NODES } from './carried-node.mjs';
import { bundledPackages } from './bundled-licences.mjs';

/** Where the bill of materials is written, relative to the repository root; the installers and the npm package include it. */
export const BILL_OF_MATERIALS = 'out/bom.cdx.json';

/**
 * One package whose code ships.
 * @typedef {object} ShippedPackage
 * @property {string} name
 * @property {string} version
 * @property {string | null} licence an SPDX expression; null where the package names none
 * @property {string | null} integrity what package-lock.json says, `sha512-…`
 * @property {'bundled' | 'beside' | 'runtime'} how in `out/`; with its native code in `node_modules`; what the app runs on
 */

/**
 * @typedef {{ version?: string, integrity?: string, license?: string, dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string> }} LockEntry
 */

/**
 * Lists every package whose code ships: those named in the build's source maps, those it loads from `node_modules` with their dependencies,
 * on every system, and the Electron and the Nodes bundled with the app.
 * @param {string} root absolute path of the repository, which has been built
 * @returns {ShippedPackage[]} by name and version, each once
 */
export function shippedPackages(root) {
  /** @type {{ packages: Record<string, LockEntry> }} */
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** @type {Map<string, ShippedPackage>} */
  const found = new Map();
  const add = (/** @type {string} */ path, /** @type {ShippedPackage['how']} */ how) => {
    const entry = packages[path];
    if (entry?.version === undefined)
      throw new Error(`${path} ships, and package-lock.json does not have it.`);
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const key = `${name} ${entry.version}`;
    if (!found.has(key))
      found.set(key, {
        name,
        version: entry.version,
        licence: entry.license ?? null,
        integrity: entry.integrity ?? null,
        how,
      });
  };
  for (const folder of bundledPackages(root)) add(relative(root, folder).replaceAll('\\', '/'), 'bundled');
  for (const path of besideThem(packages)) add(path, 'beside');
  add('node_modules/electron', 'runtime');
  for (const { name, version } of Object.values(CARRIED_NODES))
    found.set(`${name} ${version}`, { name, version, licence: 'MIT', integrity: null, how: 'runtime' });
  return [...found.values()].sort((one, other) =>
    `${one.name} ${one.version}` < `${other.name} ${other.version}` ? -1 : 1,
  );
}

/**
 * @param {Record<string, LockEntry>} packages of package-lock.json
 * @returns {Set<string>} paths of the program's own direct and transitive dependencies
 */
function besideThem(packages) {
  /** @type {Set<string>} */
  const seen = new Set();
  const visit = (/** @type {string} */ from) => {
    const { dependencies, optionalDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = [`${from}/node_modules/${name}`, `node_modules/${name}`].find((one) => one in packages);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      visit(path);
    }
  };
  visit('');
  return seen;
}

/**
 * Formats the bill of materials as CycloneDX 1.5. The same build yields the same text.
 * @param {{ name: string, version: string }} product
 * @param {readonly ShippedPackage[]} packages
 */
export function billOfMaterials(product, packages) {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purl(product),
        name: product.name,
        version: product.version,
        purl: purl(product),
      },
    },
    components: packages.map((one) => ({
      type: 'library',
      'bom-ref': purl(one),
      name: one.name,
      version: one.version,
      purl: purl(one),
      scope: 'required',
      ...(one.licence === null ? {} : { licenses: [{ expression: one.licence }] }),
      ...(one.integrity === null ? {} : { hashes: [hashOf(one.integrity)] }),
      properties: [{ name: 'session-log:shipped', value: one.how }],
    })),
  };
}

/** @param {{ name: string, version: string }} one */
function purl({ name, version }) {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** @param {string} integrity of a package's archive, `sha512-<base64>` */
function hashOf(integrity) {
  const dash = integrity.indexOf('-');
  return {
    alg: integrity.slice(0, dash).replace('sha', 'SHA-'),
    content: Buffer.from(integrity.slice(dash + 1), 'base64').toString('hex'),
  };
}

/**
 * Writes the bill of materials of the current build.
 * @param {string} root absolute path of the repository
 * @returns {number} number of packages in it
 */
export function writeBillOfMaterials(root) {
  const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = shippedPackages(root);
  writeFileSync(
    join(root, BILL_OF_MATERIALS),
    `${JSON.stringify(billOfMaterials(product, packages), null, 2)}\n`,
  );
  return packages.length;
}
