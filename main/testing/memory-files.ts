import { createHash } from 'node:crypto';
import { appError, type AppError } from '../../shared/app-error.ts';
import { crc32c } from '../../shared/domain/checksum.ts';
import { isTemporaryName } from '../../shared/domain/temporary-name.ts';
import { err, mapOk, ok, type Result } from '../../shared/result.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { FileFacts, Files } from '../core/ports/files.ts';
import { byteSourceOf } from './byte-source-of.ts';

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly mode: number;
}

/** The local disk in memory: files and folders, no links, never full. */
export interface MemoryFiles extends Files {
  /** Writes text as another program does. */
  put(path: string, text: string): void;
  /** A file as text; null when there is none. */
  text(path: string): string | null;
  /** While set, a call of that name about that path fails with it. */
  fault: ((call: keyof Files, path: string) => AppError | null) | null;
}

/** Makes an empty disk. @param clock gives files their times */
export function createMemoryFiles(clock: Pick<Clock, 'now'>): MemoryFiles {
  const disk = new Map<string, MemoryFile>();
  const folders = new Set<string>();
  let numbers = 1;

  function write(path: string, bytes: Uint8Array, mode = 0o600): Result<void, AppError> {
    if (folders.has(path)) return err(inTheWay(path));
    addFolder(path.slice(0, path.lastIndexOf('/')));
    disk.set(path, { bytes: bytes.slice(), mtimeMs: clock.now(), ino: numbers++, mode });
    return ok(undefined);
  }
  function addFolder(path: string): void {
    for (let end = path.indexOf('/', 1); end !== -1; end = path.indexOf('/', end + 1))
      folders.add(path.slice(0, end));
    folders.add(path);
  }
  function below(folder: string): readonly string[] {
    return [...disk.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  }
  function content(path: string, from?: number, to?: number): Result<Uint8Array | null, AppError> {
    return folders.has(path) ? err(inTheWay(path)) : ok(disk.get(path)?.bytes.slice(from, to) ?? null);
  }
  async function does<T>(
    call: keyof Files,
    path: string,
    act: () => T | Result<T, AppError>,
  ): Promise<Result<T, AppError>> {
    const fault = files.fault?.(call, path) ?? problemOf(path);
    if (fault !== null) return err(fault);
    const done = act();
    return isResult(done) ? done : ok(done);
  }
  function change(path: string, to: Partial<MemoryFile>): Result<void, AppError> {
    const file = disk.get(path);
    if (file !== undefined) disk.set(path, { ...file, ...to });
    return file !== undefined || folders.has(path) ? ok(undefined) : err(missing(path));
  }
  function factsOf(path: string): FileFacts | null {
    const file = disk.get(path);
    if (file !== undefined) return { kind: 'file', size: file.bytes.length, ...file };
    return folders.has(path) ? { kind: 'folder', size: 0, mtimeMs: 0, ino: 0, mode: 0o700 } : null;
  }

  const files: MemoryFiles = {
    fault: null,
    put: (path, text) => void write(path, new TextEncoder().encode(text)),
    text: (path) => {
      const file = disk.get(path);
      return file === undefined ? null : new TextDecoder().decode(file.bytes);
    },
    read: (path) => does('read', path, () => content(path)),
    readHead: (path, length) => does('readHead', path, () => content(path, 0, length)),
    readRange: (path, from, length) => does('readRange', path, () => content(path, from, from + length)),
    stat: (path) => does('stat', path, () => factsOf(path)),
    measure: (path, { prefixLength } = {}) =>
      does('measure', path, () => {
        const file = disk.get(path);
        return file === undefined ? null : measured(file, prefixLength);
      }),
    replace: (path, bytes, options) => does('replace', path, () => write(path, bytes, options?.mode)),
    async replaceFrom(path, chunks, commit, options) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk.slice());
      const may = await commit();
      if (!may.ok) return may;
      return does('replaceFrom', path, () => write(path, Buffer.concat(parts), options?.mode));
    },
    create: (path, bytes, options) =>
      does('create', path, () => {
        if (disk.has(path)) return ok('exists' as const);
        return mapOk(write(path, bytes, options?.mode), () => 'created' as const);
      }),
    append: (path, bytes, options) =>
      does('append', path, () =>
        write(path, Buffer.concat([disk.get(path)?.bytes ?? new Uint8Array(), bytes]), options?.mode),
      ),
    scanLogs: (folder) =>
      does('scanLogs', folder, () => ({
        problems: [],
        files: below(folder)
          .filter((path) => /\.md$/i.test(path) && !path.slice(folder.length).includes('/.'))
          .map((path) => {
            const { bytes, mtimeMs } = disk.get(path) as MemoryFile;
            return { path: path.slice(folder.length + 1), size: bytes.length, mtimeMs };
          }),
      })),
    names: (folder) =>
      does('names', folder, () => {
        const inside = [...disk.keys(), ...folders].filter((path) => path.startsWith(`${folder}/`));
        return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
      }),
    remove: (path) => does('remove', path, () => void disk.delete(path)),
    removeEmptyFolder: (path) =>
      does('removeEmptyFolder', path, () => below(path).length === 0 && folders.delete(path)),
    makeFolder: (path) => does('makeFolder', path, () => addFolder(path)),
    setMode: (path, mode) => does('setMode', path, () => change(path, { mode })),
    setTime: (path, mtimeMs) => does('setTime', path, () => change(path, { mtimeMs })),
    move: (from, to) =>
      does('move', from, () => {
        if (factsOf(to) !== null) return err(appError('precondition', `${to} exists.`, 'Choose another.'));
        if (factsOf(from) === null) return err(missing(from));
        addFolder(to.slice(0, to.lastIndexOf('/')));
        for (const all of [disk, folders] as const)
          for (const path of [...all.keys()].filter((one) => one === from || one.startsWith(`${from}/`))) {
            const place = `${to}${path.slice(from.length)}`;
            if (all === folders) folders.add(place);
            else disk.set(place, disk.get(path) as MemoryFile);
            all.delete(path);
          }
        return ok(undefined);
      }),
    isWithin: async (path, folder) => path === folder || path.startsWith(`${folder}/`),
    answers: async () => true,
    freeBytes: async () => null,
    sweepTemporary: (folder, olderThanMs) =>
      does('sweepTemporary', folder, () => {
        const old = below(folder).filter(
          (path) =>
            isTemporaryName(path.slice(path.lastIndexOf('/') + 1)) &&
            clock.now() - (disk.get(path)?.mtimeMs ?? 0) > olderThanMs,
        );
        for (const path of old) disk.delete(path);
        return old.length;
      }),
  };
  return files;
}

function isResult<T>(value: T | Result<T, AppError>): value is Result<T, AppError> {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

function measured({ bytes, mtimeMs }: MemoryFile, prefixLength?: number) {
  const hasPrefix = prefixLength !== undefined && bytes.length >= prefixLength;
  return {
    size: bytes.length,
    mtimeMs,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    crc32c: crc32c(bytes),
    prefixCrc32c: hasPrefix ? crc32c(bytes.subarray(0, prefixLength)) : null,
    source: byteSourceOf(bytes),
  };
}

function problemOf(path: string): AppError | null {
  if (path.startsWith('/')) return null;
  return appError('invalid-input', `${path} is not an absolute path.`, 'Give the whole path.');
}

function inTheWay(path: string): AppError {
  return appError('invalid-input', `${path} is a folder.`, 'Rename or move it away.');
}

function missing(path: string): AppError {
  return appError('not-found', `There is no ${path}.`, 'Look again.');
}
