import { appError } from '../../../../shared/app-error.ts';
import { dropAll, openDatabaseFile } from '../database-file.ts';
import type { OpenDatabase } from '../healing-database.ts';
import { DamagedIndex, Refusal } from '../index-faults.ts';
import type { IndexRebuilt } from '../index-file.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { SEARCH_APPLICATION_ID, SEARCH_SCHEMA, SEARCH_VERSION } from './search-schema.ts';

/** Milliseconds to wait for another process's transaction: a batch of a first build takes one to two seconds. */
export const SEARCH_BUSY_MS = 15_000;

/**
 * Opens the full text, creating or emptying it as its version requires.
 * @throws what SQLite or the disk throws; {@link DamagedIndex} when the file is another program's, {@link Refusal} when a newer version of
 *   this one wrote it
 */
export function openSearchFile(file: string, busyMs: number): OpenDatabase {
  const { db, identity } = openDatabaseFile(file, busyMs, true);
  try {
    db.pragma('wal_autocheckpoint = 4096');
    db.pragma('journal_size_limit = 16777216');
    // A power cut may lose the last batch, which the next disk scan restores.
    db.exec(
      'pragma synchronous = normal; pragma cache_size = -16000; pragma trusted_schema = off; pragma temp_store = memory',
    );
    return { db, identity, rebuilt: ensureSchema(db, file) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function ensureSchema(db: SqliteConnection, file: string): IndexRebuilt | null {
  const version = (): number => db.number('pragma user_version');
  const application = (): number => db.number('pragma application_id');
  const fits = (): boolean => version() === SEARCH_VERSION && application() === SEARCH_APPLICATION_ID;
  if (fits()) return null;
  if (application() === SEARCH_APPLICATION_ID && version() > SEARCH_VERSION) throw new Refusal(newer(file));
  return db.write(() => {
    // Another process may have created the tables while this one waited for the lock.
    if (fits()) return null;
    const objects = db.number('select count(*) from sqlite_schema');
    if (objects > 0 && application() !== SEARCH_APPLICATION_ID)
      throw new DamagedIndex('the file is a database of another program');
    dropAll(db);
    db.exec(SEARCH_SCHEMA);
    db.exec(`pragma user_version = ${SEARCH_VERSION}; pragma application_id = ${SEARCH_APPLICATION_ID}`);
    return objects > 0 ? { reason: 'version', movedTo: null } : null;
  });
}

function newer(file: string): ReturnType<typeof appError> {
  return appError(
    'precondition',
    `The full text ${file} was written by a newer version of Session Log.`,
    'Use that version to search, or delete the file: it is made again.',
  );
}
