import { idAtSql, idSql, machineSql, ofMachineSql, placeSql } from './index-schema.ts';
import { searchedText } from './search-words.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * The word list is updated with a delay: splitting the words of a whole team costs as much as the rest of the import, and nobody searches
 * in that second. Rows wait in `word_queue`; an idle worker processes them, and a search processes the rest first.
 */

/** Rows per transaction while nobody waits: about 20 ms, so that neither a page nor another process waits longer. */
const SLICE = 2_000;
/** The same for a waiting search: fewer, bigger slices are a third less work. */
const BIG_SLICE = 10_000;

/** Queues a new or changed row. */
export function queueWords(db: SqliteConnection, machine: number, day: number, counter: number): void {
  db.run(`insert or ignore into word_queue values (${idSql('?', '?', '?')})`, machine, day, counter);
}

/** The machine and the position in a row number. */
export type RowPlace = readonly [machine: number, place: number];

/** Queues rows again. */
export function requeueWords(db: SqliteConnection, rows: readonly RowPlace[]): void {
  if (rows.length === 0) return;
  const list = JSON.stringify(rows);
  const ids = `select ${idAtSql('(value ->> 0)', '(value ->> 1)')} id from json_each(?)`;
  // A queued row is not in the list.
  db.run(
    `delete from words where rowid in (select id from (${ids}) again where not exists (select 1 from word_queue w where w.id = again.id))`,
    list,
  );
  db.run(`insert or ignore into word_queue ${ids}`, list);
}

/** Queues all rows of a machine again. */
export function queueWordsOfMachine(db: SqliteConnection, machine: number): void {
  forgetWordsOfMachine(db, machine);
  queueNewMachine(db, machine);
}

/** Queues all rows of a new machine, which has nothing to remove. */
export function queueNewMachine(db: SqliteConnection, machine: number): void {
  db.run(`insert into word_queue select id from logs where ${ofMachineSql('id', '?1')}`, machine);
}

/** Removes a row from the list. */
export function forgetWords(db: SqliteConnection, machine: number, day: number, counter: number): void {
  const id = idSql('?', '?', '?');
  if (db.run(`delete from word_queue where id = ${id}`, machine, day, counter) === 0)
    db.run(`delete from words where rowid = ${id}`, machine, day, counter);
}

/** Removes all rows of a machine from the list. Before its rows are deleted. */
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
 * The searched text of a row `l` and its shard `s`. The path contains the topic, and user, project and client where they come from it;
 * nearly all entries have no more than that, and their text ends with their notes.
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
 * Processes some of the queued rows in a transaction of its own.
 * @returns true when more are queued
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
      // The row shown for a session is found by the words of all its copies, each other one by its own.
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

/** Processes all queued rows. */
export function readAllWords(db: SqliteConnection): void {
  while (readSomeWords(db, BIG_SLICE));
}

function hasQueue(db: SqliteConnection): boolean {
  return db.first('select 1 from word_queue limit 1') !== null;
}
