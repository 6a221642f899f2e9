import { sep } from 'node:path';
import { errnoOf } from './errno.ts';
import type { DiskCalls } from './disk.ts';
import { isTemporaryName } from '../../../shared/domain/temporary-name.ts';

/**
 * Removes temporary files left below a folder by killed writers. Only old ones: a young one may still be being written, and
 * a wrong clock only delays removal.
 * @param olderThanMs age by the file's own modification time
 * @returns the number of removed files
 */
export function sweepTemporary(disk: DiskCalls, folder: string, olderThanMs: number): number {
  const before = Date.now() - olderThanMs;
  let removed = 0;
  const visit = (at: string): void => {
    for (const entry of entriesOf(disk, at)) {
      const full = at + sep + entry.name;
      if (entry.isDirectory()) visit(full);
      else if (entry.isFile() && isTemporaryName(entry.name) && removeOld(disk, full, before)) removed += 1;
    }
  };
  visit(folder);
  return removed;
}

function entriesOf(disk: DiskCalls, folder: string): ReturnType<DiskCalls['entries']> {
  try {
    return disk.entries(folder);
  } catch {
    // Absent or unreadable: there is nothing of ours to remove.
    return [];
  }
}

function removeOld(disk: DiskCalls, path: string, before: number): boolean {
  try {
    if (disk.lstat(path).mtimeMs > before) return false;
    disk.unlink(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return false;
  }
}
