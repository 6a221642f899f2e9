import { idAtSql, idSql, machineSql, ofMachineSql, placeSql } from './index-schema.ts';
import { searchedText } from './search-words.ts';
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

/** The machine and the place in a row's number. */
export type RowPlace = readonly [machine: number, place: number];

/** Lets rows be read again. */
export function requeueWords(db: SqliteConnection, rows: readonly RowPlace[]): void {
  if (rows.length === 0) return;
  const list = JSON.stringify(rows);
  const ids = `select ${idAtSql('(value ->> 0)', '(value ->> 1)')} id from json_each(?)`;
  // A row that waits is not in the list.
  db.run(
    `delete from words where rowid in (select id from (${ids}) again where not exists (select 1 from word_queue w where w.id = again.id))`,
    list,
  );
  db.run(`insert or ignore into word_queue ${ids}`, list);
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

type Texts = (string | null)[];
type WaitingRow = [machine: number, place: number, view: number | null, isLeader: number, ...texts: Texts];

/**
 * What of a row `l` and its shard `s` is searched. Topic, and what user, project and client are by the path, are in the path; nearly all
 * entries say no more than that, and their text ends with their notes.
 */
const TEXTS_SQL = `l.path, l.entry ->> 'title', l.entry ->> 'author', json(s.host),
  case when substr(l.entry, -11) <> '"notes":[]}' then concat_ws(' ', l.entry ->> 'user', l.entry ->> 'project', l.entry ->> 'client',
    (select group_concat(value, ' ') from json_each(l.entry, '$.tags'))) end`;

function textsOfCopies(db: SqliteConnection, machine: number, place: number): Texts {
  const rows = db.rows(
    `select json_array(${TEXTS_SQL}) as row from logs first cross join logs l indexed by by_session join shards s on s.no = l.machine
       where first.id = ${idAtSql('?1', '?2')} and l.session = first.session and l.leader = first.id`,
    machine,
    place,
  ) as Texts[];
  return rows.flat();
}

/**
 * Reads some of the waiting rows in a transaction of its own.
 * @returns true when more are waiting
 */
export function readSomeWords(db: SqliteConnection, slice = SLICE): boolean {
  if (!hasQueue(db)) return false;
  return db.write(() => {
    const rows = db.rows(
      `select json_array(${machineSql('u.id')}, ${placeSql('u.id')}, l.view, l.leader is u.id, ${TEXTS_SQL}) as row
         from word_queue u left join logs l on l.id = u.id left join shards s on s.no = l.machine order by u.id limit ?`,
      slice,
    ) as WaitingRow[];
    for (const [machine, place, view, isLeader, ...texts] of rows) {
      if (view === null) continue;
      // The row that is shown for a session is found by the words of all its copies, each other one by its own.
      const all = isLeader === 1 ? textsOfCopies(db, machine, place) : texts;
      db.run(
        `insert into words (rowid, text) values (${idAtSql('?', '?')}, ?)`,
        machine,
        place,
        searchedText(all, view),
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
