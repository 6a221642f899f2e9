import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { CACHED, LOCAL, ofMachineSql, STORE } from './index-schema.ts';
import { joinTouched, touchJoined } from './join-sessions.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Ensures that places are computed for this machine, whose identity may have changed since.
 * @param own this machine; null when there is none
 */
export function ensureOwn(db: SqliteConnection, own: MachineUuid | null): void {
  if (readOwn(db) === own) return;
  db.write(() => {
    // Another process may have done it while this one waited for the lock.
    const before = readOwn(db);
    if (before === own) return;
    const touched = new Map<string, boolean>();
    const changed = [before, own].flatMap((machine) => (machine === null ? [] : [machine]));
    db.run('delete from deleted');
    for (const machine of changed) placeRows(db, machine, machine === own, touched);
    db.run('update meta set own = ?, version = version + 1', own);
    joinTouched(db, own, touched, { words: false });
  });
}

function readOwn(db: SqliteConnection): string | null {
  const [own] = db.rows('select json_quote(own) as row from meta');
  return typeof own === 'string' ? own : null;
}

function placeRows(
  db: SqliteConnection,
  machine: string,
  isOwn: boolean,
  touched: Map<string, boolean>,
): void {
  const no = db.first('select no from shards where machine = ? and not workspace', machine)?.[0];
  if (typeof no !== 'number') return;
  const cached = `exists (select 1 from copies where machine = ?2 and path = logs.path)`;
  db.run(
    `update logs set here = iif(?3, ${LOCAL}, iif(${cached}, ${CACHED}, ${STORE})) where ${ofMachineSql('id', '?1')}`,
    no,
    machine,
    isOwn ? 1 : 0,
  );
  db.run(`update logs set place = here where ${ofMachineSql('id', '?1')} and leader is null`, no);
  db.run(
    `update shards set cached = (select count(*) from logs where ${ofMachineSql('id', '?1')} and part is null and here = ${CACHED})
       where no = ?1`,
    no,
  );
  touchJoined(db, no, touched);
}
