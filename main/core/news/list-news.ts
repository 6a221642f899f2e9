import type { Answer } from '../../../shared/app-error.ts';
import { logId, type MachineUuid } from '../../../shared/domain/ids.ts';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { SEEN_LIMIT, type LookMark } from '../../../shared/domain/marks.ts';
import type { NewsLog, NewsLook, NewsReport } from '../../../shared/domain/news.ts';
import { ok } from '../../../shared/result.ts';
import { localDay } from '../logs/describe-log.ts';
import { listInbox, type InboxItem } from '../notes/inbox.ts';
import type { NotesDeps } from '../notes/inbox-file.ts';
import { writtenBy, type Reader } from '../notes/reader.ts';
import { addMarks, type MarksDeps } from '../pending/marks-file.ts';
import { listPending, MOST_TASKS } from '../pending/pending-tasks.ts';
import { teamMarks, type TeamMarksDeps } from '../pending/team-marks.ts';
import type { LogIndex } from '../ports/log-index.ts';
import type { SearchIndex } from '../ports/search-index.ts';

export interface NewsDeps {
  readonly sync: TeamMarksDeps & {
    readonly index: Pick<LogIndex, 'marks' | 'page' | 'machines' | 'workspaces' | 'row'>;
  };
  readonly search: Pick<SearchIndex, 'pending'>;
  readonly notes: Pick<NotesDeps, 'files' | 'paths' | 'clock'>;
}

const DAY_MS = 86_400_000;
/** News for somebody who never looked. */
const FIRST_DAYS = 7;
/** A log's stated day may precede its last change; a changed one of a much earlier day was touched, not written. */
const EARLIER_DAYS = 7;
/** Logs per answer, and per machine in it. */
const MOST_LOGS = 1_000;

/**
 * Lists news since the reader last looked, on any machine. A log is new by its machine's own clock: it changed after the shard of that
 * machine that was available then. So what a laptop pushes days later is new, and no clock has to be right.
 */
export async function listNews(deps: NewsDeps, reader: Reader): Answer<NewsReport> {
  const now = deps.sync.clock.now();
  const last = await lastLook(deps.sync, reader);
  if (!last.ok) return last;
  const machines = await deps.sync.index.machines();
  if (!machines.ok) return machines;
  const from = last.value === null ? now - FIRST_DAYS * DAY_MS : Math.min(last.value.upTo, now);
  const cursorOf = (machine: string): number => last.value?.seen[machine] ?? from;
  const isNews = ({ machine, mtime, user }: Pick<LogRow, 'machine' | 'mtime' | 'user'>): boolean =>
    mtime > cursorOf(machine) &&
    // People need no news of what they just wrote here.
    (machine !== deps.sync.self.uuid || (user !== null && !writtenBy(user, reader)));
  const logs = await newLogs(deps, cursorOf, isNews, machines.value);
  if (!logs.ok) return logs;
  const pending = await listPending(deps, reader, { limit: MOST_TASKS });
  if (!pending.ok) return pending;
  const firstDay = localDay(from);
  const tasks = pending.value.threads
    .filter(isNews)
    .flatMap((thread) => thread.tasks.filter(({ since }) => since >= firstDay)).length;
  const notes = await newNotes(deps, reader, from, cursorOf);
  if (!notes.ok) return notes;
  const seen = machines.value
    .filter(({ own, lastSeen }) => !own && lastSeen !== null)
    .slice(0, SEEN_LIMIT)
    .map(({ machine, lastSeen }) => [machine, lastSeen ?? 0]);
  return ok({
    reader: reader.user,
    since: last.value?.upTo ?? null,
    from,
    logs: logs.value.slice(0, MOST_LOGS),
    more: logs.value.length > MOST_LOGS,
    notes: notes.value,
    tasks,
    look: { upTo: now, seen: Object.fromEntries(seen) as NewsLook['seen'] },
  });
}

/**
 * Records that the reader has seen what was listed; the next push brings it to that person's other machines.
 * @param look of the displayed report: what came after it stays new
 * @returns the previous record, for undoing; null for the first time
 */
export async function markLooked(
  deps: TeamMarksDeps & MarksDeps,
  reader: Reader,
  look: NewsLook,
): Answer<NewsLook | null> {
  const last = await lastLook(deps, reader);
  if (!last.ok) return last;
  const at = Math.max(deps.clock.now(), (last.value?.at ?? 0) + 1);
  const { upTo, seen } = look;
  const added = await addMarks(deps, [{ kind: 'look', reader: reader.user, at, upTo, seen }]);
  if (!added.ok) return added;
  return ok(last.value === null ? null : { upTo: last.value.upTo, seen: last.value.seen });
}

async function lastLook(deps: TeamMarksDeps, reader: Reader): Answer<LookMark | null> {
  const marks = await teamMarks(deps);
  if (!marks.ok) return marks;
  let last: LookMark | null = null;
  for (const mark of marks.value)
    if (mark.kind === 'look' && mark.reader === reader.user && mark.at > (last?.at ?? 0)) last = mark;
  return ok(last);
}

async function newLogs(
  { sync }: NewsDeps,
  cursorOf: (machine: string) => number,
  isNews: (row: LogRow) => boolean,
  machines: readonly {
    readonly machine: MachineUuid;
    readonly own: boolean;
    readonly lastSeen: number | null;
  }[],
): Answer<readonly NewsLog[]> {
  const workspaces = await sync.index.workspaces();
  if (!workspaces.ok) return workspaces;
  // A shard not written since has nothing new.
  const asked = machines.filter(
    ({ machine, own, lastSeen }) => own || lastSeen === null || lastSeen > cursorOf(machine),
  );
  const found: NewsLog[] = [];
  for (const machine of [...asked.map((row) => row.machine), ...workspaces.value]) {
    const cursor = cursorOf(machine);
    const from = localDay(cursor - EARLIER_DAYS * DAY_MS);
    const page = await sync.index.page({ machines: [machine], from, limit: MOST_LOGS });
    if (!page.ok) return page;
    for (const row of page.value.rows) if (isNews(row)) found.push(newsLog(row, cursor));
  }
  return ok(found.sort((a, b) => (a.date === b.date ? b.mtime - a.mtime : a.date < b.date ? 1 : -1)));
}

function newsLog(row: LogRow, cursor: number): NewsLog {
  const { id, host, path, title, user, author, project, client, date, mtime, place, time } = row;
  const grown = time !== null && time <= cursor;
  return { id, host, path, title, user, author, project, client, date, mtime, place, grown };
}

/** Unread notes whose log is new; of those from git, the ones that arrived since. */
async function newNotes(
  { notes, sync }: NewsDeps,
  reader: Reader,
  from: number,
  cursorOf: (machine: string) => number,
): Answer<number> {
  const unread = await listInbox(notes, reader, 'unread');
  if (!unread.ok) return unread;
  let count = 0;
  for (const note of unread.value) {
    const changed = await changeOf(sync.index, note);
    if (!changed.ok) return changed;
    const { origin, arrived } = note;
    const isNew =
      changed.value === null || origin.kind === 'git'
        ? arrived > from
        : changed.value > cursorOf(origin.machine);
    if (isNew) count++;
  }
  return ok(count);
}

async function changeOf(index: Pick<LogIndex, 'row'>, { origin }: InboxItem): Answer<number | null> {
  if (origin.kind === 'git') return ok(null);
  const [machine, path] = [parseMachineUuid(origin.machine), parseLogPath(origin.path)];
  if (!machine.ok || !path.ok) return ok(null);
  const row = await index.row(logId(machine.value, path.value));
  return row.ok ? ok(row.value?.mtime ?? null) : row;
}
