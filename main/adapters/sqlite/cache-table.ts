import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogId, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { Refusal } from './index-faults.ts';
import { CACHED, STORE, PATH_SQL } from './index-schema.ts';
import { joinTouched } from './join-sessions.ts';
import { prepareIndex } from './late-indexes.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** One change of the cache's contents; null: no longer cached. */
export interface CacheChange {
  readonly id: LogId;
  readonly sha256: string | null;
}

/** From this many paths on, creating the index on them first is faster. */
const MANY_PATHS = 100;

/** Creates the index that speeds up {@link setCached}. Outside of any transaction. */
export function prepareCaching(db: SqliteConnection, changes: readonly CacheChange[]): void {
  if (changes.length >= MANY_PATHS) prepareIndex(db, 'by_path');
}

/** One cached log of a machine. */
export interface CachedDigest {
  readonly path: LogPath;
  readonly sha256: string;
}

/**
 * Records which logs are cached, including those of machines whose shard is not here (yet).
 * @param own this machine; null when there is none
 * @returns false when nothing changed
 * @throws {@link Refusal} for an id that names no log
 */
export function setCached(
  db: SqliteConnection,
  changes: readonly CacheChange[],
  own: MachineUuid | null,
): boolean {
  let changed = 0;
  const touched = new Map<string, boolean>();
  for (const { id, sha256 } of changes) {
    const log = parseLogId(id);
    if (!log.ok) throw new Refusal(log.error);
    const { machine, path } = log.value;
    const noted =
      sha256 === null
        ? db.run('delete from copies where machine = ? and path = ?', machine, path)
        : db.run(
            `insert into copies values (?, ?, ?)
               on conflict do update set sha256 = excluded.sha256 where sha256 <> excluded.sha256`,
            machine,
            path,
            sha256,
          );
    if (noted === 0) continue;
    changed += noted;
    const no = db.first('select no from shards where machine = ?', machine)?.[0];
    if (typeof no !== 'number') continue;
    changed += flagRows(db, no, path, sha256 === null ? STORE : CACHED);
    for (const session of db.rows(
      `select json_quote(session) as row from logs where ${PATH_SQL} and leader is not null`,
      no,
      path,
    ) as string[])
      touched.set(session, true);
  }
  joinTouched(db, own, touched, { words: false });
  return changed > 0;
}

/** Flags a log and its parts as cached or not. The place of local logs is unchanged. */
function flagRows(
  db: SqliteConnection,
  no: number,
  path: LogPath,
  here: typeof STORE | typeof CACHED,
): number {
  const flipped = db.run(
    `update logs set here = ?3, place = iif(leader is null, ?3, place)
       where ${PATH_SQL} and here in (${STORE}, ${CACHED}) and here <> ?3`,
    no,
    path,
    here,
  );
  if (flipped > 0) db.run('update shards set cached = cached + ? where no = ?', here === CACHED ? 1 : -1, no);
  return flipped;
}

/** The cached logs of a machine, with the digest each had when it was pulled. */
export function cachedDigests(db: SqliteConnection, machine: MachineUuid): readonly CachedDigest[] {
  return db.rows(
    `select json_object('path', path, 'sha256', sha256) as row from copies where machine = ? order by path`,
    machine,
  ) as readonly CachedDigest[];
}

/**
 * Salvages what an index about to be emptied knows of the cache: the one thing that no shard can restore. Best effort, and only what is
 * well-formed, for the file may be damaged.
 */
export function salvageCopies(db: SqliteConnection): readonly CacheChange[] {
  try {
    const rows = db.rows('select json_array(machine, path, sha256) as row from copies') as string[][];
    return rows.flatMap(([machine, path, sha256]) => {
      const log = parseLogId(`${String(machine)}/${String(path)}`);
      return log.ok && /^[0-9a-f]{64}$/.test(String(sha256))
        ? [{ id: log.value.id, sha256: String(sha256) }]
        : [];
    });
  } catch {
    return [];
  }
}
