import { constants } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Clock, Random } from '../../core/ports/clock.ts';
import { errnoOf } from '../disk/errno.ts';
import { orAbsent, type FolderCalls } from './folder-calls.ts';
import type { ListState } from './folder-list.ts';

/** State shared by the parts of one folder store. */
export interface FolderContext {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly url: string;
  readonly calls: FolderCalls;
  readonly clock: Clock;
  readonly random: Random;
  readonly platform: NodeJS.Platform;
  /** Folders whose own name this process has synced; another process may have created them without getting that far. */
  readonly safeFolders: Set<string>;
  /** Folders currently being synced, see {@link syncFolder}. */
  readonly syncs: Map<string, FolderSync>;
  /** Whether it belongs to this user alone (the embedded store): then nobody else may read it, whatever the umask. */
  readonly isPrivate: boolean;
  readonly listing: ListState;
  /** Permissions of the root, read once; null before. */
  rootMode: number | null;
}

/** What reading takes of it. */
export type ReadContext = Pick<FolderContext, 'root' | 'url' | 'calls' | 'listing'>;

// Undefined on Windows, which has neither flag; there links need privileges a stranger does not have.
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const FOLDER = constants.O_DIRECTORY ?? 0;
// Opening a pipe in a file's place would wait forever, and the whole process with it.
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const WINDOWS_PATIENCE_MS = 10_000;
const NO_FOLDER_SYNC = ['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EACCES'];

/** Returns a name unique to this writer. */
export function nonce(context: FolderContext): string {
  return context.random.hex(12);
}

/** A folder sync in progress, and the one after it. */
export interface FolderSync {
  readonly running: Promise<void>;
  /** Starts when `running` has ended, for all requests made meanwhile. */
  next: Promise<void> | null;
}

/**
 * Syncs a folder's entries to disk, where the system has such a call. One sync serves all requests made before it started, such as those of
 * concurrent writers. A failed one fails all of them: the next sync may no longer know what was lost, and would report success.
 */
export function syncFolder(context: FolderContext, folder: string): Promise<void> {
  if (context.platform === 'win32') return Promise.resolve();
  const { syncs } = context;
  const begin = (): Promise<void> => {
    const running = syncNow(context, folder);
    const sync: FolderSync = { running, next: null };
    syncs.set(folder, sync);
    const end = (): void => {
      if (sync.next === null) syncs.delete(folder);
    };
    running.then(end, () => syncs.delete(folder));
    return running;
  };
  const before = syncs.get(folder);
  if (before === undefined) return begin();
  before.next ??= before.running.then(begin);
  return before.next;
}

async function syncNow(context: FolderContext, folder: string): Promise<void> {
  const fd = await context.calls.open(folder, constants.O_RDONLY | FOLDER, 0);
  try {
    await context.calls.fsync(fd);
  } catch (error) {
    // Many network file systems refuse it for folders; there only the server decides when names are durable.
    if (!NO_FOLDER_SYNC.includes(errnoOf(error))) throw error;
  } finally {
    await closeQuietly(context, fd);
  }
}

/** Creates a folder and the missing ones above it; on return all of them below the root are synced, whoever created them. */
export async function makeFolder(context: FolderContext, path: string): Promise<void> {
  if (context.safeFolders.has(path) && (await orAbsent(context.calls.lstat(path))) !== null) return;
  const isBelowRoot = path.startsWith(context.root + sep);
  if (isBelowRoot) await makeFolder(context, dirname(path));
  let isNew = true;
  try {
    await makeShared(context, path);
  } catch (error) {
    isNew = false;
    const code = errnoOf(error);
    if (code === 'ENOENT' && !isBelowRoot && dirname(path) !== path) {
      await makeFolder(context, dirname(path));
      await makeFolder(context, path);
      return;
    }
    // A mount point or drive root may return EPERM, EROFS or EISDIR although it exists.
    if (code !== 'EEXIST' && (await orAbsent(context.calls.lstat(path)))?.isDirectory() !== true) throw error;
  }
  // An existing root may be inside a folder we cannot open.
  if (isBelowRoot || isNew) await syncFolder(context, dirname(path));
  context.safeFolders.add(path);
}

/**
 * Creates a folder writable by everyone who may write to the store's root: several users of a machine or a server share one store, and
 * each one's umask would shut out the others. Existing permissions are never changed.
 */
export async function makeShared(context: FolderContext, path: string): Promise<void> {
  await context.calls.mkdir(path, context.isPrivate ? 0o700 : undefined);
  const shared = (await sharedBits(context)) & 0o2077;
  if (shared !== 0) await context.calls.chmod(path, 0o700 | shared);
}

