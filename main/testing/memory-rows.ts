import { entryFacts } from '../../shared/domain/entry-facts.ts';
import { logId, type MachineUuid } from '../../shared/domain/ids.ts';
import type { LogEntry, SessionPart } from '../../shared/domain/log-entry.ts';
import { parseLogName } from '../../shared/domain/log-name.ts';
import { partId } from '../../shared/domain/log-path.ts';
import type { LogPlace, LogRow } from '../../shared/domain/log-query.ts';
import { joinId, sessionOf } from '../../shared/domain/session-parts.ts';
import type { ShardContent } from '../core/ports/log-index.ts';

/** Rows of the plain index in memory, straight from the entries. */

/** Where the bytes of a log are. */
export function placeOf(
  content: ShardContent,
  { commit }: LogEntry,
  digest: string | undefined,
  own: MachineUuid,
  deleted: boolean,
): LogPlace {
  if (isWorkspace(content)) return commit === undefined ? 'workspace' : 'git';
  if (content.machine === own) return deleted ? 'store' : 'local';
  return digest === undefined ? 'store' : 'cached';
}

/** The row of a log as a whole. */
export function fileRow(
  { machine, host }: ShardContent,
  entry: LogEntry,
  place: LogPlace,
  digest: string | undefined,
): LogRow {
  const name = parseLogName(entry.path);
  const { path, date, mtime, size, sha256, title, author, sessions } = entry;
  return {
    id: logId(machine, path),
    machine,
    host,
    path,
    date,
    mtime,
    size,
    sha256,
    title,
    author,
    sessions,
    kind: name.kind,
    topic: name.topic,
    ...entryFacts(entry, name),
    session: sessionOf(entry),
    time: entry.time ?? null,
    dateGuessed: entry.dateFrom === 'file',
    tags: entry.tags ?? [],
    copies: 0,
    notes: entry.notes.length,
    place,
    commit: place === 'git' ? (entry.commit ?? null) : null,
    backedUp: entry.stored.generation !== '',
    stale: place === 'cached' && digest !== sha256,
  };
}

/** The row of one session inside a daily log. */
export function partRow(daily: LogRow, part: SessionPart): LogRow {
  const { id, line: _, ...facts } = part;
  return {
    ...daily,
    kind: 'session',
    topic: null,
    sessions: 1,
    dateGuessed: false,
    tags: [],
    ...facts,
    id: partId(daily.id, id),
    session: joinId(id),
  };
}

/** True for the logs of a workspace. */
export function isWorkspace({ kind }: ShardContent): boolean {
  return kind === 'workspace';
}
