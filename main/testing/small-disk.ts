import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts a file system of one mebibyte; null where that is not allowed. To be taken away by {@link dropDisk}. */
export function smallDisk(): string | null {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return null;
  const folder = mkdtempSync(join(tmpdir(), 'session-log-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmdirSync(folder);
    return null;
  }
}

/** Takes it away at once, whoever may still have a file of it open: a process that was killed lets go a little later. */
export function dropDisk(disk: string | null): void {
  if (disk === null) return;
  execFileSync('umount', ['--lazy', disk]);
  rmdirSync(disk);
}
