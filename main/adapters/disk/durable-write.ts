/**
 * Durable writes: at every moment, even across a kill, a full disk or a power cut, a file has either its old content or its new.
 * The steps are those of docs/durable-writes.md. Implemented here because the packages we measured replaced a good file by a
 * truncated one on a full disk and reported success: they trust a single write(2).
 */
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './errno.ts';
import type { DiskStat } from './disk.ts';
import { call, type Steps } from './steps.ts';

/** What a protocol takes from outside, so that a test can replay it. */
export interface WriteContext {
  readonly platform: NodeJS.Platform;
  /** Twelve hexadecimal digits, unique to this writer. */
  nonce(): string;
}

/** A temporary file being filled. */
export interface TempFile {
  readonly path: string;
  readonly fd: number;
}

// Undefined on Windows, which has neither flag; there a name cannot be replaced by a link without privileges.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const FOLDER = constants.O_DIRECTORY ?? 0;
const PRIVATE_FOLDER = 0o700;
/** Leaves room for the dots, the nonce and `.tmp` within the 255 bytes file systems allow for a name. */
const MAX_STEM = 200;
const EINTR_ATTEMPTS = 16;
/** The errors of volumes without hard links; EISDIR is Windows' "invalid function" on FAT. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EISDIR',
]);
const WINDOWS_PATIENCE_MS = 10_000;

/** Replaces or creates a file. Creates missing folders. */
export function replaceSteps(
  path: string,
  bytes: Uint8Array,
  mode: number,
  context: WriteContext,
): Steps<void> {
  return again(function* () {
    const temp = yield* openTemp(path, mode, context);
    let sealed = false;
    try {
      yield* writeAll(temp.fd, bytes);
      yield* seal(temp, bytes.length, () => (sealed = true));
      yield* publish(temp, path, context);
    } catch (error) {
      yield* abandon(temp, sealed);
      throw error;
    }
  });
}

/** Creates a file that must not exist. Never touches an existing one. */
export function createSteps(
  path: string,
  bytes: Uint8Array,
  mode: number,
  context: WriteContext,
): Steps<'created' | 'exists'> {
  return again(function* () {
    if ((yield* present(path)) !== null) return 'exists';
    const temp = yield* openTemp(path, mode, context);
    let sealed = false;
    try {
      yield* writeAll(temp.fd, bytes);
      const facts = yield* seal(temp, bytes.length, () => (sealed = true));
      const outcome = yield* claim(temp, path, facts, context);
      if (outcome === 'created') yield* syncFolder(dirname(path), context);
      return outcome;
    } catch (error) {
      yield* abandon(temp, sealed);
      throw error;
    }
  });
}

/** Appends to a file, in one write if the system accepts it. A failed append is truncated again. */
export function appendSteps(
  path: string,
  bytes: Uint8Array,
  options: { readonly mode: number; readonly sync: boolean },
  context: WriteContext,
): Steps<void> {
  return again(function* () {
    const flags = constants.O_WRONLY | constants.O_APPEND | NO_FOLLOW;
    let created = false;
    let fd: number;
    try {
      fd = yield* call('open', path, flags, options.mode);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      yield* makeFolderSteps(dirname(path), context);
      fd = yield* call('open', path, flags | constants.O_CREAT, options.mode);
      created = true;
    }
    try {
      const before = (yield* call('fstat', fd)).size;
      let wrote = 0;
      try {
        yield* writeAll(fd, bytes, (done) => (wrote = done));
        if (options.sync) yield* call('fsync', fd);
      } catch (error) {
        yield* cutBack(fd, before, wrote);
        throw error;
      }
    } finally {
      yield* closeQuietly(fd);
    }
    if (created && options.sync) yield* syncFolder(dirname(path), context);
  });
}

/** Creates a folder and its missing parents, each on disk before the next is created in it. */
export function* makeFolderSteps(path: string, context: WriteContext): Steps<void> {
  const missing: string[] = [];
  for (let at = path; !(yield* madeOrThere(at, context)); at = dirname(at)) missing.push(at);
  for (const at of missing.reverse()) {
    if (!(yield* madeOrThere(at, context))) throw systemError('ENOENT', `${dirname(at)} went away`);
  }
}

