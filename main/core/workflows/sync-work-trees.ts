import type { AppError, Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { ok } from '../../../shared/result.ts';
import { vaultOf } from '../author/vault.ts';
import type { GitSyncDeps, GitSyncProgress, GitSyncRequest } from '../git-sync/git-sync-deps.ts';
import { gitSync } from '../git-sync/git-sync.ts';
import { lookForNotes } from '../git-sync/look-for-notes.ts';
import { emptyReport, unreached, type GitSyncReport, type TreeReport } from '../git-sync/report.ts';
import { tellingTree, worstTree } from './worst-tree.ts';
import { loadIdentity } from '../machine/load-identity.ts';
import { collectArrivedNotes } from '../notes/collect-arrived.ts';
import type { InboxItem } from '../notes/inbox.ts';
import type { Reader } from '../notes/reader.ts';
import type { ReceiveDeps } from '../notes/receive-notes.ts';
import { rememberWorkspace } from '../workspaces/used-workspaces.ts';
import { endingOf, type Outcome } from './outcome.ts';
import { ownIn, whoIn } from './who-works.ts';

/** `logs`: commit, integrate, push. `notes`: only fetch aside and read the notes. */
export type TreeMode = 'logs' | 'notes';

/** What syncing work trees needs. */
export interface WorkTreesDeps extends Omit<GitSyncDeps, 'hooks'>, Pick<ReceiveDeps, 'bytes'> {
  readonly settings: Pick<Settings, 'author' | 'git'>;
  readonly hostname: string;
  /** The system's name for the user. */
  readonly systemUser: string;
  readonly paths: ReceiveDeps['paths'] & {
    readonly machineId: string;
    /** Where each session's log was last seen. */
    readonly sessionHints: string;
    /** Holds which workspaces were used. */
    readonly state: string;
  };
}

export interface WorkTreesRequest {
  /** Folders in work trees, absolute, in order. */
  readonly trees: readonly string[];
  readonly mode: TreeMode;
  /** See `GitSyncRequest.own`; `saved` for logs written there by the person's saves. */
  readonly own: readonly string[] | 'all' | 'saved';
  /**
   * Which of `trees` are vaults: synced in their own turn, with the identity of a workspace. Without a list each workspace brings its vault
   * along.
   */
  readonly vaults?: readonly string[];
  /** The named vault; see `vaultOf`. */
  readonly vault?: string;
  /** Commit logs with their secrets, whatever the workspace's setting. */
  readonly withSecrets?: boolean;
  /** Milliseconds to wait for another sync of a work tree. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** A tree begins. */
  readonly onTurn?: (tree: string, at: number) => void;
  readonly onProgress?: (progress: GitSyncProgress) => void;
  /** Arrived notes are being read. */
  readonly onNotes?: () => void;
  /** A tree's result. */
  readonly onTree?: (run: TreeRun) => void;
}

/** The result for one requested folder. */
export interface TreeRun {
  readonly path: string;
  readonly mode: TreeMode;
  /** The work tree, repositories with logs inside it, and the vault that came along; never empty. */
  readonly trees: readonly TreeReport[];
  /** Why it could not begin or was stopped; null if the reports say everything. */
  readonly failure: AppError | null;
  /** What decides how it ended: that of the tree that needs a person, else of the first deferred one; null when all went well. */
  readonly problem: AppError | null;
  /** The notes' reader; null if not determined. */
  readonly reader: Reader | null;
  /** New notes for the reader, newest first: show them, then mark them read. */
  readonly notes: readonly InboxItem[];
}

export interface WorkTreesReport {
  /** In the requested order; a stopped run is the last. */
  readonly runs: readonly TreeRun[];
}

/**
 * Syncs work trees with their remotes, one after another. A failing tree does not stop the others.
 * @returns as problem that of the tree that needs a person, else of the first deferred one
 */
export async function syncWorkTrees(
  deps: WorkTreesDeps,
  request: WorkTreesRequest,
): Promise<Outcome<WorkTreesReport>> {
  const machine = await loadIdentity(deps.files, deps.paths.machineId);
  const uuid = machine.ok ? machine.value.machine_uuid : '';
  const runs: TreeRun[] = [];
  const vaults = new Set<string>();
  for (const [at, path] of request.trees.entries()) {
    request.onTurn?.(path, at);
    const run = await syncOne(deps, request, path, uuid, vaults);
    runs.push(run);
    if (stops(run.failure)) return { report: { runs }, problem: run.failure };
    request.onTree?.(run);
  }
  return { report: { runs }, problem: worstTree(allTrees({ runs }))?.problem ?? null };
}

/** Merges a run's trees into a report. */
export function allTrees({ runs }: WorkTreesReport): GitSyncReport {
  return { trees: runs.flatMap(({ trees }) => trees) };
}

/** The tree shown for a folder where only one can be: a failed one, else a changed one. */
export function tellingOf({ path, trees }: TreeRun): TreeReport {
  return tellingTree({ trees }) ?? emptyReport('workspace', path);
}

/** Whether to skip the other trees: a person stopped the run, or the lock is lost. */
function stops(failure: AppError | null): boolean {
  return failure !== null && (endingOf(failure) === 'cancelled' || failure.code === 'lock-lost');
}

/** @param vaults receives the vault: one shared by several workspaces is synced once */
async function syncOne(
  deps: WorkTreesDeps,
  request: WorkTreesRequest,
  path: string,
  machine: string,
  vaults: Set<string>,
): Promise<TreeRun> {
  const role: TreeReport['role'] = request.vaults?.includes(path) ? 'vault' : 'workspace';
  const failed = (failure: AppError): TreeRun => ({
    path,
    mode: request.mode,
    trees: [unreached(role, path, failure)],
    failure,
    problem: failure,
    reader: null,
    notes: [],
  });
  const who = await whoIn(deps, request, path, role);
  if (!who.ok) return failed(who.error);
  const { root, reader } = who.value;
  const own = await ownIn(deps, request, who.value, role);
  if (!own.ok) return failed(own.error);
  const named =
    request.vaults === undefined
      ? vaultOf(request.vault, deps.settings.git.vault, who.value.vaultPath)
      : null;
  const vault = named === null || vaults.has(named) ? null : named;
  const notes: InboxItem[] = [];
  const task: GitSyncRequest = {
    workspace: root,
    ...(vault === null ? {} : { vault }),
    own: own.value,
    identity: { ...who.value.commits, machine },
    withSecrets: request.withSecrets === true || bySetting(deps.settings.git, root),
    waitMs: request.waitMs,
    signal: request.signal,
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  };
  const synced = await runIn(collecting(deps, request, reader, notes), request.mode, task);
  if (!synced.ok) return failed(synced.error);
  if (vault !== null) vaults.add(vault);
  if (request.mode === 'logs')
    for (const used of vault === null ? [root] : [root, vault])
      await rememberWorkspace(deps, deps.settings.git, used);
  const trees = role === 'vault' ? synced.value.trees.map((tree) => ({ ...tree, role })) : synced.value.trees;
  const problem = worstTree({ trees })?.problem ?? null;
  return { path, mode: request.mode, trees, failure: null, problem, reader, notes };
}

function bySetting(git: Settings['git'], root: string): boolean | 'unless-public' {
  if (!git.withSecrets.includes(root)) return false;
  return git.askIfPublic ? 'unless-public' : true;
}

async function runIn(deps: GitSyncDeps, mode: TreeMode, task: GitSyncRequest): Answer<GitSyncReport> {
  if (mode === 'logs') return gitSync(deps, task);
  const looked = await lookForNotes(deps, task);
  return looked.ok ? ok({ trees: [looked.value] }) : looked;
}

/** Git sync that puts arriving notes into the reader's inbox. */
function collecting(
  deps: WorkTreesDeps,
  { onNotes }: WorkTreesRequest,
  reader: Reader,
  notes: InboxItem[],
): GitSyncDeps {
  const collectNotes: NonNullable<GitSyncDeps['hooks']>['collectNotes'] = async (arrived) => {
    onNotes?.();
    const found = await collectArrivedNotes(deps, reader, arrived);
    if (found.ok) notes.push(...found.value);
    return found;
  };
  return { ...deps, hooks: { collectNotes } };
}
