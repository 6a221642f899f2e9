import { randomBytes } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../../core/ports/files.ts';
import { asyncDisk, syncDisk, type AsyncDiskCalls, type DiskCalls } from './disk.ts';
import { diskError, showPath } from './disk-error.ts';
import {
  abandon,
  appendSteps,
  createSteps,
  makeFolderSteps,
  moveSteps,
  openTemp,
  publish,
  replaceSteps,
  seal,
  writeAll,
  type TempFile,
  type WriteContext,
} from './durable-write.ts';
import { folderAnswers } from './folder-answers.ts';
import { briefCalls } from './brief-calls.ts';
import { measureFile } from './measure-file.ts';
import { readFile, readRange, toFacts, uninterrupted } from './read-file.ts';
import { resolveExisting, scanLogs } from './scan-logs.ts';
import { runAsync, runSync, type Steps } from './steps.ts';
import { sweepTemporary } from './sweep-temporary.ts';

const PRIVATE_FILE = 0o600;

/** Replacements that {@link createNodeFiles} accepts. */
export interface NodeFilesDeps {
  readonly disk?: AsyncDiskCalls;
  readonly syncDisk?: DiskCalls;
  readonly platform?: NodeJS.Platform;
  readonly nonce?: () => string;
}

/** The local disk through node:fs. See the port for its guarantees and docs/durable-writes.md for the implementation. */
export function createNodeFiles(deps: NodeFilesDeps = {}): Files {
  const disk = deps.disk ?? asyncDisk;
  const blocking = deps.syncDisk ?? syncDisk;
  const brief = deps.disk ?? briefCalls(disk, blocking);
  const context = writeContext(deps);
  const write = <T>(verb: string, path: string, steps: () => Steps<T>): Answer<T> =>
    guarded(verb, path, () => runAsync(disk, steps()));

  return {
    read: (path) => checked(path, () => readFile(disk, path)),
    readHead: (path, length) => checked(path, () => readFile(brief, path, length)),
    readRange: (path, from, length) => checked(path, () => readRange(disk, path, from, length)),
    measure: (path, options) => checked(path, () => measureFile(brief, path, options)),
    stat: async (path) =>
      orNull(
        await guarded('look at', path, async () => toFacts(await uninterrupted(() => disk.lstat(path)))),
      ),
    replace: (path, bytes, options) =>
      write('write', path, () => replaceSteps(path, bytes, options?.mode ?? PRIVATE_FILE, context)),
    replaceFrom: (path, chunks, commit, options) =>
      checked(path, () =>
        replaceFrom(disk, context, { path, chunks, commit, mode: options?.mode ?? PRIVATE_FILE }),
      ),
    create: (path, bytes, options) =>
      write('create', path, () => createSteps(path, bytes, options?.mode ?? PRIVATE_FILE, context)),
    append: (path, bytes, options) =>
      write('write', path, () =>
        appendSteps(
          path,
          bytes,
          { mode: options?.mode ?? PRIVATE_FILE, sync: options?.sync ?? false },
          context,
        ),
      ),
    scanLogs: (folder) => guarded('list', folder, () => scanLogs(blocking, folder)),
    names: async (folder) => {
      const names = await guarded('list', folder, () => uninterrupted(() => disk.names(folder)));
      return mapOk(orNull(names), (found) => [...(found ?? [])].sort());
    },
    remove: async (path) =>
      mapOk(orNull(await guarded('remove', path, () => disk.unlink(path))), () => undefined),
    removeEmptyFolder: (path) => guarded('remove', path, () => removeEmpty(path)),
    makeFolder: (path) => write('make the folder', path, () => makeFolderSteps(path, context)),
    setMode: (path, mode) =>
      guarded('change the rights of', path, async () => {
        // chmod(2) follows links, and a link in the cache could point anywhere.
        if ((await disk.lstat(path)).isSymbolicLink())
          throw Object.assign(new Error('symbolic link'), { code: 'ELOOP' });
        await disk.chmod(path, mode);
      }),
    setTime: (path, mtimeMs) =>
      guarded('date', path, () => disk.lutimes(path, mtimeMs / 1000, mtimeMs / 1000)),
    move: async (from, to) => {
      const bad = pathProblem(to);
      if (bad) return err(bad);
      const moved = await write('move', from, () => moveSteps(from, to, context));
      if (!moved.ok) return moved;
      return moved.value === 'moved' ? ok(undefined) : err(occupied(from, to));
    },
    isWithin: async (path, folder) => {
      const [inner, outer] = [resolveExisting(blocking, path), resolveExisting(blocking, folder)];
      if (inner === null || outer === null) return false;
      return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
    },
    answers: (folder, ms) => folderAnswers(folder, ms),
    freeBytes: async (folder) => {
      const free = await guarded('look at', folder, () => disk.free(folder));
      return free.ok ? free.value : null;
    },
    sweepTemporary: (folder, olderThanMs) =>
      guarded('tidy', folder, async () => sweepTemporary(blocking, folder, olderThanMs)),
  };
}

