import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ofMachineSql } from './index-schema.ts';
import { joinTouched, touchSessions } from './join-sessions.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { forgetWordsOfMachine } from './word-list.ts';

/**
 * Removes a machine's rows; its cached logs stay recorded.
 * @param own this machine; null when there is none
 * @returns false when there was nothing to remove
 */
export function dropShard(db: SqliteConnection, machine: MachineUuid, own: MachineUuid | null): boolean {
  const no = db.first('select no from shards where machine = ?', machine)?.[0];
  if (typeof no !== 'number') return false;
  const touched = new Map<string, boolean>();
  touchSessions(db, no, touched);
  forgetWordsOfMachine(db, no);
  db.run(`delete from logs where ${ofMachineSql('id', '?1')}`, no);
  db.run('delete from days where machine = ?', no);
  db.run('delete from facets where machine = ?', no);
  db.run('delete from shards where no = ?', no);
  joinTouched(db, own, touched, { words: true });
  return true;
}
