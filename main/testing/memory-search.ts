import { foldText } from '../../shared/domain/fold-text.ts';
import { decodeLog } from '../../shared/domain/decode-log.ts';
import { parseCalendarDate } from '../../shared/domain/ids.ts';
import { readPendingTasks } from '../../shared/domain/log-text/pending-tasks.ts';
import type { PendingThread } from '../../shared/domain/pending-list.ts';
import { ok, unwrap } from '../../shared/result.ts';
import type { FoundText, IndexQuestion, LogToIndex, SearchIndex } from '../core/ports/search-index.ts';

/** A full text without SQLite: plain words only, a log as a whole, every hit on the rung `all`. */
export interface MemorySearch extends SearchIndex {
  /** Every batch that was put in, by its paths. */
  readonly batches: (readonly string[])[];
  /** Whether a first build was begun (`true`) or ended, in order. */
  readonly builds: boolean[];
}

/** Makes an empty one. */
export function createMemorySearch(): MemorySearch {
  const logs = new Map<string, LogToIndex>();
  const batches: (readonly string[])[] = [];
  const builds: boolean[] = [];
  const keyOf = ({ machine, path }: Pick<LogToIndex, 'machine' | 'path'>): string => `${machine}/${path}`;
  let mark = '';
  return {
    batches,
    builds,
    swept: async () => ok(mark),
    setSwept: async (next) => {
      mark = next;
      return ok(undefined);
    },
    known: async (machine) =>
      ok([...logs.values()].filter((log) => machine === undefined || log.machine === machine)),
    async put(put) {
      batches.push(put.map(({ path }) => path));
      for (const log of put) {
        const held = logs.get(keyOf(log));
        const isLess = log.origin === 'pack' && held !== undefined && held.origin !== 'pack';
        if (!isLess || held.sha256 !== log.sha256) logs.set(keyOf(log), log);
      }
      return ok(undefined);
    },
    async remove(keys) {
      for (const key of keys) logs.delete(keyOf(key));
      return ok(undefined);
    },
    async find(question) {
      const { words, rows } = match([...logs.values()], question);
      const { offset, limit } = question;
      return ok({
        rows: rows.slice(offset, offset + limit),
        more: rows.length > offset + limit,
        count: rows.length,
        atLeast: false,
        complete: true,
        explanations: [],
        words,
      });
    },
    keptTexts: async (keys) =>
      ok(
        keys.map((key) => {
          const log = logs.get(keyOf(key));
          return log?.origin === 'pack' ? textOf(log) : null;
        }),
      ),
    async pending({ closed, all, limit }) {
      const lists = [...logs.values()].map(pendingOf).filter(({ tasks }) => tasks.length > 0);
      const isDone = ({ id, doneInLog }: PendingThread['tasks'][number]): boolean =>
        doneInLog || closed.includes(id);
      const every = lists.flatMap(({ tasks }) => tasks);
      const threads = lists
        .map((list) => ({ ...list, tasks: list.tasks.filter((task) => all || !isDone(task)) }))
        .filter(({ tasks }) => tasks.length > 0)
        .sort((a, b) => b.moment - a.moment);
      const done = every.filter(isDone).length;
      return ok({
        threads: threads.slice(0, limit),
        open: every.length - done,
        done,
        more: threads.length > limit,
      });
    },
    async building(on) {
      builds.push(on);
      return ok(undefined);
    },
    optimise: async () => ok(false),
    async facts() {
      const all = [...logs.values()];
      const sum = (some: readonly LogToIndex[]): number =>
        some.reduce((total, { text }) => total + text.length, 0);
      return ok({
        logs: all.length,
        rows: all.length,
        textBytes: sum(all),
        fileBytes: sum(all),
        keptBytes: sum(all.filter(({ origin }) => origin === 'pack')),
      });
    },
    close: async () => undefined,
  };
}

/** Each log is a thread of its own. */
function pendingOf(log: LogToIndex): PendingThread {
  const { machine, host, path, mtime, title, user, project, client, day } = {
    mtime: log.mtime,
    ...rowOf(log),
  };
  const tasks = readPendingTasks(textOf(log)).flatMap((section) => section.tasks);
  return {
    machine,
    host,
    path,
    part: null,
    title,
    user,
    project,
    client,
    day,
    moment: mtime,
    mtime,
    tasks: tasks.map(({ line, text, done, group }) => ({
      id: Buffer.from(`${path} ${text}`).toString('hex').slice(-32).padStart(32, '0'),
      line,
      readLine: line,
      text,
      doneInLog: done,
      group,
      since: day,
    })),
  };
}

function match(
  logs: readonly LogToIndex[],
  { question }: IndexQuestion,
): { readonly words: readonly string[]; readonly rows: readonly FoundText[] } {
  const groups = question.groups.map((group) => group.map(({ text }) => foldText(text)));
  const rows = logs
    .filter((log) => groups.length > 0 && groups.every((group) => group.some((word) => holds(log, word))))
    .map(rowOf)
    .sort((a, b) => (a.day < b.day ? 1 : -1));
  return { words: groups.flat(), rows };
}

function holds(log: LogToIndex, word: string): boolean {
  return foldText(textOf(log))
    .split(/[^\p{L}\p{N}]+/u)
    .includes(word);
}

function textOf({ text }: LogToIndex): string {
  return typeof text === 'string' ? text : decodeLog(text);
}

function rowOf(log: LogToIndex): FoundText {
  const { machine, path, sha256, origin, host, entry, commit } = log;
  const day = parseCalendarDate(/\d{4}-\d\d-\d\d/.exec(path)?.[0] ?? '2026-01-05');
  return {
    machine,
    path,
    sha256,
    origin,
    host,
    part: null,
    title: /^# (.*)$/m.exec(textOf(log))?.[1] ?? null,
    user: entry?.user ?? null,
    project: entry?.project ?? null,
    client: entry?.client ?? null,
    day: unwrap(day),
    line: 1,
    commit: commit ?? null,
    rung: 'all',
  };
}
