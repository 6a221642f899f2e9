import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { OpenDatabase } from './healing-database.ts';
import { isBusy, isShut, DamagedIndex } from './index-faults.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';
import type { IndexRebuilt } from './index-file.ts';

/** File handling shared by all our databases, whatever their content. */

const RETRY_MS = 15;
const SIDE_FILES = ['-wal', '-shm', '-journal'];

/**
 * Opens a database, private to its owner, with a journal that readers and one writer share; creates it when missing.
 * @param busyMs how long to wait for another process's transaction
 * @param shrinks whether a new file returns free pages on request (`incremental_vacuum`)
 * @throws what SQLite or the disk throws
 */
export function openDatabaseFile(
  file: string,
  busyMs: number,
  shrinks = false,
): { readonly db: SqliteConnection; readonly identity: string } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  createPrivate(file);
  const identity = fileIdentity(file);
  const db = openConnection(file, busyMs);
  try {
    patiently(busyMs, () => {
      // Before anything is written: afterwards it would require copying the whole file.
      if (shrinks) db.exec('pragma auto_vacuum = incremental');
      db.pragma('journal_mode = wal');
    });
    return { db, identity };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A database's form: what marks a file as ours, and how it is made. */
export interface DatabaseForm {
  readonly applicationId: number;
  readonly version: number;
  /** Empties the database ({@link dropAll}) and creates its tables and rows. */
  readonly fill: () => void;
}

/**
 * Makes a database of another version anew.
 * @returns why it starts empty although there was one; null otherwise
 * @throws {@link DamagedIndex} when the file is another program's
 */
export function ensureForm(db: SqliteConnection, form: DatabaseForm): IndexRebuilt | null {
  const application = (): number => db.number('pragma application_id');
  const fits = (): boolean =>
    db.number('pragma user_version') === form.version && application() === form.applicationId;
  if (fits()) return null;
  return db.write(() => {
    // Another process may have created the tables while this one waited for the lock.
    if (fits()) return null;
    const objects = db.number('select count(*) from sqlite_schema');
    if (objects > 0 && application() !== form.applicationId)
      throw new DamagedIndex('the file is a database of another program');
    form.fill();
    db.exec(`pragma user_version = ${form.version}; pragma application_id = ${form.applicationId}`);
    return objects > 0 ? { reason: 'version', movedTo: null } : null;
  });
}

/** Maximum bytes of a database copied for reading; a larger one would fill the temporary folder. */
const COPY_LIMIT = 1024 ** 3;

/**
 * Opens a database in place. If its folder is not writable, which SQLite requires even for reading, opens a copy in a temporary folder
 * removed with the connection: every call works, but writes are discarded.
 * @throws what `open` throws, and for a copy what the disk throws
 */
export function openOrCopy(file: string, open: (file: string) => OpenDatabase): OpenDatabase {
  try {
    return open(file);
  } catch (error) {
    if (!isShut(error) || canWrite(dirname(file)) || bytesOf(file) > COPY_LIMIT) throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'session-log-read-only-'));
  const copy = join(folder, basename(file));
  const drop = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const side of ['', '-wal']) {
      if (fileIdentity(`${file}${side}`) === '') continue;
      copyFileSync(`${file}${side}`, `${copy}${side}`);
      // The copy has the permissions of its original, which may be read-only.
      chmodSync(`${copy}${side}`, 0o600);
    }
    const { db, rebuilt } = open(copy);
    const close = (): void => {
      db.close();
      drop();
    };
    return { db: { ...db, close }, identity: fileIdentity(file), rebuilt };
  } catch (error) {
    drop();
    throw error;
  }
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function bytesOf(file: string): number {
  const [whole, journal] = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false }));
  return (whole?.size ?? 0) + (journal?.size ?? 0);
}

/**
 * Identifies the file at the path, to detect that it was moved aside by another process or deleted by a person. Never opens the
 * file: closing any handle of it would drop this process's locks on it (POSIX).
 */
export function fileIdentity(file: string): string {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false });
  return facts ? `${facts.dev}:${facts.ino}` : '';
}

/**
 * Moves a damaged index aside for inspection, overwriting any previous one.
 * @param identity of the file found damaged; another process may have replaced it already
 * @returns its new path; null when it was no longer there
 */
export function moveAside(file: string, identity: string): string | null {
  const target = `${file}.damaged`;
  if (fileIdentity(file) !== identity) return null;
  // The journal first: left beside a new file, SQLite could apply its pages to that file.
  for (const side of SIDE_FILES) {
    rmSync(`${target}${side}`, { force: true });
    if (fileIdentity(`${file}${side}`) !== '') renameSync(`${file}${side}`, `${target}${side}`);
  }
  renameSync(file, target);
  return target;
}

/** SQLite gives its journals the mode of the database, so only the database has to be private. */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Empties the file in place: other processes may have it open, and on Windows it could not be moved then. */
export function dropAll(db: SqliteConnection): void {
  const drop = (where: string): void => {
    for (const [type, name] of db.rows(
      `select json_array(type, name) as row from sqlite_schema where ${where}`,
    ) as string[][])
      db.exec(`drop ${type} if exists "${name?.replaceAll('"', '""')}"`);
  };
  drop(`type in ('view', 'trigger')`);
  drop(`type = 'table' and sql like 'create virtual%'`);
  drop(`type = 'table' and name not like 'sqlite\\_%' escape '\\'`);
}

/** Changing the journal mode of a new file returns "busy" at once instead of waiting, when two processes do it together. */
function patiently(busyMs: number, work: () => void): void {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= busyMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
