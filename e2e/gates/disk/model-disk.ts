import { constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { AsyncDiskCalls, DiskCalls, DiskStat } from '../../../main/adapters/disk/disk.ts';
import type { NodeFilesDeps } from '../../../main/adapters/disk/node-files.ts';
import { errno, mapCalls } from './faulty-disk.ts';

/**
 * A disk in memory that knows what a power cut may leave of it: of a file, what the last fsync saw, or anything that a cache may
 * have let out since (all, none, a part, zeros); of a folder, the names the last fsync saw, with any of the changes since then
 * done or not done. Weaker than ext4 gives, and weaker on purpose: nothing may rest on one file system's habits.
 */
export interface ModelDisk {
  readonly deps: NodeFilesDeps;
  readonly sync: DiskCalls;
  /** Puts a file there, safely on disk, with its folders. */
  seed(path: string, bytes: Uint8Array): void;
  /** Every content that `path` may have after a power cut now; null for "not there". */
  afterPowerCut(path: string): Iterable<Uint8Array | null>;
  /** How many different disks a power cut now may leave. */
  states(): number;
}

interface File {
  readonly kind: 'file';
  readonly id: number;
  data: Uint8Array;
  /** What is certainly on disk. */
  safe: Uint8Array;
  /** Sizes at which a write ended since the last fsync: where a cut is likely. */
  edges: number[];
  /** After a failed fsync the kernel takes the pages for clean: a later one does nothing for them. */
  forgotten: boolean;
}
interface Folder {
  readonly kind: 'folder';
  readonly id: number;
  names: Map<string, Node>;
  safe: Map<string, Node>;
  pending: Change[];
}
type Node = File | Folder;
/** One system call's change to one folder: done as a whole or not at all. */
type Change = readonly { readonly name: string; readonly node: Node | null }[];

/** What {@link modelDisk} may be told to do besides. */
export interface ModelOptions {
  /** The fsync with this number (from 0) fails, and drops what it was to write. */
  readonly failFsync?: number;
  /** Called after every call that changed something. */
  readonly onChange?: (disk: ModelDisk) => void;
}

/** A new, empty disk. */
export function modelDisk(options: ModelOptions = {}): ModelDisk {
  let ids = 1;
  let fsyncs = 0;
  const newFolder = (): Folder => ({
    kind: 'folder',
    id: ids++,
    names: new Map(),
    safe: new Map(),
    pending: [],
  });
  const newFile = (data = new Uint8Array(0)): File => ({
    kind: 'file',
    id: ids++,
    data,
    safe: data,
    edges: [],
    forgotten: false,
  });
  const root = newFolder();
  const open = new Map<number, { readonly node: Node; readonly append: boolean; at: number }>();
  let descriptors = 3;

  const find = (path: string): Node | null => {
    let at: Node = root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (at.kind !== 'folder') throw errno('ENOTDIR');
      const next: Node | undefined = at.names.get(name);
      if (next === undefined) return null;
      at = next;
    }
    return at;
  };
  const must = (path: string): Node => {
    const node = find(path);
    if (node === null) throw errno('ENOENT');
    return node;
  };
  const folderOf = (path: string): Folder => {
    const node = must(dirname(path));
    if (node.kind !== 'folder') throw errno('ENOTDIR');
    return node;
  };
  const change = (folder: Folder, what: Change): void => {
    for (const { name, node } of what) {
      if (node === null) folder.names.delete(name);
      else folder.names.set(name, node);
    }
    folder.pending.push(what);
  };
  const fileAt = (fd: number): { readonly node: File; readonly append: boolean; at: number } => {
    const found = open.get(fd);
    if (found === undefined) throw errno('EBADF');
    if (found.node.kind !== 'file') throw errno('EISDIR');
    return found as { node: File; append: boolean; at: number };
  };

  const sync: DiskCalls = {
    open: (path, flags) => {
      let node = find(path);
      if (node !== null && (flags & constants.O_EXCL) !== 0) throw errno('EEXIST');
      if (node === null) {
        if ((flags & constants.O_CREAT) === 0) throw errno('ENOENT');
        node = newFile();
        change(folderOf(path), [{ name: basename(path), node }]);
      }
      if ((flags & constants.O_DIRECTORY) !== 0 && node.kind !== 'folder') throw errno('ENOTDIR');
      const fd = descriptors++;
      open.set(fd, { node, append: (flags & constants.O_APPEND) !== 0, at: 0 });
      return fd;
    },
    write: (fd, bytes, offset, length) => {
      const file = fileAt(fd);
      // Two halves, so that there is a state between them and every writer has to ask twice.
      const part = Math.min(length, 4096);
      const at = file.append ? file.node.data.length : file.at;
      const data = new Uint8Array(Math.max(file.node.data.length, at + part));
      data.set(file.node.data);
      data.set(bytes.subarray(offset, offset + part), at);
      file.node.data = data;
      file.node.edges.push(at + part);
      file.at = at + part;
      return part;
    },
    read: (fd, bytes, offset, length, position) => {
      const file = fileAt(fd);
      const from = position ?? file.at;
      const part = file.node.data.subarray(from, from + length);
      bytes.set(part, offset);
      if (position === null) file.at = from + part.length;
      return part.length;
    },
    fstat: (fd) => statOf(open.get(fd)?.node ?? fileAt(fd).node),
    truncate: (fd, length) => {
      const { node } = fileAt(fd);
      node.data = node.data.slice(0, length);
      node.edges.push(length);
    },
    fsync: (fd) => {
      const node = open.get(fd)?.node;
      if (node === undefined) throw errno('EBADF');
      const failing = fsyncs++ === options.failFsync;
      if (node.kind === 'folder') {
        if (failing) throw errno('EIO');
        node.safe = new Map(node.names);
        node.pending = [];
      } else if (failing) {
        node.forgotten = true;
        throw errno('EIO');
      } else if (!node.forgotten) {
        node.safe = node.data;
        node.edges = [];
      }
    },
    close: (fd) => void open.delete(fd),
    rename: (from, to) => {
      const node = must(from);
      const [source, target] = [folderOf(from), folderOf(to)];
      if (source !== target) throw errno('EXDEV');
      change(source, [
        { name: basename(from), node: null },
        { name: basename(to), node },
      ]);
    },
    link: (from, to) => {
      if (find(to) !== null) throw errno('EEXIST');
      change(folderOf(to), [{ name: basename(to), node: must(from) }]);
    },
    unlink: (path) => {
      must(path);
      change(folderOf(path), [{ name: basename(path), node: null }]);
    },
    mkdir: (path) => {
      if (find(path) !== null) throw errno('EEXIST');
      change(folderOf(path), [{ name: basename(path), node: newFolder() }]);
    },
    chmod: (path) => void must(path),
    lutimes: (path) => void must(path),
    lstat: (path) => statOf(must(path)),
    stat: (path) => statOf(must(path)),
    realpath: (path) => (must(path), path),
    entries: () => {
      throw errno('ENOSYS');
    },
    names: () => {
      throw errno('ENOSYS');
    },
    free: () => Infinity,
    pause: () => undefined,
  };
  const changing: ReadonlySet<string> = new Set([
    'open',
    'write',
    'truncate',
    'fsync',
    'rename',
    'link',
    'unlink',
    'mkdir',
  ]);
  const watched = mapCalls((name) => (...args: readonly unknown[]): unknown => {
    const answer = (sync[name] as (...all: readonly unknown[]) => unknown)(...args);
    if (changing.has(name)) options.onChange?.(disk);
    return answer;
  }) as unknown as DiskCalls;
  let drawn = 0;
  const disk: ModelDisk = {
    sync: watched,
    deps: {
      syncDisk: watched,
      disk: mapCalls(
        (name) =>
          async (...args: readonly unknown[]) =>
            (watched[name] as (...all: readonly unknown[]) => unknown)(...args),
      ) as unknown as AsyncDiskCalls,
      nonce: () => (drawn++).toString(16).padStart(12, '0'),
    },
    seed: (path, bytes) => seed(root, path, newFile(new Uint8Array(bytes)), newFolder),
    afterPowerCut: (path) =>
      contents(
        root,
        path.split('/').filter((part) => part !== ''),
      ),
    states: () => countStates(root),
  };
  return disk;
}

