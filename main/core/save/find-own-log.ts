import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { Answer } from '../../../shared/app-error.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';
import { allLogFolders, dayFolder, type LogFolder } from './log-folder.ts';
import { HINT_LIMIT, LOOK_BACK_DAYS, type SessionHint } from './save-memory.ts';
import { firstMark, type SessionMark } from '../../../shared/domain/session-mark.ts';
import type { LogHome } from '../workspaces/workspace.ts';

/** Title, front matter and mark of a log fit well into this. */
const HEAD_BYTES = 8_192;

export interface OwnLogQuery {
  readonly home: LogHome;
  readonly folder: LogFolder;
  /** True when a person named the scope: then only its folder's logs count. */
  readonly scopeNamed: boolean;
  readonly session: string;
  /** As in file names. */
  readonly user: string;
  readonly today: CalendarDate;
  /** Null when state/sessions.json is missing or unreadable. */
  readonly hints: readonly SessionHint[] | null;
}

/** Finds a session's existing log, relative to its home; null on its first save. */
export async function findOwnLog(files: Files, query: OwnLogQuery): Answer<string | null> {
  const { home, folder, scopeNamed, session, hints } = query;
  const mine = (hints ?? [])
    .filter((hint) => hint.session === session && hint.workspace === home.root)
    .filter((hint) => hint.base === folder.base || !scopeNamed);
  let misled = false;
  for (const hint of mine) {
    if (logPathProblem(hint.path) !== null) continue;
    if ((await ownerOf(files, inFolder(home.root, hint.path))) === session) return ok(hint.path);
    misled = true;
  }
  // An intact memory without the session is an answer; a missing or wrong one (a log moved) is not.
  if (hints !== null && hints.length < HINT_LIMIT && !misled) return ok(null);
  const bases = scopeNamed ? ok([folder.base]) : await allLogFolders(files, home);
  if (!bases.ok) return bases;
  for (const base of new Set([folder.base, ...bases.value])) {
    const found = await lookInto(files, query, base);
    if (found !== null) return ok(found);
  }
  return ok(null);
}

/** The mark that names a log's owner; null when absent or unreadable. */
export async function readMark(files: Files, path: string): Promise<SessionMark | null> {
  const head = await files.readHead(path, HEAD_BYTES);
  if (!head.ok || head.value === null) return null;
  return firstMark(decodeLog(head.value));
}

async function ownerOf(files: Files, path: string): Promise<string | null> {
  return (await readMark(files, path))?.session ?? null;
}

async function lookInto(files: Files, query: OwnLogQuery, base: string): Promise<string | null> {
  const oldest = daysBefore(query.today, LOOK_BACK_DAYS);
  // 31 days may touch three months (1 July to 31 May); their middle is in the second.
  const middle = daysBefore(query.today, Math.floor(LOOK_BACK_DAYS / 2));
  const folders = [query.today, middle, oldest].map((date) => dayFolder({ base, months: true }, date));
  for (const folder of new Set([...folders, base])) {
    const names = await files.names(inFolder(query.home.root, folder));
    if (!names.ok) continue;
    for (const name of names.value.toReversed()) {
      const { kind, date, user } = parseLogName(name);
      if (kind !== 'session' || user !== query.user || date === null || date < oldest) continue;
      const path = `${folder}/${name}`;
      if ((await ownerOf(files, inFolder(query.home.root, path))) === query.session) return path;
    }
  }
  return null;
}

function daysBefore(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000)
    .toISOString()
    .slice(0, 10) as CalendarDate;
}
