import { salvageCopies, setCached } from './cache-table.ts';
import { openDatabaseFile, ensureForm, dropAll } from './database-file.ts';
import type { OpenDatabase } from './healing-database.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { APPLICATION_ID, NO_SESSIONS, SCHEMA, SCHEMA_VERSION } from './index-schema.ts';
import { ensureOwn } from './own-machine.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Why an index starts empty although a file existed. */
export interface IndexRebuilt {
  readonly reason: 'version' | 'damaged';
  /** The damaged file's new path; null when it was emptied in place. */
  readonly movedTo: string | null;
}

/** Milliseconds to wait for another process's transaction. Our longest, a shard of 10,000 logs, takes under 0.2 s. */
export const BUSY_MS = 10_000;

/**
 * Opens the index, creating or emptying it as its version requires.
 * @param own this machine; null when there is none
 * @param busyMs how long to wait for another process's transaction
 * @throws what SQLite or the disk throws; `DamagedIndex` when the file is another program's
 */
export function openIndexFile(file: string, busyMs: number, own: MachineUuid | null): OpenDatabase {
  const { db, identity } = openDatabaseFile(file, busyMs);
  try {
    // The journal size that may remain anyway before it is written back: a quarter of the disk waits while a team is imported.
    db.pragma('wal_autocheckpoint = 4096');
    db.pragma('journal_size_limit = 16777216');
    // Commits survive a process crash; a power cut may lose the last of them, which the next pull restores.
    db.exec(
      'pragma synchronous = normal; pragma cache_size = -8000; pragma cell_size_check = on; pragma trusted_schema = off',
    );
    const rebuilt = ensureForm(db, {
      applicationId: APPLICATION_ID,
      version: SCHEMA_VERSION,
      fill: () => fill(db, own),
    });
    ensureOwn(db, own);
    return { db, identity, rebuilt };
  } catch (error) {
    db.close();
    throw error;
  }
}

function fill(db: SqliteConnection, own: MachineUuid | null): void {
  const copies = salvageCopies(db);
  dropAll(db);
  db.exec(SCHEMA);
  // Readers compare versions, so a new file must start above every version of its predecessor.
  db.run('insert into meta values (?, ?, ?)', Date.now(), own, NO_SESSIONS);
  setCached(db, copies, own);
}
