import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { logId, quote, type LogId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogId, type ParsedLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { ok } from '../../../shared/result.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { inFolder } from '../files/folder-path.ts';
import { cachePath } from './cache.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** What finding a log on this disk needs. */
export type LogDeps = Pick<
  SyncDeps,
  'files' | 'index' | 'paths' | 'bytes' | 'self' | 'surroundings' | 'history'
>;

/** Selects one of a session's copies. */
export interface WhichCopy {
  /** True: the copy with this id, for a daily log's session its entries there; otherwise the fullest one available. */
  readonly exact?: boolean;
}

/** A possible place of a log's copy on this disk. */
export interface CopyOnDisk {
  /** The copy's own row. */
  readonly row: LogRow;
  readonly kind: 'own' | 'cached' | 'workspace' | 'git';
  readonly machine: MachineUuid;
  readonly path: LogPath;
  /** Id of the session inside a daily log; null for the whole log. */
  readonly part: string | null;
  /** Absolute; of one only in a commit, where it would be. */
  readonly file: string;
  /** The folder it must not leave through a link, absolute. */
  readonly within: string;
}

/** An indexed log, and where its text may be. */
export interface FoundCopies {
  /** As in the list. */
  readonly row: LogRow;
  /** In the order to try them. */
  readonly copies: readonly CopyOnDisk[];
}

/** Milliseconds for a workspace's disk to respond before its copy is skipped. */
const PATIENCE_MS = 1_000;

/**
 * Finds a log's text: the log with the id and, if that is a session inside a daily log or is unavailable, the other copies of its session,
 * fullest first.
 * @param id of a row, of one of its copies, or of a log of a workspace as in notes received by git (this machine, path in the workspace)
 * @returns `not-found` when it is not indexed
 */
export async function findCopies(
  deps: LogDeps,
  id: LogId,
  { exact = false }: WhichCopy = {},
): Answer<FoundCopies> {
  const parsed = parseLogId(id);
  if (!parsed.ok) return parsed;
  for (const known of await idsOf(deps, parsed.value)) {
    const [row, copies] = [await deps.index.row(known.id), await deps.index.copies(known.id)];
    if (!row.ok) return row;
    if (!copies.ok) return copies;
    if (row.value === null) continue;
    const own = copies.value.filter((copy) => copy.id === known.id);
    const others = copies.value.filter((copy) => copy.id !== known.id);
    const order = exact ? own : known.part === null ? [...own, ...others] : copies.value;
    return ok({
      row: row.value,
      copies: (await Promise.all(order.map((copy) => placeOf(deps, copy)))).flat(),
    });
  }
  return fail(
    'not-found',
    `The index does not know ${parsed.value.path} of machine ${parsed.value.machine.slice(0, 8)}.`,
    'Run `session-log sync --index`, then `session-log list`.',
  );
}

/** The id itself and, for one used only by notes, those of the workspaces' rows. */
async function idsOf(
  deps: LogDeps,
  parsed: ParsedLogId,
): Promise<readonly Pick<ParsedLogId, 'id' | 'part'>[]> {
  if (parsed.machine !== deps.self.uuid || !isSessionLog(parsed.path)) return [parsed];
  const workspaces = await deps.surroundings.workspaces();
  return [parsed, ...workspaces.map(({ machine }) => ({ id: logId(machine, parsed.path), part: null }))];
}

async function placeOf(deps: LogDeps, row: LogRow): Promise<readonly CopyOnDisk[]> {
  const parsed = parseLogId(row.id);
  if (!parsed.ok) return [];
  const { machine, path, part } = parsed.value;
  const copy = { row, machine, path, part };
  if (machine === deps.self.uuid) {
    const within = deps.paths.sessionLogs;
    return [{ ...copy, kind: 'own', file: inFolder(within, path), within }];
  }
  const root = (await deps.surroundings.workspaces()).find((one) => one.machine === machine)?.root;
  if (root !== undefined) {
    const kind = row.place === 'git' ? 'git' : 'workspace';
    return [{ ...copy, kind, file: inFolder(root, path), within: root }];
  }
  if (row.place === 'workspace' || row.place === 'git') return [];
  return [{ ...copy, kind: 'cached', file: cachePath(deps, machine, path), within: deps.paths.cache }];
}

/** Whether the file may be read: it stays in its folder once links are resolved, and its disk responds. */
export async function isInReach(deps: LogDeps, { kind, file, within }: CopyOnDisk): Promise<boolean> {
  const isElsewhere = kind === 'workspace' || kind === 'git';
  if (isElsewhere && !(await deps.files.answers(within, PATIENCE_MS))) return false;
  return kind === 'cached' || kind === 'git' || (await deps.files.isWithin(file, within));
}

/** The error when no copy is on this disk, and how to get one. */
export function notHere({ row, copies }: FoundCopies, self: MachineUuid): AppError {
  const stored = copies.find(({ row: copy, kind }) => copy.backedUp && kind !== 'workspace') ?? copies[0];
  const { machine, path } = stored ?? row;
  if (stored?.kind === 'workspace')
    return appError(
      'not-found',
      `${path} of the workspace ${stored.row.host} cannot be read now: it was moved, or its disk does not answer.`,
      'Run `session-log list` again, which looks at the workspaces.',
      { details: { inStore: row.backedUp, machine, path } },
    );
  if (stored?.kind === 'git') return commitGone(stored);
  if (machine === self)
    return appError(
      'not-found',
      `${path} was deleted on this machine.`,
      `Take it back from the store: session-log restore "${path}"`,
      { details: { inStore: row.backedUp, machine, path } },
    );
  return appError(
    'not-found',
    stored === undefined || stored.part === null
      ? `${path} of ${stored?.row.host ?? row.host} is not on this machine yet.`
      : `${quote(logTitle(row))} is not on this machine yet: it stands in the daily log ${path} of ${stored.row.host}.`,
    `Pull it: session-log sync --pull --machine ${machine.slice(0, 8)} --path "${path}"`,
    { details: { inStore: row.backedUp, machine, path }, action: 'session-log sync --pull' },
  );
}

/** For whoever needs a file where only a commit has one. */
export function inCommitOnly({ row, within, path }: CopyOnDisk): AppError {
  return appError(
    'not-found',
    `Git has deleted or moved ${path} of the workspace ${row.host}: there is no file to open.`,
    `Read it here, or bring the file back: in ${within}, git restore --source=${shortCommit(row)} -- "${path}"`,
  );
}

function commitGone({ row, path }: CopyOnDisk): AppError {
  return appError(
    'not-found',
    `Git has deleted or moved ${path} of the workspace ${row.host}, and commit ${shortCommit(row)}, which had it, cannot be read: the history was rewritten, or the disk does not answer.`,
    'Ask whoever has another clone of the workspace; `session-log list` looks at it again.',
  );
}

function shortCommit({ commit }: LogRow): string {
  return commit?.slice(0, 9) ?? '';
}
