import type { SqliteConnection } from '../sqlite-connection.ts';
import type { PendingRow } from './read-pending.ts';

/**
 * Maintains the lists of tasks and, on every change, the newest of each thread: reading pending tasks then costs only what is shown,
 * however many logs there are. A thread is a person's work on one topic of one project; without a topic, one session; without that, one
 * log. Copies of a session meet in its id although only one of them may name the topic.
 */
export class ThreadWriter {
  readonly #db: SqliteConnection;
  readonly #touched = new Set<string>();
  /** Unticked tasks, and where they are. */
  #tasks: [id: string, doc: number][] = [];

  constructor(db: SqliteConnection) {
    this.#db = db;
  }

  /** @param doc row of the full text @param log its log */
  write(doc: number, log: number, list: PendingRow): void {
    const { moment, rank, person, topic, session, open, tasks } = list;
    const thread = this.#threadOf(log, list);
    this.#touched.add(thread);
    this.#db.run(
      'insert into pending (doc, thread, moment, rank, person, topic, session, open, done, tasks) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      doc,
      thread,
      moment,
      rank,
      person,
      topic,
      session,
      open,
      tasks.length - open,
      JSON.stringify(tasks),
    );
    for (const [id, , done] of tasks) if (done === 0) this.#tasks.push([id, doc]);
  }

  /** Removes the lists of a log; its rows of `docs` must still exist. */
  remove(log: number): void {
    const docs = 'select id from docs where log = ?';
    const threads = this.#db.rows(
      `select json_array(thread) as row from pending where doc in (${docs})`,
      log,
    ) as [string][];
    if (threads.length === 0) return;
    for (const [thread] of threads) this.#touched.add(thread);
    // By their ids, which the lists name: an index of tasks by row would be as large as the table.
    this.#db.run(
      `delete from tasks where (id, doc) in (select t.value ->> 0, p.doc from pending p, json_each(p.tasks) t where p.doc in (${docs}))`,
      log,
    );
    this.#db.run(`delete from pending where doc in (${docs})`, log);
  }

  /**
   * Recomputes which list is the newest of each touched thread, and writes the tasks. In the same transaction, each in one statement: a
   * statement that writes several rows starts with a savepoint, and at each of those FTS5 flushes what it gathered to disk.
   */
  finish(): void {
    const tasks = this.#tasks.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#tasks = [];
    this.#db.run(
      'insert or ignore into tasks (id, doc) select value ->> 0, value ->> 1 from json_each(?)',
      JSON.stringify(tasks),
    );
    const touched = JSON.stringify([...this.#touched].sort());
    this.#touched.clear();
    this.#db.run('delete from threads where thread in (select value from json_each(?))', touched);
    this.#db.run(
      `insert into threads (thread, doc, moment, open, done)
         select p.thread, p.doc, p.moment, p.open, p.done from json_each(?) t cross join pending p
           on p.doc = (select doc from pending where thread = t.value order by moment desc, rank, doc limit 1)
         where p.open + p.done > 0`,
      touched,
    );
  }

  #threadOf(log: number, { person, place, topic, session }: PendingRow): string {
    if (topic !== null) {
      const thread = `t ${JSON.stringify([person, place, topic])}`;
      if (session !== null) this.#join(thread, session, person);
      return thread;
    }
    if (session === null) return `l ${log}`;
    const [known] = this.#db.rows(
      'select json_array(thread) as row from pending where session = ? and person = ? and topic is not null limit 1',
      session,
      person,
    ) as [string][];
    return known?.[0] ?? `s ${JSON.stringify([person, session])}`;
  }

  /** Moves copies of a session without a topic to the thread of the one with a topic. */
  #join(thread: string, session: string, person: string): void {
    const moved = this.#db.rows(
      'select distinct json_array(thread) as row from pending where session = ?1 and person = ?2 and topic is null and thread <> ?3',
      session,
      person,
      thread,
    ) as [string][];
    if (moved.length === 0) return;
    for (const [other] of moved) this.#touched.add(other);
    this.#db.run(
      'update pending set thread = ?3 where session = ?1 and person = ?2 and topic is null',
      session,
      person,
      thread,
    );
  }
}
