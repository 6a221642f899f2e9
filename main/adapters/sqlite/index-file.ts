import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { salvageCopies, setCached } from './cache-table.ts';
import { DamagedIndex, isBusy } from './index-faults.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { APPLICATION_ID, NO_SESSIONS, SCHEMA, SCHEMA_VERSION } from './index-schema.ts';
import { ensureOwn } from './own-machine.ts';
import { openConnection, type SqliteConnection } from './sqlite-connection.ts';

/** Why an index starts empty although a file was there. */
export interface IndexRebuilt {
  readonly reason: 'version' | 'damaged';
  /** Where the damaged file lies now; null when it was emptied in place. */
  readonly movedTo: string | null;
}

/** An open index and what tells whether its path still means the same file. */
export interface OpenIndex {
  readonly db: SqliteConnection;
  readonly identity: string;
  /** Set when opening it emptied an older or foreign version. */
  readonly rebuilt: IndexRebuilt | null;
}

/** Milliseconds to wait for another process's transaction. The longest of ours, a shard of 10,000 logs, takes under 0.2 s. */
export const BUSY_MS = 10_000;
const RETRY_MS = 15;
const SIDE_FILES = ['-wal', '-shm', '-journal'];

/**
 * Opens the index, making or emptying it as its version asks.
 * @param own this machine; null when there is none
 * @param busyMs how long to wait for another process's transaction
 * @throws what SQLite or the disk throws; {@link DamagedIndex} when the file is another program's
 */
export function openIndexFile(file: string, busyMs: number, own: MachineUuid | null): OpenIndex {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  createPrivate(file);
  const identity = fileIdentity(file);
  const db = openConnection(file, busyMs);
  try {
    patiently(busyMs, () => db.pragma('journal_mode = wal'));
    // As much journal as may lie about anyway, before it is written back: four times fewer waits for the disk while a team comes in.
    db.pragma('wal_autocheckpoint = 4096');
    db.pragma('journal_size_limit = 16777216');
    // Commits survive a crash of the process; a power cut may lose the last of them, which the next pull brings again.
    db.exec(
      'pragma synchronous = normal; pragma cache_size = -8000; pragma cell_size_check = on; pragma trusted_schema = off',
    );
    const rebuilt = ensureSchema(db, own);
    ensureOwn(db, own);
    return { db, identity, rebuilt };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Says whether the path still leads to the file that was opened; another process may have moved it aside or a person deleted it.
 * Never opens the file: closing any handle of it would drop this process's locks on it (POSIX).
 */
export function fileIdentity(file: string): string {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false });
  return facts ? `${facts.dev}:${facts.ino}` : '';
}

/**
 * Moves a damaged index aside, so that it can be looked at; the one before it is overwritten.
 * @param identity of the file that was found damaged; another process may have replaced it already
 * @returns where it lies now; null when it was not there any more
 */
export function moveAside(file: string, identity: string): string | null {
  const target = `${file}.damaged`;
  if (fileIdentity(file) !== identity) return null;
  // The journal first: were it left beside a new file, SQLite could take its pages for that file's.
  for (const side of SIDE_FILES) {
    rmSync(`${target}${side}`, { force: true });
    if (fileIdentity(`${file}${side}`) !== '') renameSync(`${file}${side}`, `${target}${side}`);
  }
  renameSync(file, target);
  return target;
}

/** SQLite gives its journals the mode of the database, so the database alone has to be private. */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function ensureSchema(db: SqliteConnection, own: MachineUuid | null): IndexRebuilt | null {
  const version = (): number => db.number('pragma user_version');
  const application = (): number => db.number('pragma application_id');
  if (version() === SCHEMA_VERSION && application() === APPLICATION_ID) return null;
  return db.write(() => {
    // Another process may have made the tables while this one waited for the lock.
    if (version() === SCHEMA_VERSION && application() === APPLICATION_ID) return null;
    const objects = db.number('select count(*) from sqlite_schema');
    if (objects > 0 && application() !== APPLICATION_ID)
      throw new DamagedIndex('the file is a database of another program');
    const copies = salvageCopies(db);
    dropAll(db);
    db.exec(SCHEMA);
    // Readers compare versions, so a new file must start above every version of the one before.
    db.run('insert into meta values (?, ?, ?)', Date.now(), own, NO_SESSIONS);
    setCached(db, copies, own);
    db.exec(`pragma user_version = ${SCHEMA_VERSION}; pragma application_id = ${APPLICATION_ID}`);
    return objects > 0 ? { reason: 'version', movedTo: null } : null;
  });
}

/** Empties the file in place: other processes may have it open, and on Windows it could not be moved then. */
function dropAll(db: SqliteConnection): void {
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

/** Changing the journal mode of a new file answers "busy" at once instead of waiting, when two processes do it together. */
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
