import { accessSync, constants } from 'node:fs';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { errnoOf } from './errno.ts';
import { syncDisk, type DiskCalls, type DiskStat } from './disk.ts';
import { diskError, showPath } from './disk-error.ts';
import { makeFolderSteps, type WriteContext } from './durable-write.ts';
import { runSync } from './steps.ts';

/** The parts of a data folder whose permissions matter; absolute paths. */
export interface DataFolderLayout {
  readonly home: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Everything else that belongs in a data folder, and so is no sign of somebody else's folder. */
  readonly others: readonly string[];
}

/** What was found and repaired. */
export interface DataFolderReport {
  /** Paths whose group and other permissions were removed. */
  readonly repaired: readonly string[];
  readonly problems: readonly { readonly path: string; readonly problem: string; readonly remedy: string }[];
  /** The first folder this user cannot write to; null when all are writable. Existing files can still be read. */
  readonly readOnly: string | null;
}

/** Replacements that {@link prepareDataFolder} accepts. */
export interface PrepareDeps {
  readonly disk?: DiskCalls;
  readonly platform?: NodeJS.Platform;
  /** Our user id; undefined on Windows. */
  readonly uid?: number | undefined;
  /** Whether this user may write to a folder, by its permissions and its mount options. */
  readonly canWrite?: (folder: string) => boolean;
}

/**
 * Creates the data folder if it is missing and keeps it private: 0700 for folders, 0600 for files. Excessive permissions are
 * removed; files of another owner (left by a run under sudo) are reported with the command that repairs them. Blocking: a
 * dozen calls at the start of every command.
 */
export function prepareDataFolder(
  layout: DataFolderLayout,
  deps: PrepareDeps = {},
): Result<DataFolderReport, AppError> {
  const disk = deps.disk ?? syncDisk;
  const context: WriteContext = { platform: deps.platform ?? process.platform, nonce: () => '' };
  const uid = 'uid' in deps ? deps.uid : process.getuid?.();
  const repaired: string[] = [];
  const problems: { path: string; problem: string; remedy: string }[] = [];

  const canWrite = deps.canWrite ?? mayWrite;
  const readOnlyFolder = (): string | null =>
    [layout.home, ...layout.folders].find((folder) => !canWrite(folder)) ?? null;
  const before = facts(disk, layout.home, true);
  const foreign = before !== null && isForeign(disk, layout, before, uid);
  for (const folder of [layout.home, ...layout.folders]) {
    if (facts(disk, folder, true) !== null) continue;
    try {
      runSync(disk, makeFolderSteps(folder, context));
    } catch (error) {
      const isLink = facts(disk, folder, false)?.isSymbolicLink() ?? false;
      return err(isLink ? leadsNowhere(folder) : diskError('make the folder', folder, error));
    }
  }
  // Windows keeps a user's folders private by inheritance, and mode bits mean nothing there.
  if (context.platform === 'win32') return ok({ repaired, problems, readOnly: readOnlyFolder() });

  const check = (path: string, kind: 'folder' | 'file'): void => {
    const found = facts(disk, path, path === layout.home);
    // A folder moved elsewhere and linked by a person keeps its permissions there.
    if (found === null || found.isSymbolicLink()) return;
    if (uid !== undefined && found.uid !== uid) {
      problems.push(ownerProblem(path, found.uid, uid, layout.home));
      return;
    }
    if ((found.mode & 0o077) === 0) return;
    if (path === layout.home && foreign) {
      problems.push({
        path,
        problem: `${showPath(path)} can be read by other users, and holds other things than session logs.`,
        remedy: `Name a folder of its own in SESSION_LOG_HOME, or run \`chmod 700 ${path}\` if nobody else needs it.`,
      });
      return;
    }
    try {
      disk.chmod(path, kind === 'folder' ? 0o700 : found.mode & 0o700);
      repaired.push(path);
    } catch (error) {
      const { message, remedy } = diskError('make private', path, error);
      problems.push({ path, problem: message, remedy });
    }
  };
  for (const folder of [layout.home, ...layout.folders]) check(folder, 'folder');
  for (const file of layout.files) check(file, 'file');
  const strange = strangersFile(disk, layout, uid);
  if (strange !== null && problems.length === 0) problems.push(strange);
  const readOnly = readOnlyFolder();
  if (readOnly !== null && problems.length === 0) problems.push(readOnlyProblem(readOnly));
  return ok({ repaired, problems, readOnly });
}

