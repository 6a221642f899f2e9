import { appError } from '../../../../shared/app-error.ts';
import { openDatabaseFile, ensureForm, dropAll } from '../database-file.ts';
import type { OpenDatabase } from '../healing-database.ts';
import { Refusal } from '../index-faults.ts';
import type { IndexRebuilt } from '../index-file.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { SEARCH_APPLICATION_ID, SEARCH_SCHEMA, SEARCH_VERSION } from './search-schema.ts';

/** Milliseconds to wait for another process's transaction: a batch of a first build takes one to two seconds. */
export const SEARCH_BUSY_MS = 15_000;

/**
 * Opens the full text, creating or emptying it as its version requires.
 * @throws what SQLite or the disk throws; `DamagedIndex` when the file is another program's, {@link Refusal} when a newer version of
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
  const isOurs = db.number('pragma application_id') === SEARCH_APPLICATION_ID;
  if (isOurs && db.number('pragma user_version') > SEARCH_VERSION) throw new Refusal(newer(file));
  return ensureForm(db, {
    applicationId: SEARCH_APPLICATION_ID,
    version: SEARCH_VERSION,
    fill: () => {
      dropAll(db);
      db.exec(SEARCH_SCHEMA);
    },
  });
}

function newer(file: string): ReturnType<typeof appError> {
  return appError(
    'precondition',
    `The full text ${file} was written by a newer version of Session Log.`,
    'Use that version to search, or delete the file: it is made again.',
  );
}