/** The root's group and other permissions (and its set-group bit) if it is shared for writing, else 0: the umask then decides. */
async function sharedBits(context: FolderContext): Promise<number> {
  if (context.platform === 'win32' || context.isPrivate) return 0;
  context.rootMode ??= (await orAbsent(context.calls.lstat(context.root)))?.mode ?? null;
  const mode = context.rootMode ?? 0;
  return (mode & 0o022) === 0 ? 0 : mode;
}

/** Writes a new file completely, without syncing it yet. @returns its descriptor, to be synced and closed */
export async function writeNew(context: FolderContext, path: string, bytes: Uint8Array): Promise<number> {
  const fd = await openNew(context, path);
  try {
    await writeAll(context, fd, bytes);
  } catch (error) {
    await closeQuietly(context, fd);
    throw error;
  }
  return fd;
}

/** Opens a file that must not exist, for writing; readable by everyone who shares the store. */
export async function openNew(context: FolderContext, path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
  const fd = await context.calls.open(path, flags, context.isPrivate ? 0o600 : 0o666);
  const shared = (await sharedBits(context)) & 0o066;
  if (shared === 0) return fd;
  try {
    await context.calls.chmod(path, 0o600 | shared);
  } catch (error) {
    await closeQuietly(context, fd);
    throw error;
  }
  return fd;
}

/** Opens a file for reading, never through a link and without ever waiting; null when it does not exist. */
export function openExisting(context: ReadContext, path: string): Promise<number | null> {
  return orAbsent(context.calls.open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT, 0));
}

/** Writes every byte: the system may accept fewer than requested and report it only in its return value. */
export async function writeAll(context: FolderContext, fd: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const wrote = await context.calls.write(fd, bytes, done, bytes.length - done);
    if (wrote <= 0) throw Object.assign(new Error('write took no byte'), { code: 'EIO' });
    done += wrote;
  }
}

const NEWLINE = 0x0a;
/** Nearly every record fits; so small buffers share an allocation. */
const FIRST_READ = 2 * 1024;

/** Reads a small file whole; null when it does not exist or is longer than `limit` bytes. */
export async function readSmall(
  context: ReadContext,
  path: string,
  limit: number,
): Promise<Uint8Array | null> {
  const fd = await openExisting(context, path);
  if (fd === null) return null;
  try {
    let buffer: Uint8Array = Buffer.allocUnsafe(Math.min(limit + 1, FIRST_READ));
    let size = 0;
    for (;;) {
      if (size === buffer.length) {
        const larger = new Uint8Array(limit + 1);
        larger.set(buffer);
        buffer = larger;
      }
      const got = await readOn(context, fd, buffer, size);
      // A pipe whose writer sends nothing; no file does this.
      if (got === null) return null;
      size += got;
      if (size > limit) return null;
      // What this store writes ends with a line break: no further read is needed to see the end.
      const isEnd = got === 0 || (size < buffer.length && buffer[size - 1] === NEWLINE);
      if (isEnd) return buffer.subarray(0, size);
    }
  } finally {
    await closeQuietly(context, fd);
  }
}

async function readOn(
  context: ReadContext,
  fd: number,
  buffer: Uint8Array,
  from: number,
): Promise<number | null> {
  try {
    return await context.calls.read(fd, buffer, from, buffer.length - from);
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return null;
    throw error;
  }
}

/** Renames; retries while Windows refuses because somebody (a virus scanner, a reader) briefly holds the file open. */
export async function renamePatiently(context: FolderContext, from: string, to: string): Promise<void> {
  for (let waited = 0, wait = 10; ; waited += wait, wait = Math.min(wait * 2, 500)) {
    try {
      await context.calls.rename(from, to);
      return;
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error));
      if (context.platform !== 'win32' || !busy || waited >= WINDOWS_PATIENCE_MS) throw error;
      await context.clock.sleep(wait);
    }
  }
}

/** Closes; a failure no longer matters, because everything important was synced before. */
export async function closeQuietly(context: ReadContext, fd: number): Promise<void> {
  try {
    await context.calls.close(fd);
  } catch {
    // Linux has released the descriptor whatever close(2) returns.
  }
}

/** Removes one of our own working folders and its contents, as far as possible. */
export async function removeOwnFolder(context: FolderContext, folder: string): Promise<void> {
  try {
    for (const entry of await context.calls.entries(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await removeOwnFolder(context, path);
      else await context.calls.unlink(path);
    }
    await context.calls.rmdir(folder);
  } catch {
    // Leftovers are never mistaken for objects; a later sweep retries.
  }
}
