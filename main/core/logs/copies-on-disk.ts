import { appError, type AppError } from '../../../shared/app-error.ts';
import { logId, quote, type LogId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogId, type ParsedLogId } from '../../../shared/domain/log-path.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { isSessionLog } from '../../../shared/domain/session-log-path.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { inFolder } from '../files/folder-path.ts';
import { cachePath } from './cache.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';

/** What looking for a log on this disk takes. */
export type LogDeps = Pick<SyncDeps, 'files' | 'index' | 'paths' | 'bytes' | 'self' | 'surroundings'>;

/** Which of a session's copies is meant. */
export interface WhichCopy {
  /** True: the copy with this very id, of a daily log's session its entries there; otherwise the fullest one at hand. */
  readonly exact?: boolean;
}

/** A place on this disk where a copy of a log would lie. */
export interface CopyOnDisk {
  /** The copy's own row. */
  readonly row: LogRow;
  readonly kind: 'own' | 'cached' | 'workspace';
  readonly machine: MachineUuid;
  readonly path: LogPath;
  /** Id of the session inside a daily log; null for the log as a whole. */
  readonly part: string | null;
  /** Absolute. */
  readonly file: string;
  /** The folder that it must not leave through a link, absolute. */
  readonly within: string;
}

/** A log that the index knows, and where its text may be. */
export interface FoundCopies {
  /** As the list has it. */
  readonly row: LogRow;
  /** In the order in which they are to be tried. */
  readonly copies: readonly CopyOnDisk[];
}

/** Milliseconds that a workspace's disk has to answer before its copy is passed over. */
const PATIENCE_MS = 1_000;

/**
 * Finds where the text of a log is: the log that the id names and, where that is a session inside a daily log or is not at hand, the other
 * copies of its session, the fullest first.
 * @param id of a row, of one of its copies, or of a log of a workspace as notes that came by git name it (this machine, path in the workspace)
 * @returns `not-found` when the index does not know it
 */
export async function findCopies(
  deps: LogDeps,
  id: LogId,
  { exact = false }: WhichCopy = {},
): Promise<Result<FoundCopies, AppError>> {
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
  return err(
    appError(
      'not-found',
      `The index does not know ${parsed.value.path} of machine ${parsed.value.machine.slice(0, 8)}.`,
      'Run `session-log sync --index`, then `session-log list`.',
    ),
  );
}

/** The id itself and, for one that only notes use, those that the workspaces' rows have. */
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
  if (root !== undefined) return [{ ...copy, kind: 'workspace', file: inFolder(root, path), within: root }];
  if (row.place === 'workspace') return [];
  return [{ ...copy, kind: 'cached', file: cachePath(deps, machine, path), within: deps.paths.cache }];
}

/** True when the file may be looked at: it stays in its folder once links are resolved, and its disk answers. */
export async function isInReach(deps: LogDeps, { kind, file, within }: CopyOnDisk): Promise<boolean> {
  if (kind === 'workspace' && !(await deps.files.answers(within, PATIENCE_MS))) return false;
  return kind === 'cached' || (await deps.files.isWithin(file, within));
}

/** Says that no copy is on this disk, and what brings one here. */
export function notHere({ row, copies }: FoundCopies, self: MachineUuid): AppError {
  const stored = copies.find((copy) => copy.row.backedUp && copy.kind !== 'workspace') ?? copies[0];
  const { machine, path } = stored ?? row;
  if (stored?.kind === 'workspace')
    return appError(
      'not-found',
      `${path} of the workspace ${stored.row.host} cannot be read now: it was moved, or its disk does not answer.`,
      'Run `session-log list` again, which looks at the workspaces.',
      { details: { inStore: row.backedUp, machine, path } },
    );
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
