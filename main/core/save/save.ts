import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { below, folderPath } from './folder-path.ts';
import type { Identity } from './identity.ts';
import { keepText } from './keep-text.ts';
import { planSave, type SaveDeps, type SavePlace, type SavePlan, type SaveRequest } from './save-plan.ts';
import { withLock } from './with-lock.ts';
import { writeDaily, type DailyWritten } from './write-daily.ts';
import { writeLog, type LogWritten } from './write-log.ts';

/** What a save did. The log is on disk, whatever else the report says. */
export interface SaveReport extends LogWritten {
  /** Root of the work tree. */
  readonly workspace: string;
  readonly author: Pick<Identity, 'user' | 'fullName' | 'email' | 'machine'>;
  /** `vault_path` of identity.json: the second work tree; null when it names none. */
  readonly vault: string | null;
  /** The machine's own daily log; null when it could not be written (see `problem`). */
  readonly daily: DailyWritten | null;
  /** Why the daily log is not up to date; repeating the same save completes it without touching the log again. */
  readonly problem: AppError | null;
  readonly warnings: readonly string[];
}

/** Other saves of this machine finish in milliseconds; one that takes this long hangs. */
const LOCK_WAIT_MS = 30_000;

/**
 * Writes a session's log into its workspace and an entry into the machine's daily log. Everything is checked before anything is written. The
 * same text saved again by the same session changes nothing; a further text of it is appended to its log.
 *
 * Codes: `invalid-input` (text, topic, session, names), `not-configured` (no work tree, no identity, unknown zone), `attention`
 * (identity of another host or user), `corrupt` (identity.json, users.json), `not-found` (project, client), `denied`, `lock-held`,
 * `io`, `disk-full`. On every failure the text of a stream is kept and the failure says where.
 */
export async function save(
  deps: SaveDeps,
  place: SavePlace,
  request: SaveRequest,
): Promise<Result<SaveReport, AppError>> {
  const report = await attempt(deps, place, request);
  if (!report.ok && request.from.kind === 'stream' && request.text.length > 0) {
    return err(await keepText({ ...deps, folder: place.paths.unsaved }, request.text, report.error));
  }
  return report;
}

async function attempt(
  deps: SaveDeps,
  place: SavePlace,
  request: SaveRequest,
): Promise<Result<SaveReport, AppError>> {
  const plan = await planSave(deps, place, request);
  if (!plan.ok) return plan;
  const lock = { path: place.paths.saveLock, command: 'save', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, async () => {
    const report = await write(deps, place, plan.value);
    if (report.ok) await dropKeptText(deps, place.paths.unsaved, request);
    return report;
  });
}

async function write(
  deps: SaveDeps,
  place: SavePlace,
  plan: SavePlan,
): Promise<Result<SaveReport, AppError>> {
  const log = await writeLog(deps, place.paths.sessionHints, plan);
  if (!log.ok) return log;
  const daily = await writeDaily(deps.files, place.paths.sessionLogs, plan, log.value);
  const { user, fullName, email, machine } = plan.identity;
  return ok({
    ...log.value,
    workspace: plan.workspace.root,
    author: { user, fullName, email, machine },
    vault: plan.identity.vaultPath,
    daily: daily.ok ? daily.value : null,
    problem: daily.ok ? null : daily.error,
    warnings: [...plan.folder.warnings, ...log.value.warnings],
  });
}

/** The copy that an earlier, failed save left behind has served when it was saved from. */
async function dropKeptText(deps: SaveDeps, unsaved: string, { from }: SaveRequest): Promise<void> {
  if (from.kind !== 'file') return;
  const name = below(folderPath(unsaved), folderPath(from.path));
  if (name !== null && /^[0-9a-f]{16}\.md$/.test(name)) await deps.files.remove(from.path);
}
