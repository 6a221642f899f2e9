import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Identifies the state of a file tree: size and time of each path below it. */
export type FolderSnapshot = ReadonlyMap<string, string>;

/** Beyond this a comparison costs more than it is worth; the rest relies on events alone. */
const MOST = 200_000;

/**
 * Examines every file below a folder without opening any. Unreadable files are omitted: they cannot be synced either. Links are not
 * followed.
 * @param ignore absolute paths to omit with everything below them
 */
export async function takeSnapshot(folder: string, ignore: ReadonlySet<string>): Promise<FolderSnapshot> {
  const found = new Map<string, string>();
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && found.size < MOST; next = waiting.pop()) {
    const inner = next;
    const entries = await readdir(inner, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(inner, entry.name);
      if (ignore.has(path)) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) {
        const facts = await lstat(path).catch(() => null);
        if (facts !== null) found.set(path, `${facts.size} ${facts.mtimeMs} ${facts.ino}`);
      }
    }
  }
  return found;
}

/** Returns the paths added, changed or removed between two snapshots. */
export function changesBetween(before: FolderSnapshot, after: FolderSnapshot): readonly string[] {
  const changed: string[] = [];
  for (const [path, facts] of after) if (before.get(path) !== facts) changed.push(path);
  for (const path of before.keys()) if (!after.has(path)) changed.push(path);
  return changed;
}
