import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok } from '../../../shared/result.ts';
import { below, folderPath } from '../files/folder-path.ts';
import type { Identity } from '../author/author-file.ts';
import { dropLeftParts } from './drop-left-parts.ts';
import { keepText } from './keep-text.ts';
import { namedTarget } from './named-target.ts';
import {
  checkBase,
  planSave,
  type SaveDeps,
  type SavePlace,
  type SavePlan,
  type SaveRequest,
  type SaveWhere,
} from './save-plan.ts';
import { withLock } from '../files/with-lock.ts';
import { writeDaily, type DailyWritten } from './write-daily.ts';
import { writeLog, type LogWritten } from './write-log.ts';
import { writeWhole, type WholeWritten } from './write-whole.ts';

/** The result. The log is on disk, whatever else the report says. */
export interface SaveReport extends LogWritten {
  /** Root of the work tree; null when the whole log is in the data folder, because there is no work tree with an identity. */
  readonly workspace: string | null;
  readonly author: Pick<Identity, 'user' | 'fullName' | 'email' | 'machine'>;
  /** `vault_path` of identity.json: the second work tree; null when absent. */
  readonly vault: string | null;
  /**
   * The machine's own daily log; null when it could not be written (see `problem`), and when the log itself is in the data folder: it goes
   * to the store as it is, and a session is listed once.
   */
  readonly daily: DailyWritten | null;
  /** The whole log's copy in the data folder, for the store; null unless `save.toStore` requests one. */
  readonly whole: WholeWritten | null;
  /** Why the daily log, or that copy, is outdated; repeating the same save completes it without changing the log. */
  readonly problem: AppError | null;
  readonly warnings: readonly string[];
}

/** Other saves of this machine finish in milliseconds; one that takes this long hangs. */
const LOCK_WAIT_MS = 30_000;

/**
 * Checks everything in a save that does not depend on its text, so that nobody writes a log that is then refused. Codes as for {@link
 * save}. Writes nothing.
 */
export async function checkSave(
  deps: SaveDeps,
  place: SavePlace,
  where: SaveWhere & Pick<SaveRequest, 'log'>,
): Answer<void> {
  const base = await checkBase(deps, place, where);
  if (!base.ok) return base;
  if (where.log === null) return ok(undefined);
  return mapOk(await namedTarget(deps.files, base.value, where.log), () => undefined);
}

/**
 * Writes a session's log: into its work tree, with an entry in the machine's daily log, or whole into the data folder (see `chooseHome`).
 * Everything is checked before anything is written. Saving the same text again in the same session changes nothing; another text is
 * appended to its log.
 *
 * Codes: `invalid-input` (text, topic, session, names), `not-configured` (no such work tree, no author, unknown zone), `attention`
 * (identity of another host or user), `corrupt` (identity.json, users.json), `not-found` (project, client), `denied`, `lock-held`, `io`,
 * `disk-full`. On every failure a stream's text is kept and the failure gives its path.
 */
export async function save(deps: SaveDeps, place: SavePlace, request: SaveRequest): Answer<SaveReport> {
  const report = await attempt(deps, place, request);
  if (!report.ok && request.from.kind === 'stream' && request.text.length > 0) {
    return err(await keepText({ ...deps, folder: place.paths.unsaved }, request.text, report.error));
  }
  return report;
}

async function attempt(deps: SaveDeps, place: SavePlace, request: SaveRequest): Answer<SaveReport> {
  const plan = await planSave(deps, place, request);
  if (!plan.ok) return plan;
  const lock = { path: place.paths.saveLock, command: 'save', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, async () => {
    const report = await write(deps, place, plan.value);
    if (report.ok) await dropKeptText(deps, place.paths.unsaved, request);
    return report;
  });
}

async function write(deps: SaveDeps, place: SavePlace, plan: SavePlan): Answer<SaveReport> {
  const log = await writeLog(deps, place.paths.sessionHints, plan);
  if (!log.ok) return log;
  await dropLeftParts(deps, folderPath(log.value.file));
  const { user, fullName, email, machine } = plan.identity;
  const report = {
    ...log.value,
    author: { user, fullName, email, machine },
    vault: plan.identity.vaultPath,
    warnings: [...plan.warnings, ...log.value.warnings],
  };
  if (plan.home.kind === 'data-folder')
    return ok({ ...report, workspace: null, daily: null, whole: null, problem: null });
  const { sessionLogs } = place.paths;
  const daily = await writeDaily(deps.files, sessionLogs, plan, log.value);
  const whole = place.toStore === 'whole' ? await writeWhole(deps.files, sessionLogs, log.value) : ok(null);
  return ok({
    ...report,
    workspace: plan.home.root,
    daily: daily.ok ? daily.value : null,
    whole: whole.ok ? whole.value : null,
    problem: daily.ok ? (whole.ok ? null : whole.error) : daily.error,
  });
}

/** Removes the copy an earlier failed save left, once it has been saved from. */
async function dropKeptText(deps: SaveDeps, unsaved: string, { from }: SaveRequest): Promise<void> {
  if (from.kind !== 'file') return;
  const name = below(folderPath(unsaved), folderPath(from.path));
  if (name !== null && /^[0-9a-f]{16}\.md$/.test(name)) await deps.files.remove(from.path);
}
