import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Made {
  readonly value: unknown;
  /** Where the folder was copied to. */
  readonly copy: string;
}

const made = new Map<string, Made>();

/**
 * Does something to a folder once. Where it is found with the same files again, it gets what came of them then, with all times. The copy
 * is beside the folder, and whoever made that place removes it.
 * @param what is done, and everything besides the files that it depends on
 */
export async function onceHere<T>(folder: string, what: string, work: () => Promise<T>): Promise<T> {
  const key = `${folder}\n${what}\n${digestOf(folder)}`;
  const known = made.get(key);
  if (known !== undefined) {
    rmSync(folder, { recursive: true });
    copy(known.copy, folder);
    return known.value as T;
  }
  const value = await work();
  const beside = join(mkdtempSync(join(dirname(folder), 'made-')), 'copy');
  copy(folder, beside);
  made.set(key, { value, copy: beside });
  return value;
}

function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

/** Of the names and contents of all files below a folder. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { entry, path } of entries) {
    hash.update(`${path}\0`);
    if (entry.isFile()) hash.update(readFileSync(path));
    else if (entry.isSymbolicLink()) hash.update(readlinkSync(path));
  }
  return hash.digest('hex');
}