/** Moving a file away, as for any other thing in a folder's place, would start anew without the logs. */
function leadsNowhere(folder: string): AppError {
  return appError(
    'io',
    `${showPath(folder)} is a link to a folder that is not there.`,
    `Mount the disk it lies on, or point the link at the right folder (\`ls -l ${showPath(folder)}\` shows where it leads). It was left as it is.`,
    { details: { path: folder } },
  );
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readOnlyProblem(path: string): DataFolderReport['problems'][number] {
  return {
    path,
    problem: `${showPath(path)} cannot be written, so nothing is saved, pushed or remembered; what is there can be read.`,
    remedy: `Mount its disk writable, or run \`chmod u+w ${path}\`.`,
  };
}

const STICKY = 0o1000;

/**
 * Whether the folder is also somebody else's: a folder like /tmp, one with other users' files, or one with contents foreign to a data
 * folder. Tightening its permissions would lock other people out, as root the whole machine. What we created the first time proves nothing,
 * so this is checked each time.
 */
function isForeign(
  disk: DiskCalls,
  layout: DataFolderLayout,
  { mode }: DiskStat,
  uid: number | undefined,
): boolean {
  if ((mode & STICKY) !== 0) return true;
  // Nothing to tighten; ownership does not matter then.
  if ((mode & 0o077) === 0) return false;
  const own = [...layout.folders, ...layout.files, ...layout.others].map((path) =>
    path.slice(layout.home.length + 1),
  );
  try {
    return disk.names(layout.home).some((name) => {
      // settings.json.last-good, machine-id.json.broken-…, a write's temporary file: ours by prefix.
      const isOurs = own.some(
        (one) => name === one || name.startsWith(`${one}.`) || name.startsWith(`.${one}.`),
      );
      const found = facts(disk, `${layout.home}/${name}`, false);
      return !isOurs || (uid !== undefined && found !== null && found.uid !== uid);
    });
  } catch {
    return true;
  }
}

/** A file left among ours by a run under sudo: it makes individual commands fail, each in its own way. */
function strangersFile(
  disk: DiskCalls,
  layout: DataFolderLayout,
  uid: number | undefined,
): ReturnType<typeof ownerProblem> | null {
  if (uid === undefined) return null;
  for (const folder of [layout.home, ...layout.folders]) {
    let names: readonly string[];
    try {
      names = disk.names(folder);
    } catch {
      continue;
    }
    const isHome = folder === layout.home;
    for (const name of names.slice(0, MOST_LOOKED_AT)) {
      const path = `${folder}/${name}`;
      if (isHome && ![...layout.folders, ...layout.files, ...layout.others].includes(path)) continue;
      const found = facts(disk, path, false);
      if (found !== null && found.uid !== uid) return ownerProblem(path, found.uid, uid, layout.home);
    }
  }
  return null;
}

/** Per folder: a run under sudo leaves more than one file, and every command pays for this. */
const MOST_LOOKED_AT = 100;

function ownerProblem(
  path: string,
  owner: number,
  uid: number,
  home: string,
): { path: string; problem: string; remedy: string } {
  if (uid === 0)
    return {
      path,
      problem: `${showPath(path)} belongs to user ${owner}, and this runs as root: what it writes will be root's.`,
      remedy: 'Run it as that user, without sudo.',
    };
  return {
    path,
    problem: `${showPath(path)} belongs to ${owner === 0 ? 'root' : `user ${owner}`}, not to you.`,
    remedy: `Run \`sudo chown -R "$(id -u)" ${home}\`; do not run \`session-log\` with sudo.`,
  };
}

function facts(disk: DiskCalls, path: string, follow: boolean): DiskStat | null {
  try {
    return follow ? disk.stat(path) : disk.lstat(path);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return null;
  }
}
