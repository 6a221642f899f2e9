import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A stamp is the hash of everything a step read, stored beside what the step produced: as long as both agree, the
 * step need not run again. Content is hashed, not times, because a checkout resets every time.
 */

/**
 * Lists the files below a path, sorted, as paths relative to the root with forward slashes.
 * @param {string} root absolute path of the repository
 * @param {string} path file or folder relative to the root; one that does not exist yields nothing
 * @param {(path: string) => boolean} wanted keeps a file by its relative path
 * @returns {string[]}
 */
export function filesBelow(root, path, wanted = () => true) {
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return wanted(path) ? [path] : [];
    throw error;
  }
  return entries
    .flatMap((entry) => {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(root, inner, wanted);
      return entry.isFile() && wanted(inner) ? [inner] : [];
    })
    .sort();
}

/**
 * Hashes the names and contents of files, and whatever else the step depends on.
 * @param {string} root absolute path of the repository
 * @param {readonly string[]} files paths relative to the root
 * @param {readonly string[]} extra further inputs, such as the platform
 * @returns {string} 64 hex digits (SHA-256)
 */
export function contentHash(root, files, extra = []) {
  const hash = createHash('sha256');
  // Lengths are hashed too, so that no two lists of inputs can concatenate to the same bytes.
  for (const text of extra) hash.update(`extra ${Buffer.byteLength(text)}\n`).update(text);
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash
      .update(`file ${Buffer.byteLength(file)} ${bytes.length}\n`)
      .update(file)
      .update(bytes);
  }
  return hash.digest('hex');
}

/**
 * Reads a stamp.
 * @param {string} file absolute path
 * @returns {string | undefined} undefined when there is none
 */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Writes a stamp atomically, so that a killed run leaves no partial one.
 * @param {string} file absolute path
 * @param {string} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${stamp}\n`);
  renameSync(draft, file);
}

/**
 * Removes a stamp before its step starts, so that an interrupted step is not taken for a finished one.
 * @param {string} file absolute path
 */
export function dropStamp(file) {
  rmSync(file, { force: true });
}
