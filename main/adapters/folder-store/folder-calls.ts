import { rmdir } from 'node:fs/promises';
import { briefCalls } from '../disk/brief-calls.ts';
import { asyncDisk, syncDisk, type AsyncDiskCalls, type DiskStat, type DiskEntry } from '../disk/disk.ts';
import { errnoOf } from '../disk/errno.ts';
import { sparingCalls } from './sparing-calls.ts';

export type FolderStat = Omit<DiskStat, 'uid' | 'isSymbolicLink'>;

type FolderEntry = Omit<DiskEntry, 'isSymbolicLink'>;

/**
 * Every system call of the folder store, one method per call, so that a test can refuse or kill at each of them. They
 * reject with what Node throws (`NodeJS.ErrnoException`).
 */
export interface FolderCalls {
  open(path: string, flags: number, mode: number): Promise<number>;
  /** @returns the number of bytes written, which may be fewer than requested */
  write(fd: number, bytes: Uint8Array, offset: number, length: number): Promise<number>;
  /** Reads from the current position. @returns 0 at the end */
  read(fd: number, bytes: Uint8Array, offset: number, length: number): Promise<number>;
  fstat(fd: number): Promise<FolderStat>;
  fsync(fd: number): Promise<void>;
  close(fd: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** @param mode permissions before the umask; 0777 by default */
  mkdir(path: string, mode?: number): Promise<unknown>;
  rmdir(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  lstat(path: string): Promise<FolderStat>;
  entries(path: string): Promise<readonly FolderEntry[]>;
}

/** The real file system, on some threads of Node's pool: a network mount may block a call for ever. */
export const nodeFolderCalls: FolderCalls = callsOf(sparingCalls(asyncDisk));

/** The real file system, where the folder is on the disk that holds the logs, which are looked at on this thread as well. */
export function nearFolderCalls(): FolderCalls {
  return callsOf(briefCalls());
}

/** The real file system for a thread that does nothing else. */
export function threadFolderCalls(): FolderCalls {
  const blocking = Object.entries(syncDisk).map(([name, call]) => [
    name,
    async (...args: never[]) => (call as (...args: never[]) => unknown)(...args),
  ]);
  return callsOf(Object.fromEntries(blocking) as AsyncDiskCalls);
}

function callsOf(disk: AsyncDiskCalls): FolderCalls {
  return {
    ...disk,
    read: (fd, bytes, offset, length) => disk.read(fd, bytes, offset, length, null),
    // The permissions of the store's own folder decide who may read and write; see shareFolder.
    mkdir: (path, mode = 0o777) => disk.mkdir(path, mode),
    rmdir: (path) => rmdir(path),
  };
}

/** Returns a call's result, or null when there is no such file or folder. */
export async function orAbsent<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    // ENOTDIR: a file is where a folder of the path would be, so there is nothing below it.
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
    throw error;
  }
}
