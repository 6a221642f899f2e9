import type { PendingThread } from '../../../../shared/domain/pending-list.ts';
import type { PendingQuestion, PendingThreads } from '../../../core/ports/search-index.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { foldName, type StoredTask } from './read-pending.ts';
import { rowDay, rowRanges } from './search-schema.ts';

/** Threads read at once while searching for those with open tasks. */
const STEP = 200;

interface Head extends Omit<PendingThread, 'day' | 'tasks'> {
  readonly doc: number;
  readonly tasks: readonly StoredTask[];
}

// Cross joins fix the order in which tables are walked: SQLite cannot know how short a list of names is, and would walk all tasks
// first.

/** Reads the pending tasks of threads, newest list first: the requested number, and the total number of tasks. */
export function pendingThreads(db: SqliteConnection, asked: PendingQuestion): PendingThreads {
  const where = conditionsOf(db, asked);
  const closed = JSON.stringify(asked.closed);
  const [open = 0, done = 0] =
    db.first(`select total(t.open), total(t.done) ${where.from}`, ...where.values) ?? [];
  const ticked = db.number(
    `select count(*) from json_each(?) c cross join tasks k on k.id = c.value where +k.doc in (select t.doc ${where.from})`,
    closed,
    ...where.values,
  );
  const { heads, more } = readHeads(db, asked, where);
  const since = firstDays(db, heads);
  const threads = heads.map(({ doc, tasks, ...facts }): PendingThread => {
    const day = rowDay(doc);
    return {
      ...facts,
      day,
      tasks: tasks.map(([id, line, isDone, text, group, readLine]) => ({
        id,
        line,
        readLine,
        text,
        doneInLog: isDone === 1,
        group,
        since: since.get(id) ?? day,
      })),
    };
  });
  return { threads, open: (open ?? 0) - ticked, done: (done ?? 0) + ticked, more };
}

interface Conditions {
  /** From `from` on, with all conditions of the query on a thread. */
  readonly from: string;
  readonly values: readonly (string | number)[];
}

/** Names are compared case-insensitively, which SQLite supports only for ASCII: so they are looked up first. */
function conditionsOf(
  db: SqliteConnection,
  { users, projects, machines, from, to, tasks }: PendingQuestion,
): Conditions {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const among = (columns: readonly string[], names: readonly string[] | undefined): void => {
    if (names === undefined) return;
    const wanted = new Set(names.map(foldName));
    const fits = columns.map((column) => {
      const [table = 'd', name = ''] = column.split('.');
      const all = db.rows(
        `select distinct json_array(${name}) as row from ${table === 'd' ? 'docs' : 'logs'} where ${name} is not null`,
      ) as [string][];
      const same = all.map(([value]) => value).filter((value) => wanted.has(foldName(value)));
      values.push(JSON.stringify(same));
      return `${column} in (select value from json_each(?))`;
    });
    conditions.push(`(${fits.join(' or ')})`);
  };
  among(['d.user'], users);
  among(['d.project', 'd.client'], projects);
  if (machines !== undefined) {
    const known = db.rows('select distinct json_array(machine, host) as row from logs') as [string, string][];
    const wanted = machines.map(foldName);
    const fits = known.filter(([machine, host]) =>
      wanted.some((name) => foldName(host) === name || (name.length >= 4 && machine.startsWith(name))),
    );
    conditions.push('l.machine in (select value from json_each(?))');
    values.push(JSON.stringify(fits.map(([machine]) => machine)));
  }
  if (from !== undefined || to !== undefined) {
    const [usual, crowded] = rowRanges(from ?? null, to ?? null);
    conditions.push('(t.doc between ? and ? or t.doc between ? and ?)');
    values.push(usual.first, usual.last, crowded.first, crowded.last);
  }
  if (tasks !== undefined) {
    conditions.push(
      "t.doc in (select k.doc from json_each(?) n cross join tasks k on k.id between n.value and n.value || 'g')",
    );
    values.push(JSON.stringify(tasks));
  }
  const asks = conditions.length === 0 ? '' : ' join docs d on d.id = t.doc join logs l on l.no = d.log';
  return {
    from: `from threads t${asks} where true${conditions.map((one) => ` and ${one}`).join('')}`,
    values,
  };
}

function readHeads(
  db: SqliteConnection,
  { all, closed, limit }: PendingQuestion,
  { from, values }: Conditions,
): { readonly heads: readonly Head[]; readonly more: boolean } {
  const isClosed = new Set(closed);
  const heads: Head[] = [];
  let [tasks, offset] = [0, 0];
  for (;;) {
    const docs = db.all(
      `select t.doc ${from}${all ? '' : ' and t.open > 0'} order by t.moment desc, t.doc limit ${STEP} offset ${offset}`,
      ...values,
    );
    for (const head of headsOf(
      db,
      docs.map(([doc]) => doc ?? 0),
    )) {
      const shown = head.tasks.filter(([id, , done]) => all || (done === 0 && !isClosed.has(id)));
      if (shown.length === 0) continue;
      if (tasks >= limit) return { heads, more: true };
      heads.push({ ...head, tasks: shown });
      tasks += shown.length;
    }
    if (docs.length < STEP) return { heads, more: false };
    offset += STEP;
  }
}

function headsOf(db: SqliteConnection, docs: readonly number[]): readonly Head[] {
  const rows = db.rows(
    `select json_object('doc', d.id, 'moment', p.moment, 'machine', l.machine, 'host', l.host, 'path', l.path, 'mtime', l.mtime,
         'part', d.part, 'title', d.title, 'user', d.user, 'project', d.project, 'client', d.client, 'tasks', json(p.tasks)) as row
       from json_each(?) n cross join pending p on p.doc = n.value cross join docs d on d.id = p.doc cross join logs l on l.no = d.log`,
    JSON.stringify(docs),
  ) as Head[];
  const byDoc = new Map(rows.map((row) => [row.doc, row]));
  return docs.flatMap((doc) => byDoc.get(doc) ?? []);
}

/** The first day on which each task is listed; row numbers order the newest day first. */
function firstDays(db: SqliteConnection, heads: readonly Head[]): ReadonlyMap<string, PendingThread['day']> {
  const ids = heads.flatMap(({ tasks }) => tasks.map(([id]) => id));
  const rows = db.rows(
    'select json_array(k.id, max(k.doc)) as row from json_each(?) n cross join tasks k on k.id = n.value group by k.id',
    JSON.stringify(ids),
  ) as [string, number][];
  return new Map(rows.map(([id, doc]) => [id, rowDay(doc)]));
}
