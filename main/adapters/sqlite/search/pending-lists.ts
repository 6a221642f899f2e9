import type { LogPath, MachineUuid } from '../../../../shared/domain/ids.ts';
import type { PendingThread } from '../../../../shared/domain/pending-list.ts';
import type { PendingQuestion, PendingThreads } from '../../../core/ports/search-index.ts';
import { TEXT_ORIGINS } from '../../../core/ports/search-index.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import type { StoredTask } from './read-pending.ts';
import { rowDay } from './search-schema.ts';

/** Threads of one machine that are looked at, the newest first: nobody works on more, and a stranger's packs may name any number. */
const MACHINE_THREADS = 5_000;
const LOCAL_ORIGINS = [TEXT_ORIGINS.indexOf('own'), TEXT_ORIGINS.indexOf('workspace')];

/** A list without its tasks. */
interface List {
  readonly doc: number;
  readonly moment: number;
  readonly person: string;
  readonly place: string;
  readonly topic: string | null;
  readonly session: string | null;
  readonly open: number;
  readonly done: number;
  readonly isPart: boolean;
  readonly origin: number;
  readonly log: number;
  readonly machine: string;
}

/** Reads what threads have left to do, the newest list first. */
export function pendingThreads(db: SqliteConnection, asked: PendingQuestion): PendingThreads {
  const newest = newestLists(readLists(db), asked.now);
  const kept = boundedByMachine(newest.filter(({ open, done }) => open + done > 0));
  const wanted = keepNamed(db, kept, asked);
  const ids = openIds(
    db,
    wanted.map(({ doc }) => doc),
  );
  const closed = new Set(asked.closed);
  const isOpen = (id: string): boolean => !closed.has(id);
  let open = 0;
  const shown: List[] = [];
  let tasks = 0;
  let more = false;
  for (const list of wanted) {
    const left = (ids.get(list.doc) ?? []).filter(isOpen).length;
    open += left;
    const counts = asked.all ? list.open + list.done : left;
    if (counts === 0) continue;
    if (tasks >= asked.limit) more = true;
    else {
      shown.push(list);
      tasks += counts;
    }
  }
  const all = wanted.reduce((sum, list) => sum + list.open + list.done, 0);
  return { threads: threadsOf(db, shown, ids, asked, closed), open, done: all - open, more };
}

function readLists(db: SqliteConnection): readonly List[] {
  const rows = db.rows(
    `select json_array(p.doc, p.moment, p.person, p.place, p.topic, p.session, p.open, p.done, d.part is not null, l.origin, l.no, l.machine) as row
       from pending p join docs d on d.id = p.doc join logs l on l.no = d.log`,
  ) as [
    number,
    number,
    string,
    string,
    string | null,
    string | null,
    number,
    number,
    number,
    number,
    number,
    string,
  ][];
  return rows.map(([doc, moment, person, place, topic, session, open, done, part, origin, log, machine]) => ({
    doc,
    moment,
    person,
    place,
    topic,
    session,
    open,
    done,
    isPart: part === 1,
    origin,
    log,
    machine,
  }));
}

/**
 * The newest list of each thread, the newest first. Copies of one session (its log, its part of a daily log) are of one thread although only
 * one of them may name the topic.
 * @param now what says that it is of a later time counts as of its day, or a wrong clock would hide all that follows
 */
function newestLists(lists: readonly List[], now: number): readonly List[] {
  const topics = new Map<string, string>();
  for (const { person, session, topic } of lists)
    if (session !== null && topic !== null) topics.set(`${session}\n${person}`, topic);
  const newest = new Map<string, List>();
  const momentOf = ({ doc, moment }: List): number =>
    moment <= now ? moment : Date.parse(`${rowDay(doc)}T00:00:00Z`);
  for (const list of lists) {
    const { person, place, session, log } = list;
    const topic = list.topic ?? (session === null ? undefined : topics.get(`${session}\n${person}`));
    // What a daily log says of a project is sometimes less than the log itself: copies of a session meet in its id.
    const key =
      topic === undefined
        ? session === null
          ? `l ${log}`
          : `s ${session}\n${person}`
        : `t ${person}\n${place}\n${topic}`;
    const other = newest.get(key);
    if (
      other === undefined ||
      momentOf(list) - momentOf(other) > 0 ||
      (momentOf(list) === momentOf(other) && isBetter(list, other))
    )
      newest.set(key, list);
  }
  return [...newest.values()].sort((a, b) => momentOf(b) - momentOf(a) || a.doc - b.doc);
}

/** Of copies the log of its own before a part, and what lies on this disk before what came from elsewhere. */
function isBetter(one: List, other: List): boolean {
  if (one.isPart !== other.isPart) return other.isPart;
  const [isHere, wasHere] = [LOCAL_ORIGINS.includes(one.origin), LOCAL_ORIGINS.includes(other.origin)];
  return isHere === wasHere ? one.doc < other.doc : isHere;
}

function boundedByMachine(lists: readonly List[]): readonly List[] {
  const room = new Map<string, number>();
  return lists.filter(({ machine }) => {
    const used = room.get(machine) ?? 0;
    room.set(machine, used + 1);
    return used < MACHINE_THREADS;
  });
}

