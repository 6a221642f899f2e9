import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { quote, type CalendarDate } from '../../../shared/domain/ids.ts';
import type { MarkOf, TaskMark } from '../../../shared/domain/marks.ts';
import type {
  ListedTask,
  ListedThread,
  PendingReport,
  PendingTask,
  PendingThread,
} from '../../../shared/domain/pending-list.ts';
import { err, ok } from '../../../shared/result.ts';
import { writtenBy, type Reader } from '../notes/reader.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import { addMarks, type MarksDeps } from './marks-file.ts';
import { teamMarks, type TeamMarksDeps } from './team-marks.ts';

export interface PendingDeps {
  readonly sync: TeamMarksDeps;
  readonly search: Pick<SearchIndex, 'pending'>;
}

/** The requested tasks. */
export interface PendingRequest {
  readonly users?: readonly string[];
  /** Projects or clients. */
  readonly projects?: readonly string[];
  /** Host names or UUID prefixes. */
  readonly machines?: readonly string[];
  /** Days of the newest lists, both inclusive. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Only tasks in the reader's own logs. */
  readonly mine?: boolean;
  /** Also done tasks. */
  readonly all?: boolean;
  /** Most tasks, 1 to {@link MOST_TASKS}; the thread that reaches this number is whole. */
  readonly limit?: number;
}

/** Default number of tasks per answer, and the maximum. */
export const USUAL_TASKS = 100;
export const MOST_TASKS = 2_000;
/** Fewest letters of an id that name a task. */
const SHORTEST_ID = 4;

/** A task named by a person, with its previous state. */
export interface NamedTask extends ListedTask {
  readonly thread: Omit<ListedThread, 'tasks'>;
}

/**
 * Lists what everybody's newest logs leave to do, newest list first. The logs' text comes from the search database: update that first
 * (`sweepTexts`).
 */
export async function listPending(
  deps: PendingDeps,
  reader: Reader,
  request: PendingRequest = {},
): Answer<PendingReport> {
  const known = await closings(deps.sync);
  if (!known.ok) return known;
  const found = await find(deps, known.value, reader, request);
  if (!found.ok) return found;
  const { threads, open, done, more } = found.value;
  return ok({
    reader: reader.user,
    threads: threads.map((thread) => listed(thread, known.value, reader)),
    open,
    done,
    more,
  });
}

/**
 * Finds tasks by id prefixes, all of them or none.
 * @returns `invalid-input`, `not-found`, or `ambiguous` with the candidates
 */
export async function findTasks(
  deps: PendingDeps,
  reader: Reader,
  names: readonly string[],
): Answer<readonly NamedTask[]> {
  const starts = names.map((name) => name.toLowerCase());
  const bad = names.find((_, at) => !/^[0-9a-f]{4,32}$/.test(starts[at] ?? ''));
  if (bad !== undefined) return err(notAnId(bad));
  const known = await closings(deps.sync);
  if (!known.ok) return known;
  const found = await find(deps, known.value, reader, { all: true, limit: MOST_TASKS }, starts);
  if (!found.ok) return found;
  const all = found.value.threads.flatMap((thread) => {
    const { tasks, ...rest } = listed(thread, known.value, reader);
    return tasks.map((task): NamedTask => ({ ...task, thread: rest }));
  });
  const named: NamedTask[] = [];
  for (const [at, start] of starts.entries()) {
    const fitting = all.filter(({ id }) => id.startsWith(start));
    const [task, ...more] = fitting;
    if (task === undefined) return err(missing(names[at] ?? ''));
    if (more.length > 0) return err(ambiguous(names[at] ?? '', fitting));
    named.push(task);
  }
  return ok(named);
}

/**
 * Marks tasks as done by the reader, or undoes that, for the whole team, with the next push. Leaves the log untouched. Repeating it has no
 * visible effect.
 * @param ids whole ids
 */
export async function markTasks(
  deps: TeamMarksDeps & MarksDeps,
  reader: Reader,
  ids: readonly string[],
  state: TaskMark['state'],
): Answer<void> {
  const known = await closings(deps);
  if (!known.ok) return known;
  const now = deps.clock.now();
  const fresh = [...new Set(ids)].map((task): TaskMark => {
    // After known marks, whatever another machine's clock: an undo must win over them.
    const at = Math.max(now, (known.value.get(task)?.at ?? 0) + 1);
    return { kind: 'task', task, reader: reader.user, at, state };
  });
  return fresh.length === 0 ? ok(undefined) : addMarks(deps, fresh);
}

/** Each task's latest mark. */
type Closings = ReadonlyMap<string, MarkOf & TaskMark>;

async function closings(deps: TeamMarksDeps): Answer<Closings> {
  const marks = await teamMarks(deps);
  if (!marks.ok) return marks;
  const latest = new Map<string, MarkOf & TaskMark>();
  for (const mark of marks.value) {
    if (mark.kind !== 'task') continue;
    const other = latest.get(mark.task);
    if (other === undefined || mark.at > other.at || (mark.at === other.at && mark.state === 'done'))
      latest.set(mark.task, mark);
  }
  return ok(latest);
}

function find(
  { search }: PendingDeps,
  known: Closings,
  reader: Reader,
  request: PendingRequest,
  tasks?: readonly string[],
): ReturnType<SearchIndex['pending']> {
  const { users, projects, machines, from, to, mine = false, all = false, limit = USUAL_TASKS } = request;
  const people = mine ? [reader.user, ...(reader.fullName === null ? [] : [reader.fullName])] : users;
  return search.pending({
    ...(people === undefined || people.length === 0 ? {} : { users: people }),
    ...(projects === undefined || projects.length === 0 ? {} : { projects }),
    ...(machines === undefined || machines.length === 0 ? {} : { machines }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(tasks === undefined ? {} : { tasks }),
    closed: [...known.values()].filter(({ state }) => state === 'done').map(({ task }) => task),
    all,
    limit: Math.min(MOST_TASKS, Math.max(1, Math.trunc(limit))),
  });
}

function listed(thread: PendingThread, known: Closings, reader: Reader): ListedThread {
  const mine = thread.user !== null && writtenBy(thread.user, reader);
  return { ...thread, mine, tasks: thread.tasks.map((task) => withState(task, known.get(task.id))) };
}

function withState(task: PendingTask, mark: (MarkOf & TaskMark) | undefined): ListedTask {
  if (mark?.state !== 'done') return { ...task, state: task.doneInLog ? 'done' : 'open', doneBy: null };
  const { reader, host, at } = mark;
  return { ...task, state: 'done', doneBy: { reader, host, at } };
}

function notAnId(name: string): AppError {
  return appError(
    'invalid-input',
    `${quote(name)} is not the id of a task.`,
    `Give the ${SHORTEST_ID} or more letters and digits that \`session-log pending\` shows before it.`,
  );
}

function missing(name: string): AppError {
  return appError(
    'not-found',
    `There is no task ${quote(name)} in the newest logs.`,
    '`session-log pending --all` lists them with their ids.',
  );
}

function ambiguous(name: string, tasks: readonly NamedTask[]): AppError {
  return appError(
    'ambiguous',
    `${quote(name)} means ${tasks.length} tasks.`,
    'Give more letters of its id.',
    {
      details: { candidates: tasks.map(({ id }) => id) },
    },
  );
}
