import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { PAGE_TYPES } from '../../shared/page-types.ts';

/** One file of the built pages. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Its name contains a digest of its content, so that a browser may cache it. */
  readonly lasting: boolean;
}

/** The built pages by URL path. */
export interface Pages {
  /** Null when there is no such file: a requested path is never looked up on disk. */
  read(path: string): Promise<Page | null>;
}

const START = '/browser/index.html';

/**
 * Lists the built pages once; only listed files are ever served, by their exact names, so that no spelling of a path leads out of the
 * folder.
 * @param folder absolute path of the built renderer
 * @returns null when it is not built
 */
export async function listPages(folder: string): Promise<Pages | null> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = new Map<string, string>();
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    // Source maps are for us and not for a page; links could lead anywhere.
    if (entry.isFile() && Object.hasOwn(PAGE_TYPES, extname(file)))
      files.set(`/${relative(folder, file).split(sep).join('/')}`, file);
  }
  if (!files.has(START)) return null;
  return {
    async read(path) {
      const file = files.get(path === '/' ? START : path);
      if (file === undefined) return null;
      const bytes = await readFile(file).catch(() => null);
      if (bytes === null) return null;
      return { bytes, type: PAGE_TYPES[extname(file)] ?? '', lasting: path.startsWith('/assets/') };
    },
  };
}
