import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { asyncDisk, syncDisk } from '../../../main/adapters/disk/disk.ts';
import { isTemporaryName } from '../../../shared/domain/temporary-name.ts';
import type { Writer } from './writers.ts';

export const PAGE = 4096;
export const SMALL_DISK_BYTES = 1024 * 1024;

/** A real file system of one mebibyte in memory, mounted for a test. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it until that many bytes are free. */
  leaveFree(bytes: number): void;
  /** Removes everything from it. */
  clear(): void;
  remount(options: string): void;
  unmount(): void;
}

/** Why no small disk can be had here, or null when it can. */
export function smallDiskProblem(): string | null {
  if (process.platform !== 'linux') return 'tmpfs is for Linux';
  if (process.getuid?.() !== 0) return 'only the super-user may mount';
  try {
    mountSmallDisk().unmount();
    return null;
  } catch (error) {
    return `tmpfs cannot be mounted here (${(error as Error).message})`;
  }
}

/** @param options further tmpfs options, e.g. `nr_inodes=20` */
export function mountSmallDisk(options = ''): SmallDisk {
  const folder = fs.mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = (words: string): void => command('mount', ['-t', 'tmpfs', '-o', words, 'tmpfs', folder]);
  mount(`size=${SMALL_DISK_BYTES}${options === '' ? '' : `,${options}`}`);
  const filler = join(folder, 'filler');
  return {
    folder,
    leaveFree: (bytes) => {
      const { bavail, bsize } = fs.statfsSync(folder);
      const fd = fs.openSync(filler, 'w');
      const page = Buffer.alloc(PAGE, 0x2e);
      for (let left = bavail * bsize - bytes; left >= PAGE; left -= PAGE) fs.writeSync(fd, page);
      fs.closeSync(fd);
    },
    clear: () => {
      for (const name of fs.readdirSync(folder)) fs.rmSync(join(folder, name), { recursive: true });
    },
    remount: (words) => command('mount', ['-o', `remount,${words}`, folder]),
    unmount: () => {
      command('umount', ['--lazy', folder]);
      fs.rmdirSync(folder);
    },
  };
}

/** What one writer did on a disk that was nearly full. */
export interface FullDiskRun {
  /** `ok`, or the code of the failure. */
  readonly result: string;
  readonly remedy: string;
  readonly isOld: boolean;
  readonly isNew: boolean;
  readonly size: number | null;
  readonly leftOver: number;
}

/** Lays the writer's files, makes the disk nearly full, writes, and looks. */
export async function writeNearlyFull(disk: SmallDisk, writer: Writer, free: number): Promise<FullDiskRun> {
  disk.clear();
  for (const [path, bytes] of Object.entries(writer.before)) {
    fs.mkdirSync(dirname(join(disk.folder, path)), { recursive: true });
    fs.writeFileSync(join(disk.folder, path), bytes);
  }
  disk.leaveFree(free);
  return writeAndLook(disk.folder, writer);
}

/** Writes on the real disk as it is, and looks. */
export async function writeAndLook(folder: string, writer: Writer): Promise<FullDiskRun> {
  const answer = await writer.run(folder, { disk: asyncDisk, syncDisk });
  const target = join(folder, writer.target);
  const content = fs.existsSync(target) ? fs.readFileSync(target) : null;
  return {
    result: answer.ok ? 'ok' : answer.error.code,
    remedy: answer.ok ? '' : answer.error.remedy,
    isOld: writer.isOld(content),
    isNew: writer.isNew(content),
    size: content?.length ?? null,
    leftOver: fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => isTemporaryName(path.split('/').at(-1) ?? '')).length,
  };
}

function command(file: string, args: readonly string[]): void {
  const done = spawnSync(file, args, { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${file} ${args.join(' ')}: ${done.error?.message ?? done.stderr.trim()}`);
}