async function removeEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/^(?:ENOTEMPTY|EEXIST|ENOENT)$/.test(code)) return false;
    throw error;
  }
}

/** Writes a file durably within one tick: for settings, whose read, merge and write must not interleave with another. */
export function replaceNow(
  path: string,
  bytes: Uint8Array,
  deps: NodeFilesDeps = {},
): Result<void, AppError> {
  const bad = pathProblem(path);
  if (bad) return err(bad);
  try {
    runSync(deps.syncDisk ?? syncDisk, replaceSteps(path, bytes, PRIVATE_FILE, writeContext(deps)));
    return ok(undefined);
  } catch (error) {
    return err(diskError('write', path, error));
  }
}

function writeContext(deps: NodeFilesDeps): WriteContext {
  return {
    platform: deps.platform ?? process.platform,
    nonce: deps.nonce ?? (() => randomBytes(6).toString('hex')),
  };
}

interface StreamedWrite {
  readonly path: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly commit: () => Answer<void>;
  readonly mode: number;
}

async function replaceFrom(
  disk: AsyncDiskCalls,
  context: WriteContext,
  { path, chunks, commit, mode }: StreamedWrite,
): Answer<void> {
  const opened = await guarded('write', path, () => runAsync(disk, openTemp(path, mode, context)));
  if (!opened.ok) return opened;
  const temp: TempFile = opened.value;
  let [closed, published] = [false, false];
  try {
    const filled = await fill(disk, temp, path, chunks);
    if (!filled.ok) return filled;
    const sealed = await guarded('write', path, () =>
      runAsync(
        disk,
        seal(temp, filled.value, () => (closed = true)),
      ),
    );
    if (!sealed.ok) return sealed;
    const agreed = await commit();
    if (!agreed.ok) return agreed;
    const done = await guarded('write', path, () => runAsync(disk, publish(temp, path, context)));
    published = done.ok;
    return done;
  } finally {
    // Also when the stream itself throws, which is reported by the stream.
    if (!published) await runAsync(disk, abandon(temp, closed));
  }
}

async function fill(
  disk: AsyncDiskCalls,
  temp: TempFile,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Answer<number> {
  let size = 0;
  for await (const chunk of chunks) {
    const wrote = await guarded('write', path, () => runAsync(disk, writeAll(temp.fd, chunk)));
    if (!wrote.ok) return wrote;
    size += chunk.length;
  }
  return ok(size);
}

/** Runs a function and returns thrown disk errors as values. */
async function guarded<T>(verb: string, path: string, attempt: () => Promise<T>): Answer<T> {
  return checked(path, async () => {
    try {
      return ok(await attempt());
    } catch (error) {
      return err(diskError(verb, path, error));
    }
  });
}

async function checked<T>(path: string, attempt: () => Answer<T>): Answer<T> {
  const bad = pathProblem(path);
  return bad ? err(bad) : attempt();
}

/** Absence is a result, not a failure. */
function orNull<T>(result: Result<T, AppError>): Result<T | null, AppError> {
  return !result.ok && result.error.code === 'not-found' ? ok(null) : result;
}

function pathProblem(path: string): AppError | null {
  if (isAbsolute(path) && !path.includes('\0')) return null;
  return appError(
    'invalid-input',
    `${showPath(path)} is not an absolute path.`,
    'Give the whole path, from the root of the disk.',
  );
}

function occupied(from: string, to: string): AppError {
  return appError(
    'precondition',
    `${showPath(from)} was not moved: ${showPath(to)} exists already.`,
    'Move that away first, or choose another name.',
    { details: { from, to } },
  );
}
