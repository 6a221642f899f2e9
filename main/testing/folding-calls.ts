import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nodeFolderCalls, type FolderCalls } from '../adapters/folder-store/folder-calls.ts';
import { foldName } from '../adapters/folder-store/folder-names.ts';

/**
 * The real file system below a folder, as it is where names are folded (NTFS, APFS, most network shares): a name finds the entry that
 * differs in case or Unicode form only, and whoever replaces that entry keeps its spelling; renaming it to another spelling changes it.
 * @param root absolute path
 */
export function foldingCalls(root: string): FolderCalls {
  const find = (path: string): string => {
    if (path === root || !path.startsWith(root)) return path;
    const folder = find(dirname(path));
    const wanted = foldName(basename(path));
    const entry = namesIn(folder).find((name) => foldName(name) === wanted);
    return join(folder, entry ?? basename(path));
  };
  const real = nodeFolderCalls;
  return {
    ...real,
    open: (path, flags, mode) => real.open(find(path), flags, mode),
    rename: (from, to) => {
      const target = find(to);
      return real.rename(find(from), find(from) === target ? join(dirname(target), basename(to)) : target);
    },
    unlink: (path) => real.unlink(find(path)),
    mkdir: (path, mode) => real.mkdir(find(path), mode),
    rmdir: (path) => real.rmdir(find(path)),
    chmod: (path, mode) => real.chmod(find(path), mode),
    lstat: (path) => real.lstat(find(path)),
    entries: (path) => real.entries(find(path)),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
