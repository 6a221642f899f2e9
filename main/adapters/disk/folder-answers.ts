import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Kinds of file systems whose server may be gone; every `fuse` besides. `autofs` mounts such a one when it is asked. */
const REMOTE = new Set(
  'nfs nfs4 cifs smb3 smbfs 9p afs autofs ceph davfs glusterfs gpfs lustre ncpfs ocfs2 virtiofs vboxsf'.split(
    ' ',
  ),
);

/** What the answer depends on beside the folder. */
export interface FolderAnswersDeps {
  readonly platform: NodeJS.Platform;
  /** The text of `/proc/self/mounts`; null where there is none. */
  readonly mounts: () => string | null;
  /** A program that looks at a folder, and its arguments. */
  readonly look: (folder: string) => readonly [file: string, ...args: readonly string[]];
}

/**
 * Asks a folder's disk whether it is there, in a process of its own where the disk may be another machine's: a call that a dead share
 * blocks keeps its thread, and a process with such a thread cannot end.
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

/** The kind of the file system that holds a path, by the table of mounts. */
function typeOfDisk(path: string, table: string): string {
  let [found, type] = ['', ''];
  for (const line of table.split('\n')) {
    const [, point = '', kind = ''] = line.split(' ');
    const folder = unescapeMount(point);
    const holds = folder === '/' || path === folder || path.startsWith(`${folder}/`);
    // Of two mounts at one place the later covers the earlier.
    if (folder !== '' && holds && folder.length >= found.length) [found, type] = [folder, kind];
  }
  return type;
}

/** Blanks and backslashes stand in the table as three octal digits. */
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
      // It may be past killing; then it ends when the share comes back, and nobody waits for it.
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, ms);
    const done = (answered: boolean): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    // "No such folder" is an answer too.
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
