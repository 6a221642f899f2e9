import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** What the protocols need to know about a file; a subset of `fs.Stats`. */
export interface DiskStat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  readonly mode: number;
  readonly uid: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** A folder entry with the kind recorded in the folder itself. */
export interface DiskEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * Every system call made in this folder, one method per call, so that a test can count, refuse, cut short or kill at each of
 * them. Methods throw what Node throws (`NodeJS.ErrnoException`).
 */
export interface DiskCalls {
  open(path: string, flags: number, mode: number): number;
  /** @returns the number of bytes written, which may be fewer than requested */
  write(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  /** @param position byte offset in the file, or null for the current one */
  read(fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number;
  fstat(fd: number): DiskStat;
  truncate(fd: number, length: number): void;
  fsync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  mkdir(path: string, mode: number): void;
  chmod(path: string, mode: number): void;
  /** Times of the link itself, in seconds. */
  lutimes(path: string, atime: number, mtime: number): void;
  lstat(path: string): DiskStat;
  stat(path: string): DiskStat;
  realpath(path: string): string;
  entries(path: string): readonly DiskEntry[];
  names(path: string): readonly string[];
  /** Bytes available to an ordinary user. */
  free(path: string): number;
  /** Waits; part of the interface so that a test needs no real time. */
  pause(ms: number): void;
}

/** The same calls off the event loop thread. */
export type AsyncDiskCalls = {
  readonly [K in keyof DiskCalls]: (...args: Parameters<DiskCalls[K]>) => Promise<ReturnType<DiskCalls[K]>>;
};

/** The real disk, blocking. */
export const syncDisk: DiskCalls = {
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  write: (fd, bytes, offset, length) => fs.writeSync(fd, bytes, offset, length),
  read: (fd, bytes, offset, length, position) => fs.readSync(fd, bytes, offset, length, position),
  fstat: (fd) => fs.fstatSync(fd),
  truncate: (fd, length) => fs.ftruncateSync(fd, length),
  fsync: (fd) => fs.fsyncSync(fd),
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  link: (from, to) => fs.linkSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  mkdir: (path, mode) => fs.mkdirSync(path, { mode }),
  chmod: (path, mode) => fs.chmodSync(path, mode),
  lutimes: (path, atime, mtime) => fs.lutimesSync(path, atime, mtime),
  lstat: (path) => fs.lstatSync(path),
  stat: (path) => fs.statSync(path),
  // The native version asks the system; the other walks the path in JavaScript and is wrong on Windows substituted
  // drives.
  realpath: (path) => fs.realpathSync.native(path),
  entries: (path) => fs.readdirSync(path, { withFileTypes: true }),
  names: (path) => fs.readdirSync(path),
  free: (path) => {
    const facts = fs.statfsSync(path);
    return facts.bavail * facts.bsize;
  },
  pause: (ms) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
};

const open = promisify(fs.open);
const write = promisify(fs.write);
const read = promisify(fs.read);
const readdir = promisify(fs.readdir);
const statfs = promisify(fs.statfs);
const mkdir = promisify(fs.mkdir);
const lstat = promisify(fs.lstat);
const stat = promisify(fs.stat);
const fstat = promisify(fs.fstat);

/** The real disk, on Node's thread pool. */
export const asyncDisk: AsyncDiskCalls = {
  open: (path, flags, mode) => open(path, flags, mode),
  write: async (fd, bytes, offset, length) => (await write(fd, bytes, offset, length)).bytesWritten,
  read: async (fd, bytes, offset, length, position) =>
    (await read(fd, bytes, offset, length, position)).bytesRead,
  fstat: (fd) => fstat(fd),
  truncate: promisify(fs.ftruncate),
  fsync: promisify(fs.fsync),
  close: promisify(fs.close),
  rename: promisify(fs.rename),
  link: promisify(fs.link),
  unlink: promisify(fs.unlink),
  mkdir: (path, mode) => mkdir(path, { mode }),
  chmod: promisify(fs.chmod),
  lutimes: promisify(fs.lutimes),
  lstat: (path) => lstat(path),
  stat: (path) => stat(path),
  realpath: promisify(fs.realpath.native),
  entries: (path) => readdir(path, { withFileTypes: true }),
  names: (path) => readdir(path),
  free: async (path) => {
    const facts = await statfs(path);
    return facts.bavail * facts.bsize;
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
