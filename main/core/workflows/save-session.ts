import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { Author } from '../../../shared/domain/author.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { ok } from '../../../shared/result.ts';
import type { QueuePaths } from '../agent-hooks/queue.ts';
import type { GitSyncProgress } from '../git-sync/git-sync-deps.ts';
import type { GitSyncReport } from '../git-sync/report.ts';
import { markNotes, type InboxItem } from '../notes/inbox.ts';
import type { Reader } from '../notes/reader.ts';
import type { SaveDeps, SavePaths, SaveRequest, SaveWhere } from '../save/save-plan.ts';
import { checkSave, save, type SaveReport } from '../save/save.ts';
import { rememberWorkspace } from '../workspaces/used-workspaces.ts';
import type { WikiDeps, WikiReport } from '../wiki/compile-wiki.ts';
import { askFor } from './ask-for.ts';
import type { Outcome } from './outcome.ts';
import { savePlaceOf, type PlaceBase } from './save-place.ts';
import type { TreeRun, WorkTreesDeps } from './sync-work-trees.ts';

/** What saving a session needs. */
export interface SaveSessionDeps extends SaveDeps, WikiDeps, Omit<WorkTreesDeps, 'bytes' | 'settings'> {
  readonly settings: Settings;
  readonly paths: WorkTreesDeps['paths'] & SavePaths & Pick<QueuePaths, 'queue'>;
}

export interface SaveSessionRequest {
  readonly log: SaveRequest;
  /** Signs logs in the data folder. */
  readonly author: Author;
  /** False: write only. */
  readonly sync: boolean;
  /** Commit the log with its secrets. */
  readonly withSecrets?: boolean;
  /** Milliseconds to wait for another sync of the work tree. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The interface's callbacks. */
export interface SaveSessionSteps {
  /** The log is on disk. */
  readonly onWritten?: (report: SaveReport) => Promise<void>;
  readonly onProgress?: (progress: GitSyncProgress) => void;
  /** Shows the receipt. @returns the hashes of the notes a person has seen with it */
  readonly show: (saved: SessionSaved) => Promise<readonly string[]>;
  /** Drains the store queue. @returns why it is incomplete; null when complete */
  readonly reachStore: (reader: Reader) => Promise<AppError | null>;
}

/** The receipt. */
export interface SessionReceipt {
  readonly save: SaveReport;
  /** Null for a log that was only written, or is in the data folder. */
  readonly wiki: WikiReport | null;
  /** Likewise, and when git sync could not begin. */
  readonly sync: GitSyncReport | null;
}

export interface SessionSaved extends Outcome<SessionReceipt> {
  /** Why git sync could not begin; null when `report.sync` says everything. */
  readonly unsynced: AppError | null;
  /** Notes for the author that arrived, newest first. */
  readonly notes: readonly InboxItem[];
}

/** With the store's problem, which does not make the save fail: what is not pushed yet stays in the queue. */
export interface SessionKept extends SessionSaved {
  readonly store: AppError | null;
}

/** Checks everything in a save that does not depend on its text, before one is written; see {@link checkSave}. */
export function checkSession(
  deps: SaveDeps & PlaceBase & { readonly paths: SavePaths },
  author: Author,
  where: SaveWhere & Pick<SaveRequest, 'log'>,
): Answer<void> {
  return checkSave(deps, savePlaceOf(deps, author), where);
}

/**
 * Saves a session: writes its log, merges it into the wiki, syncs both with the remote, shows the receipt, and pushes to the store. A log
 * in the data folder has no work tree, so it only goes to the store.
 * @returns a failure (see `save`) when the log is not written; everything later is in the outcome
 */
export async function saveSession(
  deps: SaveSessionDeps,
  request: SaveSessionRequest,
  steps: SaveSessionSteps,
): Answer<SessionKept> {
  const written = await save(deps, savePlaceOf(deps, request.author), request.log);
  if (!written.ok) return written;
  await steps.onWritten?.(written.value);
  if (written.value.workspace !== null)
    await rememberWorkspace(deps, deps.settings.git, written.value.workspace);
  const { user, fullName } = written.value.author;
  const reader = { user, fullName };
  if (request.sync) await askFor(deps, 'push');
  const wiki = request.sync ? await refreshWiki(deps, request, written.value) : null;
  const run = wiki === null ? null : await syncLog(deps, request, steps, written.value, wiki);
  const saved = outcomeOf(written.value, wiki, run);
  const seen = await steps.show(saved);
  await markNotes(deps, reader, seen, 'read');
  const store = request.sync ? await steps.reachStore(reader) : null;
  return ok({ ...saved, store });
}

function outcomeOf(save: SaveReport, wiki: WikiReport | null, run: TreeRun | null): SessionSaved {
  const unsynced = run?.failure ?? null;
  const sync = run === null || unsynced !== null ? null : { trees: run.trees };
  return {
    report: { save, wiki, sync },
    problem: run?.problem ?? save.problem,
    unsynced,
    notes: run?.notes ?? [],
  };
}

async function refreshWiki(
  deps: SaveSessionDeps,
  { signal }: SaveSessionRequest,
  { workspace, path, day }: SaveReport,
): Promise<WikiReport | null> {
  if (workspace === null) return null;
  const { compileWiki } = await import('../wiki/compile-wiki.ts');
  return compileWiki(deps, {
    workspace,
    logPath: path,
    command: deps.settings.git.wikiCommand,
    timeoutMs: deps.settings.git.wikiTimeoutSeconds * 1_000,
    day,
    utc: new Date(deps.clock.now()).toISOString(),
    saveLock: deps.paths.saveLock,
    signal,
  });
}

async function syncLog(
  deps: SaveSessionDeps,
  { waitMs, signal, withSecrets = false }: SaveSessionRequest,
  { onProgress }: SaveSessionSteps,
  { workspace, path }: SaveReport,
  wiki: WikiReport,
): Promise<TreeRun | null> {
  if (workspace === null) return null;
  const { syncWorkTrees } = await import('./sync-work-trees.ts');
  const { report } = await syncWorkTrees(deps, {
    trees: [workspace],
    mode: 'logs',
    own: [path, ...wiki.paths],
    waitMs,
    withSecrets,
    signal,
    ...(onProgress ? { onProgress } : {}),
  });
  return report.runs[0] ?? null;
}