function statOf(node: Node): DiskStat {
  const size = node.kind === 'file' ? node.data.length : 0;
  return {
    size,
    mtimeMs: 0,
    ino: node.id,
    dev: 1,
    mode: 0o600,
    uid: 0,
    isFile: () => node.kind === 'file',
    isDirectory: () => node.kind === 'folder',
    isSymbolicLink: () => false,
  };
}

function seed(root: Folder, path: string, file: File, newFolder: () => Folder): void {
  const parts = path.split('/').filter((part) => part !== '');
  let at = root;
  for (const part of parts.slice(0, -1)) {
    const next = at.names.get(part) ?? newFolder();
    at.names.set(part, next);
    at.safe.set(part, next);
    if (next.kind !== 'folder') throw new Error(`${path}: a file is in the way`);
    at = next;
  }
  const name = parts.at(-1) ?? '';
  at.names.set(name, file);
  at.safe.set(name, file);
}

/** What one name may be after a power cut, folder by folder down the path. */
function* contents(folder: Folder, parts: readonly string[]): Generator<Uint8Array | null> {
  const [name, ...rest] = parts;
  if (name === undefined) throw new Error('a folder has no content');
  for (const names of possibleNames(folder)) {
    const node = names.get(name);
    if (node === undefined) yield null;
    else if (rest.length > 0) yield* node.kind === 'folder' ? contents(node, rest) : [null];
    else if (node.kind === 'file') yield* possibleBytes(node);
  }
}

