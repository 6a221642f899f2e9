import { idAtSql, idSql, machineSql, ofMachineSql, placeSql } from './index-schema.ts';
import { readRow, ROW_JOINS, ROW_SQL } from './log-rows.ts';
import { searchedText } from './search-words.ts';
import { readMachines, type Machine } from './shard-table.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * The word list follows the rows with a delay: cutting the words of a whole team costs as much as all the rest of bringing it in,
 * and nobody searches in that second. Rows wait in `word_queue`; a worker with nothing to do reads them, and a search reads the rest first.
 */

/** Rows read in one transaction while nobody waits: about 20 ms, so that neither a page nor another process waits longer. */
const SLICE = 2_000;
/** The same for a search that waits: fewer, bigger pieces of the list are a third less work. */
const BIG_SLICE = 10_000;

/** Lets a new or changed row be read. */
export function queueWords(db: SqliteConnection, machine: number, day: number, counter: number): void {
  db.run(`insert or ignore into word_queue values (${idSql('?', '?', '?')})`, machine, day, counter);
}

/** Lets a row be read again, by the machine and the place in its row number. */
export function requeueWords(db: SqliteConnection, machine: number, place: number): void {
  const id = idAtSql('?', '?');
  // A row that waits is not in the list.
  if (db.run(`insert or ignore into word_queue values (${id})`, machine, place) > 0)
    db.run(`delete from words where rowid = ${id}`, machine, place);
}

/** Lets all rows of a machine be read again. */
export function queueWordsOfMachine(db: SqliteConnection, machine: number): void {
  forgetWordsOfMachine(db, machine);
  queueNewMachine(db, machine);
}

/** Lets all rows of a machine be read that had none before, so that there is nothing to forget. */
export function queueNewMachine(db: SqliteConnection, machine: number): void {
  db.run(`insert into word_queue select id from logs where ${ofMachineSql('id', '?1')}`, machine);
}

/** Takes a row out of the list. */
export function forgetWords(db: SqliteConnection, machine: number, day: number, counter: number): void {
  const id = idSql('?', '?', '?');
  if (db.run(`delete from word_queue where id = ${id}`, machine, day, counter) === 0)
    db.run(`delete from words where rowid = ${id}`, machine, day, counter);
}

/** Takes all rows of a machine out of the list. Before its rows are deleted. */
export function forgetWordsOfMachine(db: SqliteConnection, machine: number): void {
  db.run(
    `delete from words where rowid in
       (select id from logs where ${ofMachineSql('id', '?1')} and id not in (select id from word_queue))`,
    machine,
  );
  db.run(`delete from word_queue where ${ofMachineSql('id', '?1')}`, machine);
}

type WaitingRow = [
  machine: number,
  place: number,
  path: string | null,
  title: string | null,
  author: string | null,
  host: string,
  more: readonly (string | null)[] | null,
  view: number,
  isJoined: number,
];

/** What an entry says beside title and author: nearly all say no more than their path does, and their text ends with their notes. */
const MORE_WORDS = `case when substr(l.entry, -11) = '"notes":[]}' then null
  else json_array(l.user, l.project, l.client, (select group_concat(value, ' ') from json_each(l.entry, '$.tags'))) end`;

/** Texts of a row that has copies: the one that is shown is found by the words of all, each other by its own. */
function joinedTexts(
  db: SqliteConnection,
  machines: readonly Machine[],
  machine: number,
  place: number,
): readonly (string | null)[] {
  const rows = db.rows(
    `select ${ROW_SQL} from logs me cross join logs l indexed by by_session ${ROW_JOINS}
       where me.id = ${idAtSql('?1', '?2')} and l.session = me.session and l.leader = me.leader and me.id in (me.leader, l.id)`,
    machine,
    place,
  );
  return rows.flatMap((value) => {
    const { title, user, author, project, client, tags, host, path } = readRow(value, machines, 'itself');
    return [title, user, author, project, client, ...tags, host, path];
  });
}

/**
 * Reads some of the waiting rows in a transaction of its own.
 * @returns true when more are waiting
 */
export function readSomeWords(db: SqliteConnection, slice = SLICE): boolean {
  if (!hasQueue(db)) return false;
  return db.write(() => {
    const rows = db.rows(
      `select json_array(${machineSql('u.id')}, ${placeSql('u.id')}, l.path, l.entry ->> 'title', l.entry ->> 'author',
         json(s.host), ${MORE_WORDS}, l.view, l.leader is not null) as row
         from word_queue u left join logs l on l.id = u.id left join shards s on s.no = l.machine order by u.id limit ?`,
      slice,
    ) as WaitingRow[];
    const machines = rows.some(([, , , , , , , , isJoined]) => isJoined === 1) ? readMachines(db, null) : [];
    for (const [machine, place, path, title, author, host, more, view, isJoined] of rows) {
      if (path === null) continue;
      const own = [title, author, host, path, ...(more ?? [])];
      const texts = isJoined === 1 ? joinedTexts(db, machines, machine, place) : own;
      db.run(
        `insert into words (rowid, text) values (${idAtSql('?', '?')}, ?)`,
        machine,
        place,
        searchedText(texts, view),
      );
    }
    const last = rows.at(-1);
    if (last) db.run(`delete from word_queue where id <= ${idAtSql('?', '?')}`, last[0], last[1]);
    return rows.length === slice;
  });
}

/** Reads all waiting rows. */
export function readAllWords(db: SqliteConnection): void {
  while (readSomeWords(db, BIG_SLICE));
}

function hasQueue(db: SqliteConnection): boolean {
  return db.first('select 1 from word_queue limit 1') !== null;
}
