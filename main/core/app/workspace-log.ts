import type { AppError } from '../../../shared/app-error.ts';
import { parseCalendarDate, type CalendarDate, type LogId } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { parseLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { isSessionLog } from '../git-sync/session-log-path.ts';
import { inFolder } from '../save/folder-path.ts';
import type { AppCore } from './app-core.ts';

/** A log that lies in a registered work tree and not in the data folder: a colleague's, that came with a note by git. */
export interface WorkspaceLog {
  readonly row: LogRow;
  readonly bytes: Uint8Array;
  /** Absolute. */
  readonly path: string;
}

/**
 * Finds a log of a work tree under the id that a note which came by git gives it: this machine, and the path inside the tree. Nothing
 * else than session logs in registered trees is ever read.
 * @returns null when there is none
 */
export async function findWorkspaceLog(
  core: AppCore,
  id: LogId,
): Promise<Result<WorkspaceLog | null, AppError>> {
  const parsed = parseLogId(id);
  if (!parsed.ok || parsed.value.machine !== core.sync.self.uuid) return ok(null);
  const { path: inner } = parsed.value;
  if (!isSessionLog(inner)) return ok(null);
  const { workspaces, vault } = core.settings.git;
  for (const tree of vault === '' ? workspaces : [...workspaces, vault]) {
    const path = inFolder(tree, inner);
    if (!(await core.sync.files.isWithin(path, tree))) continue;
    const [facts, read] = [await core.sync.files.stat(path), await core.sync.files.read(path)];
    if (!facts.ok || !read.ok || facts.value === null || read.value === null) continue;
    return ok({ row: rowOf(core, parsed.value, read.value, facts.value.mtimeMs), bytes: read.value, path });
  }
  return ok(null);
}

function rowOf(
  core: AppCore,
  { id, machine, path }: Pick<LogRow, 'id' | 'machine' | 'path'>,
  bytes: Uint8Array,
  mtimeMs: number,
): LogRow {
  const text = readLogText(new TextDecoder().decode(bytes), path);
  const { kind, user, topic, project, client, date } = parseLogName(path);
  const written = parseCalendarDate((text.frontMatter.date ?? '').slice(0, 10));
  const changed = new Date(mtimeMs).toISOString().slice(0, 10) as CalendarDate;
  return {
    id,
    machine,
    host: core.sync.self.hostname,
    path,
    date: date ?? (written.ok ? written.value : changed),
    mtime: Math.floor(mtimeMs),
    size: bytes.length,
    sha256: core.sync.bytes.sha256(bytes),
    title: text.title,
    author: text.author,
    sessions: text.sessions,
    kind,
    user,
    topic,
    project,
    client,
    notes: text.notes.length,
    session: text.session,
    time: text.time,
    dateGuessed: text.day === null,
    tags: text.tags,
    copies: 0,
    place: 'workspace',
    backedUp: true,
    stale: false,
  };
}
