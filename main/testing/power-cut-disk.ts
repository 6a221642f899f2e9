import { constants } from 'node:fs';
import { dirname, basename } from 'node:path';
import type { FolderCalls, FolderStat } from '../adapters/folder-store/folder-calls.ts';
import type { SeededRandom } from './seeded-random.ts';

interface FileNode {
  readonly kind: 'file';
  readonly ino: number;
  bytes: Uint8Array;
  /** What fsync has put on disk; null when it never ran. */
  synced: Uint8Array | null;
}

interface FolderNode {
  readonly kind: 'folder';
  readonly ino: number;
  readonly names: Map<string, Node>;
  /** What of the names is on disk. */
  readonly durable: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/** A change of names that is not on disk yet. A rename is one change: it is kept whole or lost whole, as journals do. */
interface PendingChange {
  readonly folders: readonly FolderNode[];
  readonly persist: () => void;
}

/**
 * A disk in memory that remembers what POSIX promises to survive a power cut and what not: bytes without fsync and names whose folder was not
 * fsynced may be there or not, each on its own, in any combination.
 */
export interface PowerCutDisk {
  readonly calls: FolderCalls;
  /** One of the disks that a power cut now could leave, by the dice of `random`. This one can be cut again. */
  cut(random: SeededRandom): PowerCutDisk;
  /** Paths of all files, sorted. */
  files(): readonly string[];
  /** Replaces the bytes of a file behind everybody's back. */
  overwrite(path: string, bytes: Uint8Array): void;
}

/** An empty disk, or one with this root folder. */
export function createPowerCutDisk(root: FolderNode = folder(1)): PowerCutDisk {
  let numbers = 1000;
  const open = new Map<number, { readonly node: Node; position: number }>();
  let pending: PendingChange[] = [];

  function find(path: string): Node | null {
    let node: Node = root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (node.kind !== 'folder') throw failure('ENOTDIR', path);
      const next = node.names.get(name);
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }
  function present(path: string): Node {
    const node = find(path);
    if (node === null) throw failure('ENOENT', path);
    return node;
  }
  function folderAt(path: string): FolderNode {
    const node = present(path);
    if (node.kind !== 'folder') throw failure('ENOTDIR', path);
    return node;
  }
  function link(path: string, node: Node): void {
    const parent = folderAt(dirname(path));
    parent.names.set(basename(path), node);
    pending.push({ folders: [parent], persist: () => parent.durable.set(basename(path), node) });
  }
  function unlink(path: string): void {
    const parent = folderAt(dirname(path));
    parent.names.delete(basename(path));
    pending.push({ folders: [parent], persist: () => parent.durable.delete(basename(path)) });
  }
  function rename(from: string, to: string): void {
    const node = present(from);
    const [source, target] = [folderAt(dirname(from)), folderAt(dirname(to))];
    const old = target.names.get(basename(to));
    if (old !== undefined && old !== node) {
      if (old.kind === 'folder' && node.kind === 'file') throw failure('EISDIR', to);
      if (old.kind === 'file' && node.kind === 'folder') throw failure('ENOTDIR', to);
      if (old.kind === 'folder' && old.names.size > 0) throw failure('ENOTEMPTY', to);
    }
    source.names.delete(basename(from));
    target.names.set(basename(to), node);
    const persist = (): void => {
      source.durable.delete(basename(from));
      target.durable.set(basename(to), node);
    };
    pending.push({ folders: [source, target], persist });
  }
  function sync(node: Node): void {
    if (node.kind === 'file') {
      node.synced = node.bytes.slice();
      return;
    }
    for (const change of pending) if (change.folders.includes(node)) change.persist();
    pending = pending.filter((change) => !change.folders.includes(node));
  }
  function opened(fd: number): { readonly node: Node; position: number } {
    const entry = open.get(fd);
    if (entry === undefined) throw failure('EBADF', String(fd));
    return entry;
  }

  const calls: FolderCalls = {
    open: async (path, flags) => {
      let node = find(path);
      if ((flags & constants.O_CREAT) !== 0) {
        if (node !== null) throw failure('EEXIST', path);
        node = { kind: 'file', ino: ++numbers, bytes: new Uint8Array(0), synced: null };
        link(path, node);
      } else if (node === null) throw failure('ENOENT', path);
      open.set(++numbers, { node, position: 0 });
      return numbers;
    },
    write: async (fd, bytes, offset, length) => {
      const { node } = opened(fd);
      if (node.kind !== 'file') throw failure('EISDIR', '');
      // At most a few bytes at a time, so that every writer meets the short write that POSIX allows.
      const taken = Math.min(length, 1 + Math.floor(length * 0.7));
      node.bytes = new Uint8Array(Buffer.concat([node.bytes, bytes.subarray(offset, offset + taken)]));
      return taken;
    },
    read: async (fd, bytes, offset, length) => {
      const entry = opened(fd);
      if (entry.node.kind !== 'file') throw failure('EISDIR', '');
      const part = entry.node.bytes.subarray(entry.position, entry.position + length);
      bytes.set(part, offset);
      entry.position += part.length;
      return part.length;
    },
    fstat: async (fd) => statOf(opened(fd).node),
    fsync: async (fd) => sync(opened(fd).node),
    close: async (fd) => {
      opened(fd);
      open.delete(fd);
    },
    rename: async (from, to) => rename(from, to),
    unlink: async (path) => {
      if (present(path).kind === 'folder') throw failure('EISDIR', path);
      unlink(path);
    },
    mkdir: async (path) => {
      if (find(path) !== null) throw failure('EEXIST', path);
      link(path, folder(++numbers));
    },
    rmdir: async (path) => {
      if (folderAt(path).names.size > 0) throw failure('ENOTEMPTY', path);
      unlink(path);
    },
    // Nobody else is on this disk.
    chmod: async (path) => void present(path),
    lstat: async (path) => statOf(present(path)),
    entries: async (path) =>
      [...folderAt(path).names].map(([name, node]) => ({
        name,
        isFile: () => node.kind === 'file',
        isDirectory: () => node.kind === 'folder',
      })),
  };
  return {
    calls,
    cut: (random) => {
      const kept = pending.filter(() => random.fraction() < 0.5);
      return createPowerCutDisk(survivors(root, kept, random));
    },
    files: () => listFiles(root, ''),
    overwrite: (path, bytes) => {
      const node = present(path);
      if (node.kind === 'file') node.bytes = bytes;
    },
  };
}

function folder(ino: number): FolderNode {
  return { kind: 'folder', ino, names: new Map(), durable: new Map() };
}

/** The tree after the cut, as a new one: what was durable, and the pending changes that the dice kept, in their order. */
function survivors(root: FolderNode, kept: readonly PendingChange[], random: SeededRandom): FolderNode {
  const before = new Map<FolderNode, Map<string, Node>>();
  const remember = (node: FolderNode): void => {
    if (before.has(node)) return;
    before.set(node, new Map(node.durable));
    for (const child of [...node.durable.values(), ...node.names.values()])
      if (child.kind === 'folder') remember(child);
  };
  remember(root);
  for (const change of kept) change.folders.forEach(remember);
  for (const change of kept) change.persist();
  const copies = new Map<Node, Node>();
  const copy = (node: Node): Node => {
    const made = copies.get(node);
    if (made) return made;
    if (node.kind === 'file') {
      const bytes = afterCut(node, random);
      const fresh: FileNode = { kind: 'file', ino: node.ino, bytes, synced: bytes.slice() };
      copies.set(node, fresh);
      return fresh;
    }
    const fresh = folder(node.ino);
    copies.set(node, fresh);
    for (const [name, child] of node.durable) {
      const after = copy(child);
      fresh.names.set(name, after);
      fresh.durable.set(name, after);
    }
    return fresh;
  };
  const result = copy(root) as FolderNode;
  // This disk itself was only looked at: another cut may be tried from here.
  for (const [node, durable] of before) {
    node.durable.clear();
    for (const [name, child] of durable) node.durable.set(name, child);
  }
  return result;
}

function afterCut(node: FileNode, random: SeededRandom): Uint8Array {
  if (node.synced !== null && Buffer.compare(node.synced, node.bytes) === 0) return node.bytes.slice();
  const full = node.bytes;
  const zeros = new Uint8Array(full.length);
  return random.pick([new Uint8Array(0), full.slice(), full.slice(0, Math.floor(full.length / 2)), zeros]);
}

function listFiles(node: FolderNode, path: string): string[] {
  return [...node.names]
    .flatMap(([name, child]) =>
      child.kind === 'folder' ? listFiles(child, `${path}/${name}`) : [`${path}/${name}`],
    )
    .sort();
}

function statOf(node: Node): FolderStat {
  const isFile = node.kind === 'file';
  return {
    size: isFile ? node.bytes.length : 0,
    ino: node.ino,
    dev: 1,
    mtimeMs: Date.UTC(2026, 0, 5),
    mode: isFile ? 0o100600 : 0o040700,
    isFile: () => isFile,
    isDirectory: () => !isFile,
  };
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