/** False when the parent is missing. */
function* madeOrThere(path: string, context: WriteContext): Steps<boolean> {
  try {
    yield* again(() => call('mkdir', path, PRIVATE_FOLDER));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && dirname(path) !== path) return false;
    // Some systems return EISDIR, EPERM or EROFS for an existing folder (a mount point, a drive's root).
    if (yield* isFolder(path)) return true;
    throw error;
  }
  yield* syncFolder(dirname(path), context);
  return true;
}

/** Moves a file or folder to a name that must be free. */
export function* moveSteps(from: string, to: string, context: WriteContext): Steps<'moved' | 'exists'> {
  // rename(2) would overwrite. Two programs never move to the same new name at the same time: names of things put aside carry a
  // number that the caller increments.
  if ((yield* present(to)) !== null) return 'exists';
  yield* renamePatiently(from, to, context);
  yield* syncFolder(dirname(to), context);
  if (dirname(from) !== dirname(to)) yield* syncFolder(dirname(from), context);
  return 'moved';
}

/** Opens a new temporary file beside `path`, creating missing folders. */
export function* openTemp(path: string, mode: number, context: WriteContext): Steps<TempFile> {
  const folder = dirname(path);
  const stem = Buffer.from(basename(path)).subarray(0, MAX_STEM).toString('utf8').replaceAll('\ufffd', '');
  const temp = join(folder, `.${stem}.${context.nonce()}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
  const open = (): Steps<TempFile> =>
    again(function* () {
      try {
        return { path: temp, fd: yield* call('open', temp, flags, mode) };
      } catch (error) {
        const code = errnoOf(error);
        // It may have been created and the reply lost: nobody else can have this name, unless it existed before.
        if (code !== 'ENOENT' && code !== 'EEXIST') yield* unlinkQuietly(temp);
        throw error;
      }
    });
  try {
    return yield* open();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    yield* makeFolderSteps(folder, context);
    return yield* open();
  }
}

/**
 * Writes every byte: write(2) may accept fewer than requested and report it only in its return value.
 * @param onProgress called with the bytes written after each call
 */
export function* writeAll(fd: number, bytes: Uint8Array, onProgress?: (done: number) => void): Steps<void> {
  for (let done = 0; done < bytes.length;) {
    const at = done;
    // An interrupted write(2) that accepted bytes returns their number; with EINTR it accepted none.
    const wrote = yield* again(() => call('write', fd, bytes, at, bytes.length - at));
    if (wrote <= 0) throw systemError('EIO', 'write took no byte');
    done += wrote;
    onProgress?.(done);
  }
}

/**
 * Puts a filled temporary file on disk and closes it. After a failed fsync the kernel may have marked the lost pages clean, so
 * that a second fsync would succeed with the data gone: a failed one is never repeated on the same descriptor.
 * @param onClosed called once the descriptor must not be closed again
 */
export function* seal(temp: TempFile, size: number, onClosed: () => void): Steps<DiskStat> {
  const facts = yield* again(() => call('fstat', temp.fd));
  if (facts.size !== size)
    throw systemError('EIO', `the file has ${facts.size} bytes after ${size} were written`);
  // An interrupted fsync(2) has not reported any failure yet, and will report it when called again.
  yield* again(() => call('fsync', temp.fd));
  // Even a failed close releases the descriptor; the bytes are on disk already.
  onClosed();
  yield* closeQuietly(temp.fd);
  return facts;
}

/** Renames a sealed temporary file to its name, replacing any existing file. */
export function* publish(temp: TempFile, path: string, context: WriteContext): Steps<void> {
  yield* renamePatiently(temp.path, path, context);
  yield* syncFolder(dirname(path), context);
}

/** Discards a temporary file; never fails. */
export function* abandon(temp: TempFile, closed: boolean): Steps<void> {
  if (!closed) yield* closeQuietly(temp.fd);
  yield* unlinkQuietly(temp.path);
}

/** link(2) refuses an existing name, which rename(2) would overwrite. */
function* claim(
  temp: TempFile,
  path: string,
  facts: DiskStat,
  context: WriteContext,
): Steps<'created' | 'exists'> {
  try {
    yield* call('link', temp.path, path);
  } catch (error) {
    const code = errnoOf(error);
    // A network file system may have linked, lost the reply and retried: the name is then ours whatever the reply.
    const there = yield* present(path);
    const ours = there !== null && facts.ino !== 0 && there.ino === facts.ino && there.dev === facts.dev;
    if (!ours && NO_LINKS.has(code)) return yield* claimWithoutLinks(temp, path, context);
    if (!ours && code !== 'EEXIST') throw error;
    yield* unlinkQuietly(temp.path);
    return ours ? 'created' : 'exists';
  }
  yield* unlinkQuietly(temp.path);
  return 'created';
}

/**
 * For volumes without hard links (exFAT, some network shares): an empty file created exclusively is the claim, and our
 * temporary file then replaces it. A crash in between leaves an empty file, never a truncated one.
 */
function* claimWithoutLinks(
  temp: TempFile,
  path: string,
  context: WriteContext,
): Steps<'created' | 'exists'> {
  let fd: number;
  try {
    fd = yield* call(
      'open',
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW,
      0o600,
    );
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    yield* unlinkQuietly(temp.path);
    return 'exists';
  }
  yield* closeQuietly(fd);
  try {
    yield* renamePatiently(temp.path, path, context);
  } catch (error) {
    yield* unlinkQuietly(path);
    throw error;
  }
  return 'created';
}

function* renamePatiently(from: string, to: string, context: WriteContext): Steps<void> {
  let interrupted: unknown = null;
  for (let waited = 0, wait = 10; ; waited += wait, wait = Math.min(wait * 2, 500)) {
    try {
      yield* call('rename', from, to);
      return;
    } catch (error) {
      const code = errnoOf(error);
      // Gone on the second attempt: the first may have succeeded, which cannot be determined here.
      if (code === 'ENOENT' && interrupted !== null) throw interrupted;
      const busy = context.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
      if ((!busy && code !== 'EINTR') || waited >= WINDOWS_PATIENCE_MS) throw error;
      if (code === 'EINTR') interrupted = error;
      // Virus scanners and indexers keep a new file open briefly, and Windows refuses to rename open files.
      else if (waited === 0) yield* makeWritable(to);
      if (busy) yield* call('pause', wait);
    }
  }
}

/** Windows refuses to replace a read-only file, and the cache is read-only. */
function* makeWritable(path: string): Steps<void> {
  try {
    yield* call('chmod', path, 0o600);
  } catch {
    // The rename is retried anyway and reports what prevents it.
  }
}

/** Puts a folder's entries on disk. Windows has no such call, and some file systems refuse it; there the rename is all there is. */
export function* syncFolder(folder: string, context: WriteContext): Steps<void> {
  if (context.platform === 'win32') return;
  yield* again(function* () {
    const fd = yield* call('open', folder, constants.O_RDONLY | FOLDER, 0);
    try {
      yield* call('fsync', fd);
    } catch (error) {
      if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP', 'ENOSYS'].includes(errnoOf(error))) throw error;
    } finally {
      yield* closeQuietly(fd);
    }
  });
}

function* cutBack(fd: number, before: number, wrote: number): Steps<void> {
  try {
    const now = (yield* call('fstat', fd)).size;
    // Only when nothing but our own bytes was added: another writer's record would be truncated with them.
    if (wrote > 0 && now === before + wrote) yield* call('truncate', fd, before);
  } catch {
    // A torn last record stays; every journal reader skips it.
  }
}

function* present(path: string): Steps<DiskStat | null> {
  try {
    return yield* again(() => call('lstat', path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function* isFolder(path: string): Steps<boolean> {
  try {
    return (yield* again(() => call('stat', path))).isDirectory();
  } catch {
    return false;
  }
}

function* closeQuietly(fd: number): Steps<void> {
  try {
    yield* call('close', fd);
  } catch {
    // Linux has released the descriptor whatever close(2) returns; closing again could hit somebody else's.
  }
}

function* unlinkQuietly(path: string): Steps<void> {
  try {
    yield* call('unlink', path);
  } catch {
    // A leftover temporary file is ignored by every scan and swept later.
  }
}

/** Restarts a protocol, or one call, from its first step when a signal interrupted it. */
function* again<T>(attempt: () => Steps<T>): Steps<T> {
  for (let left = EINTR_ATTEMPTS; ; left--) {
    try {
      return yield* attempt();
    } catch (error) {
      if (errnoOf(error) !== 'EINTR' || left === 0) throw error;
    }
  }
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