/** The last safe names with every choice of the changes since: each done as a whole or not at all, in order. */
function* possibleNames(folder: Folder): Generator<ReadonlyMap<string, Node>> {
  const { pending } = folder;
  if (pending.length > 12)
    throw new Error(`${pending.length} changes to one folder without an fsync: too many to try all`);
  for (let choice = 0; choice < 1 << pending.length; choice++) {
    const names = new Map(folder.safe);
    for (const [at, change] of pending.entries()) {
      if ((choice & (1 << at)) === 0) continue;
      for (const { name, node } of change) {
        if (node === null) names.delete(name);
        else names.set(name, node);
      }
    }
    yield names;
  }
}

/** What a cache may have let out of a file: all, none, up to an edge or into the middle of a write, or only its length. */
function* possibleBytes(file: File): Generator<Uint8Array> {
  yield file.safe;
  if (file.edges.length === 0) return;
  const { data } = file;
  yield data;
  yield data.slice(0, keep(file));
  for (const edge of file.edges) {
    yield* [edge, edge - 2048, edge - 1]
      .filter((cut) => cut >= 0)
      .map((cut) => data.slice(0, Math.max(cut, keep(file))));
    const zeros = data.slice();
    zeros.fill(0, Math.max(edge - 4096, keep(file)), edge);
    yield zeros;
  }
  const hollow = new Uint8Array(data.length);
  hollow.set(data.subarray(0, keep(file)));
  yield hollow;
}

/** A file that only grew keeps what it had; one that was written over, or cut, may lose anything. */
function keep(file: File): number {
  const { data, safe } = file;
  const grew = data.length >= safe.length && Buffer.compare(data.subarray(0, safe.length), safe) === 0;
  return grew ? safe.length : 0;
}

function countStates(folder: Folder): number {
  let count = 2 ** folder.pending.length;
  for (const node of new Set([...folder.names.values(), ...folder.safe.values()]))
    count *= node.kind === 'folder' ? countStates(node) : [...possibleBytes(node)].length;
  return count;
}
