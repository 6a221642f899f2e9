import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { objectNameProblem } from '../../../shared/domain/object-name.ts';
import { utf8Length } from '../../../shared/domain/log-path.ts';

/** The store's own folder below the root. Everything beside it is objects, under exactly their names. */
export const RECORDS_FOLDER = '.session-log-store';

const MAX_COMPONENT_BYTES = 255;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?$/i;
const FORBIDDEN = /[<>:"|?*\\]/;

/**
 * Describes why a name cannot be a file in a folder that any platform may open; null when it can. Stricter than the current
 * platform: another one may mount the folder tomorrow.
 */
export function folderNameProblem(name: string): string | null {
  const problem = objectNameProblem(name);
  if (problem !== null) return problem;
  if (FORBIDDEN.test(name)) return 'it has a character that not every file system can keep';
  const components = name.split('/');
  for (const component of components) {
    if (component === '') return 'it has an empty folder name';
    if (component === '.' || component === '..') return 'it leaves its folder';
    if (/[. ]$/.test(component)) return 'a name in it ends with a dot or a space';
    if (RESERVED.test(component)) return 'a name in it is reserved on Windows';
    if (utf8Length(component) > MAX_COMPONENT_BYTES) return 'a name in it is longer than 255 bytes';
  }
  return foldName(components[0] ?? '') === RECORDS_FOLDER
    ? 'it is inside the store\u2019s own records'
    : null;
}

/**
 * Folds a name to the form that must be unique: file systems fold case (NTFS, APFS, most SMB shares) and normalize
 * (HFS+). Upper case first, because that is where "ß" meets "SS".
 */
export function foldName(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

/** Path of the object's visible file. The name must have passed {@link folderNameProblem}. */
export function visiblePath(root: string, name: string): string {
  return join(root, name);
}

/** The folder of the object's records. Named by digest, because a path twice as long would not fit on Windows. */
export function nodePath(root: string, name: string): string {
  const digest = createHash('sha256').update(foldName(name)).digest('hex');
  return join(root, RECORDS_FOLDER, 'objects', digest.slice(0, 2), digest.slice(2, 42));
}

/** Where writes are staged. */
export function stagingPath(root: string): string {
  return join(root, RECORDS_FOLDER, 'staging');
}

/** The file that distinguishes a store from an empty mount point. */
export function markerPath(root: string): string {
  return join(root, RECORDS_FOLDER, 'store.json');
}
