import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** File system types whose server may be gone, besides every `fuse` type. `autofs` mounts such a one on access. */
const REMOTE = new Set(
  'nfs nfs4 cifs smb3 smbfs 9p afs autofs ceph davfs glusterfs gpfs lustre ncpfs ocfs2 virtiofs vboxsf'.split(
    ' ',
  ),
);

/** Inputs besides the folder. */
export interface FolderAnswersDeps {
  readonly platform: NodeJS.Platform;
  /** The text of `/proc/self/mounts`; null if unavailable. */
  readonly mounts: () => string | null;
  /** A program that looks at a folder, and its arguments. */
  readonly look: (folder: string) => readonly [file: string, ...args: readonly string[]];
}

/**
 * Checks whether a folder's disk responds, in a separate process where the disk may be another machine's: a call blocked by a dead
 * share keeps its thread, and a process with such a thread cannot exit.
 * @param ms milliseconds
 */
export async function folderAnswers(
  folder: string,
  ms: number,
  deps: FolderAnswersDeps = realDeps(),
): Promise<boolean> {
  return mayBeGone(folder, deps) ? lookFromOutside(deps.look(folder), ms) : true;
}

function mayBeGone(folder: string, { platform, mounts }: FolderAnswersDeps): boolean {
  if (platform === 'win32') return /^(?:\\\\|\/\/)/.test(folder);
  const table = mounts();
  return table === null ? platform === 'darwin' : isRemote(typeOfDisk(folder, table));
}

function isRemote(type: string): boolean {
  return REMOTE.has(type) || /^fuse(?:\.|$)/.test(type);
}

/** Returns the type of the file system that contains a path, from the mount table. */
function typeOfDisk(path: string, table: string): string {
  let [found, type] = ['', ''];
  for (const line of table.split('\n')) {
    const [, point = '', kind = ''] = line.split(' ');
    const folder = unescapeMount(point);
    const holds = folder === '/' || path === folder || path.startsWith(`${folder}/`);
    // Of two mounts at one path, the later covers the earlier.
    if (folder !== '' && holds && folder.length >= found.length) [found, type] = [folder, kind];
  }
  return type;
}

/** In the table, spaces and backslashes are three octal digits. */
function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function lookFromOutside(
  [file, ...args]: readonly [string, ...(readonly string[])],
  ms: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'ignore', windowsHide: true });
    const timer = setTimeout(() => {
      // It may be unkillable; it then ends when the share comes back, and nobody waits for it.
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, ms);
    const done = (answered: boolean): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    // "No such folder" is also a response.
    child.once('exit', () => done(true));
    child.once('error', () => done(true));
  });
}

function realDeps(): FolderAnswersDeps {
  return {
    platform: process.platform,
    mounts: readMounts,
    look: (folder) =>
      process.platform === 'win32' ? ['attrib.exe', folder] : ['/bin/ls', '-d', '--', folder],
  };
}

function readMounts(): string | null {
  try {
    return readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return null;
  }
}
