import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import { LOCAL, STORE, PATH_SQL } from './index-schema.ts';
import { joinTouched } from './join-sessions.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** This machine's logs recorded as deleted here. */
export function deletedLogs(db: SqliteConnection): ReadonlySet<string> {
  return new Set(db.rows('select json_quote(path) as row from deleted') as string[]);
}

/** True when exactly these are recorded as deleted here. */
export function areDeleted(db: SqliteConnection, paths: readonly LogPath[]): boolean {
  const known = deletedLogs(db);
  return known.size === paths.length && paths.every((path) => known.has(path));
}

/**
 * Records which of this machine's logs are deleted here, so that they are only in the store; all others are here.
 * @param own this machine; null when there is none
 * @returns false when nothing changed
 */
export function setDeleted(
  db: SqliteConnection,
  paths: readonly LogPath[],
  own: MachineUuid | null,
): boolean {
  const [before, now] = [deletedLogs(db), new Set<string>(paths)];
  const back = [...before].filter((path) => !now.has(path));
  const gone = [...now].filter((path) => !before.has(path));
  if (back.length + gone.length === 0) return false;
  for (const path of back) db.run('delete from deleted where path = ?', path);
  for (const path of gone) db.run('insert into deleted values (?)', path);
  const no = db.first('select no from shards where machine = ? and not workspace', own)?.[0];
  if (typeof no !== 'number') return true;
  const touched = new Map<string, boolean>();
  for (const [moved, here] of [
    [back, LOCAL],
    [gone, STORE],
  ] as const)
    for (const path of moved) {
      db.run(
        `update logs set here = ?3, place = iif(leader is null, ?3, place) where ${PATH_SQL}`,
        no,
        path,
        here,
      );
      for (const session of db.rows(
        `select json_quote(session) as row from logs where ${PATH_SQL} and leader is not null`,
        no,
        path,
      ) as string[])
        touched.set(session, true);
    }
  joinTouched(db, own, touched, { words: false });
  return true;
}
