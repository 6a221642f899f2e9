import type { Plugin } from 'vite';

/**
 * Packages that others import at start-up for functions never called here. They are left out of the bundle with all their dependencies; a
 * call to one throws, so that a newly added use is noticed in its first test. For each: why its importer wants it.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  '@noble/post-quantum': 'age-encryption: keys of a kind that is not made here',
  ajv: 'conf: the schema of a store; ours has none',
  'ajv-formats': 'conf: the same',
  'async-retry': '@google-cloud/storage: uploads',
  atomically: 'conf: writing; electron-store only reads here',
  'base64-js': 'google-auth-library: browsers',
  'data-uri-to-buffer': 'node-fetch: addresses that begin with data:',
  'debounce-fn': 'conf: watching the file of a store',
  duplexify: '@google-cloud/storage: uploads and downloads, which are our own requests',
  'env-paths': 'conf: where a store lies that is not told where',
  'fast-xml-parser': '@google-cloud/storage: uploads in parts',
  mime: '@google-cloud/storage: the type of a file that is uploaded',
  'p-limit': '@google-cloud/storage: many files at once',
  'uint8array-extras': 'conf: the encryption of a store; ours has none',
};

/** Packages that are called, but replaced by a few lines. For each: the module. */
export const REPLACED: Readonly<Record<string, string>> = {
  // Adds paging methods to classes that list files and buckets; ours lists by its own requests.
  '@google-cloud/paginator': `exports.paginator = { extend() {}, streamify: () => () => { throw new Error('lists are not part of this program'); } };`,
  'buffer-equal-constant-time': `const { timingSafeEqual } = require('node:crypto');
module.exports = (one, other) => one.length === other.length && timingSafeEqual(one, other);`,
  // Debugging output of the proxy agents.
  debug: `const debug = () => Object.assign(() => {}, { enabled: false });
module.exports = Object.assign(debug, { default: debug });`,
  // Bodies that are blobs or forms: Node has both classes.
  'fetch-blob': `const { Blob, File } = globalThis; module.exports = Object.assign(class extends Blob {}, { Blob, File });`,
  'formdata-polyfill': `exports.FormData = globalThis.FormData; exports.formDataToBlob = () => { throw new Error('forms are not part of this program'); };`,
  // The text of a failure, which is never shown.
  'html-entities': 'exports.decode = (text) => text;',
  'lazy-val': `exports.Lazy = class {
  #value = null;
  #make;
  constructor(make) { this.#make = make; }
  get hasValue() { return this.#make === null; }
  get value() { if (this.#make !== null) this.value = this.#make(); return this.#value; }
  set value(value) { this.#value = value; this.#make = null; }
};`,
  'lodash.escaperegexp': String.raw`module.exports = (text) => String(text).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');`,
  'lodash.isequal': `module.exports = require('node:util').isDeepStrictEqual;`,
  // For the Node of 2015.
  'safe-buffer': `module.exports = require('node:buffer');`,
};

const PREFIX = '\0left-out:';

/** Replaces each package of {@link LEFT_OUT} and {@link REPLACED} by a stand-in. */
export function leftOutPackages(): Plugin {
  return {
    name: 'session-log:left-out-packages',
    enforce: 'pre',
    resolveId(source) {
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? '';
      return Object.hasOwn({ ...LEFT_OUT, ...REPLACED }, name) ? `${PREFIX}${name}.cjs` : null;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const name = id.slice(PREFIX.length, -'.cjs'.length);
      return REPLACED[name] ?? standIn(name);
    },
  };
}

/**
 * A CommonJS module with any requested export, each throwing when called.
 * @param name of the package, for the message
 */
export function standIn(name: string): string {
  return `
const leftOut = new Proxy(function () {}, {
  get: (target, key) =>
    key === 'prototype' ? target.prototype : key === 'then' || key === '__esModule' || typeof key === 'symbol' ? undefined : leftOut,
  apply() { throw new Error(${JSON.stringify(`${name} is not part of this program`)}); },
  construct() { throw new Error(${JSON.stringify(`${name} is not part of this program`)}); },
});
module.exports = leftOut;
`;
}
