import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { appError, type AppError } from '../../shared/app-error.ts';
import { quote } from '../../shared/domain/ids.ts';
import type { DataPaths } from '../core/files/data-paths.ts';

/**
 * Why a folder cannot be the store of a data folder: a store among the logs would be pushed into itself, each time one level deeper; one
 * among regenerable files would be deleted with them; and a store around the data folder would hold the truth as foreign files.
 * @param root absolute path of the folder; need not exist
 * @returns null when it can
 */
export function storePlaceProblem(root: string, paths: DataPaths): AppError | null {
  const [store, home] = [whole(root), whole(paths.home)];
  if (isIn(home, store))
    return refused(
      root,
      store === home ? 'is the data folder itself' : `holds the data folder ${quote(paths.home)}`,
    );
  if (!isIn(store, home) || isIn(store, whole(paths.store))) return null;
  return refused(root, `lies in the data folder ${quote(paths.home)}`);
}

function refused(root: string, why: string): AppError {
  return appError(
    'invalid-input',
    `${quote(root)} cannot be the store: it ${why}.`,
    'Name a folder of its own outside of the data folder, on another disk or a share.',
    { details: { field: 'store.url', path: root } },
  );
}

function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== path);
}

/** Resolves links in the path's existing part. */
function whole(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(whole(above), basename(path));
  }
}
