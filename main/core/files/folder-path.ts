/**
 * Absolute paths with `/` separators, which every platform's file calls accept (`C:/work` on Windows, `//server/share` too). Core may not
 * import node:path, and needs no more than this.
 */

/** Converts a system path (`C:\\work\\`): forward slashes, none at the end. */
export function folderPath(path: string): string {
  const forward = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path;
  const trimmed = forward.replace(/\/+$/, '');
  return trimmed === '' ? '/' : /^[A-Za-z]:$/.test(trimmed) ? `${trimmed}/` : trimmed;
}

/** Appends names to a folder. */
export function inFolder(folder: string, ...names: readonly string[]): string {
  return [folder.endsWith('/') ? folder.slice(0, -1) : folder, ...names.filter((name) => name !== '')].join(
    '/',
  );
}

/** A path's folder; null for a root. */
export function parentOf(path: string): string | null {
  const at = path.lastIndexOf('/');
  if (at === -1 || at === path.length - 1) return null;
  const parent = path.slice(0, at);
  if (parent === '') return '/';
  if (/^\/\/[^/]*$/.test(parent)) return null;
  return /^[A-Za-z]:$/.test(parent) ? `${parent}/` : parent;
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of `inner` relative to `folder`; `''` for the folder itself, null when outside. Compares as written: resolve links before. */
export function below(folder: string, inner: string): string | null {
  if (inner === folder) return '';
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return inner.startsWith(prefix) ? inner.slice(prefix.length) : null;
}
