import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rmdir, unlink, utimes } from 'node:fs/promises';

import type { Entry, LockFs } from './lock-fs.ts';

const NOTE_BYTES = 4096;

/** The real file system. */
export function nodeLockFs(): LockFs {
  return {
    mkdir: async (path) => {
      await mkdir(path, { mode: 0o700 });
    },
    writeNew,
    rename,
    readdir: (path) => readdir(path),
    unlink,
    rmdir,
    touch: async (path) => {
      const now = new Date();
      await utimes(path, now, now);
    },
    lstat: look,
    read,
  };
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

async function look(path: string): Promise<Entry> {
  const stats = await lstat(path);
  const kind = stats.isDirectory()
    ? 'folder'
    : stats.isFile()
      ? 'file'
      : stats.isSymbolicLink()
        ? 'symlink'
        : 'other';
  // Windows always reports 0.
  return { kind, mtimeMs: stats.mtimeMs, ...(process.platform === 'win32' ? {} : { uid: stats.uid }) };
}

async function read(path: string): Promise<string> {
  // O_NONBLOCK: opening a FIFO must not hang a run. Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags);
  try {
    const buffer = Buffer.alloc(NOTE_BYTES);
    const { bytesRead } = await file.read(buffer, 0, NOTE_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