/** Those that the question's people, projects and machines mean. */
function keepNamed(db: SqliteConnection, lists: readonly List[], asked: PendingQuestion): readonly List[] {
  const { users, projects, machines, tasks } = asked;
  let kept = lists;
  if (tasks !== undefined) {
    const docs = new Set<number>();
    for (const [doc, ids] of openIds(
      db,
      lists.map(({ doc }) => doc),
      true,
    ))
      if (ids.some((id) => tasks.some((start) => id.startsWith(start)))) docs.add(doc);
    kept = kept.filter(({ doc }) => docs.has(doc));
  }
  if (users === undefined && projects === undefined && machines === undefined) return kept;
  const facts = factsOf(
    db,
    kept.map(({ doc }) => doc),
  );
  const means = (names: readonly string[] | undefined, values: readonly (string | null)[]): boolean =>
    names === undefined ||
    values.some((value) => value !== null && names.some((name) => fold(name) === fold(value)));
  return kept.filter(({ doc, person }) => {
    const row = facts.get(doc);
    if (row === undefined) return false;
    return (
      means(users, [person, row.user]) &&
      means(projects, [row.project, row.client]) &&
      (means(machines, [row.host, row.machine]) ||
        (machines ?? []).some((name) => name.length >= 4 && row.machine.startsWith(name.toLowerCase())))
    );
  });
}

/** Ids of the open tasks of each list; of all its tasks when asked so. */
function openIds(
  db: SqliteConnection,
  docs: readonly number[],
  all = false,
): ReadonlyMap<number, readonly string[]> {
  const rows = db.rows(
    `select json_array(doc, json(${all ? 'tasks' : 'ids'})) as row from pending where doc in (select value from json_each(?))`,
    JSON.stringify(docs),
  ) as [number, readonly string[] | readonly StoredTask[]][];
  return new Map(
    rows.map(([doc, ids]) => [
      doc,
      all ? (ids as readonly StoredTask[]).map(([id]) => id) : (ids as readonly string[]),
    ]),
  );
}

interface Facts {
  readonly machine: MachineUuid;
  readonly host: string;
  readonly path: LogPath;
  readonly mtime: number;
  readonly part: string | null;
  readonly title: string | null;
  readonly user: string | null;
  readonly project: string | null;
  readonly client: string | null;
}

function factsOf(db: SqliteConnection, docs: readonly number[]): ReadonlyMap<number, Facts> {
  const rows = db.rows(
    `select json_object('doc', d.id, 'machine', l.machine, 'host', l.host, 'path', l.path, 'mtime', l.mtime, 'part', d.part,
         'title', d.title, 'user', d.user, 'project', d.project, 'client', d.client) as row
       from docs d join logs l on l.no = d.log where d.id in (select value from json_each(?))`,
    JSON.stringify(docs),
  ) as (Facts & { readonly doc: number })[];
  return new Map(rows.map(({ doc, ...facts }) => [doc, facts]));
}

function threadsOf(
  db: SqliteConnection,
  shown: readonly List[],
  ids: ReadonlyMap<number, readonly string[]>,
  asked: PendingQuestion,
  closed: ReadonlySet<string>,
): readonly PendingThread[] {
  const docs = shown.map(({ doc }) => doc);
  const facts = factsOf(db, docs);
  const stored = new Map(
    db.rows(
      `select json_array(doc, json(tasks)) as row from pending where doc in (select value from json_each(?))`,
      JSON.stringify(docs),
    ) as [number, readonly StoredTask[]][],
  );
  const since = firstDays(db, shown, ids);
  return shown.flatMap((list) => {
    const row = facts.get(list.doc);
    if (row === undefined) return [];
    const day = rowDay(list.doc);
    const tasks = (stored.get(list.doc) ?? [])
      .filter(([id, , done]) => asked.all || (done === 0 && !closed.has(id)))
      .map(([id, line, done, text, group]) => ({
        id,
        line,
        text,
        doneInLog: done === 1,
        group,
        since: since.get(id) ?? day,
      }));
    return [{ ...row, day, moment: list.moment, tasks }];
  });
}

/** The first day on which each open task is listed in its thread. */
function firstDays(
  db: SqliteConnection,
  shown: readonly List[],
  ids: ReadonlyMap<number, readonly string[]>,
): ReadonlyMap<string, PendingThread['day']> {
  const wanted = new Set(shown.flatMap(({ doc }) => ids.get(doc) ?? []));
  const topics = [...new Set(shown.flatMap(({ topic }) => (topic === null ? [] : [topic])))];
  const days = new Map<string, PendingThread['day']>();
  const rows = db.rows(
    `select json_array(doc, json(ids)) as row from pending
       where topic in (select value from json_each(?)) order by doc desc limit 20000`,
    JSON.stringify(topics),
  ) as [number, readonly string[]][];
  // The oldest come first: a row number is the newest day first.
  for (const [doc, open] of rows)
    for (const id of open) if (wanted.has(id) && !days.has(id)) days.set(id, rowDay(doc));
  return days;
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
