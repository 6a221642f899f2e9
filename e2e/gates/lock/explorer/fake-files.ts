const errors = new Map<string, Error>();

/** An errno error as Node throws it, without a stack and made once for each message: nobody reads it, and making them costs a tenth of an exploration. */
export function errno(code: string, what = ''): Error {
  const message = `${code}: ${what}`;
  const known = errors.get(message);
  if (known !== undefined) return known;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = Object.freeze(Object.assign(new Error(message), { code }));
  Error.stackTraceLimit = limit;
  errors.set(message, error);
  return error;
}

export interface FakeEntry {
  kind: 'folder' | 'file' | 'symlink';
  mtimeMs: number;
  /** Which process made it; empty for what was there before. */
  owner: string;
  text: string;
}

/** What a call removed or moved away, for the properties that speak of other processes' things. */
export interface Removal {
  readonly path: string;
  readonly entry: FakeEntry;
}

/**
 * A small file tree in memory with the error codes of POSIX or of Windows. Every method is one atomic step, as one
 * system call on a local disk is.
 */
export interface FakeFiles {
  readonly entries: Map<string, FakeEntry>;
  /** Who calls, by which clock: set before each call. */
  by: string;
  nowMs: number;
  mkdir(path: string): void;
  writeNew(path: string, text: string): void;
  symlink(path: string, target: string): void;
  rename(from: string, to: string): Removal[];
  readdir(path: string): string[];
  unlink(path: string): Removal[];
  rmdir(path: string): Removal[];
  touch(path: string): void;
  lstat(path: string): { kind: FakeEntry['kind']; mtimeMs: number };
  read(path: string): string;
}

export function fakeFiles(platform: 'posix' | 'windows'): FakeFiles {
  const entries = new Map<string, FakeEntry>();
  const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const childrenOf = (path: string): string[] => {
    const children: string[] = [];
    for (const key of entries.keys())
      if (key.startsWith(path) && key.lastIndexOf('/') === path.length) children.push(key);
    return children;
  };
  const found = (path: string): FakeEntry => {
    const entry = entries.get(path);
    if (entry === undefined) throw errno('ENOENT', path);
    return entry;
  };
  const moved = (path: string): void => {
    const parent = entries.get(parentOf(path));
    if (parent !== undefined) parent.mtimeMs = files.nowMs;
  };
  const add = (path: string, kind: FakeEntry['kind'], text: string): void => {
    if (entries.has(path)) throw errno('EEXIST', path);
    const parent = found(parentOf(path));
    if (parent.kind !== 'folder') throw errno('ENOTDIR', path);
    entries.set(path, { kind, mtimeMs: files.nowMs, owner: files.by, text });
    moved(path);
  };
  const remove = (path: string): Removal => {
    const entry = found(path);
    entries.delete(path);
    moved(path);
    return { path, entry };
  };
  const files: FakeFiles = {
    entries,
    by: '',
    nowMs: 0,
    mkdir: (path) => add(path, 'folder', ''),
    writeNew: (path, text) => add(path, 'file', text),
    symlink: (path, target) => add(path, 'symlink', target),
    rename: (from, to) => {
      const source = found(from);
      const target = entries.get(to);
      const removed: Removal[] = [];
      if (target !== undefined) {
        // Windows never replaces a folder, not even an empty one.
        if (platform === 'windows') throw errno('EPERM', to);
        if (target.kind !== 'folder') throw errno('ENOTDIR', to);
        if (childrenOf(to).length > 0) throw errno('ENOTEMPTY', to);
        removed.push(remove(to));
      }
      found(parentOf(to));
      const inside = [...entries].filter(([key]) => key.startsWith(`${from}/`));
      for (const [key, entry] of inside) {
        entries.delete(key);
        entries.set(to + key.slice(from.length), entry);
        removed.push({ path: key, entry });
      }
      removed.push(remove(from));
      entries.set(to, source);
      moved(to);
      return removed;
    },
    readdir: (path) => {
      if (found(path).kind !== 'folder') throw errno('ENOTDIR', path);
      return childrenOf(path)
        .map((key) => key.slice(path.length + 1))
        .sort();
    },
    unlink: (path) => {
      if (found(path).kind === 'folder') throw errno('EISDIR', path);
      return [remove(path)];
    },
    rmdir: (path) => {
      if (found(path).kind !== 'folder') throw errno('ENOTDIR', path);
      if (childrenOf(path).length > 0) throw errno('ENOTEMPTY', path);
      return [remove(path)];
    },
    touch: (path) => {
      found(path).mtimeMs = files.nowMs;
    },
    lstat: (path) => {
      const { kind, mtimeMs } = found(path);
      return { kind, mtimeMs };
    },
    read: (path) => {
      const entry = found(path);
      if (entry.kind === 'symlink') throw errno('ELOOP', path);
      if (entry.kind === 'folder') throw errno('EISDIR', path);
      return entry.text;
    },
  };
  return files;
}
