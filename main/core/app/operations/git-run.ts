import { appError, type AppError } from '../../../../shared/app-error.ts';
import {
  EMPTY_SUMMARY,
  type GitReceipt,
  type OperationPhase,
  type OperationSummary,
} from '../../../../shared/ipc/operation.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type {
  CommitIdentity,
  GitSyncDeps,
  GitSyncProgress,
  GitSyncRequest,
} from '../../git-sync/git-sync-deps.ts';
import { gitSync } from '../../git-sync/git-sync.ts';
import { lookForNotes } from '../../git-sync/look-for-notes.ts';
import { emptyReport, tellingTree, type TreeReport } from '../../git-sync/report.ts';
import { collectArrivedNotes } from '../../notes/collect-arrived.ts';
import type { Git } from '../../ports/git.ts';
import { heldBy } from './lock-wait.ts';
import { checkHost, readIdentity } from '../../author/author-file.ts';
import { ownLogs } from '../../save/own-logs.ts';
import { findWorkspace, type Workspace } from '../../workspaces/workspace.ts';
import type { AppCore } from '../app-core.ts';
import { cancelledEnd, failedEnd, type OperationEnd, type OperationHandle } from './operations.ts';
import { deferralOf } from './operation-end.ts';

/** `logs`: commit, integrate, push. `notes`: fetch aside and read the notes, nothing else. */
export type TreeMode = 'logs' | 'notes';

export interface GitRunRequest {
  /** Work trees in their order, absolute; the vault last. */
  readonly trees: readonly string[];
  /** Commit everything that is dirty, not only the logs that the person's saves wrote. */
  readonly all: boolean;
  readonly mode: TreeMode;
  /** Milliseconds to wait for somebody else's lock. */
  readonly waitMs: number;
}

/** How one tree came out: what git sync reports, or why it did not come to that. */
export interface TreeOutcome {
  /** As it is registered. */
  readonly path: string;
  readonly mode: TreeMode;
  readonly report: TreeReport;
}

const PHASES: Readonly<Record<GitSyncProgress['phase'], OperationPhase>> = {
  waiting: 'waiting-for-lock',
  recovering: 'staging',
  'others-uncommitted': 'staging',
  committing: 'committing',
  fetching: 'fetching',
  integrating: 'integrating',
  moving: 'integrating',
  pushing: 'pushing',
};

/**
 * Brings work trees and their remotes together, one after another. A tree that fails does not keep the others from their turn.
 * @param onTree told how each came out
 */
export async function runGit(
  core: AppCore,
  git: Git,
  request: GitRunRequest,
  handle: OperationHandle,
  onTree: (outcome: TreeOutcome) => void,
): Promise<OperationEnd> {
  const outcomes: TreeOutcome[] = [];
  for (const [at, path] of request.trees.entries()) {
    if (handle.signal.aborted) break;
    handle.report({ done: at, total: request.trees.length, current: path, phase: 'staging' });
    const report = await runTree(core, git, path, request, handle);
    const outcome = { path, mode: request.mode, report };
    outcomes.push(outcome);
    if (report.problem?.code !== 'cancelled') onTree(outcome);
  }
  return endOfTrees(outcomes, handle.signal.aborted);
}

async function runTree(
  core: AppCore,
  git: Git,
  path: string,
  request: GitRunRequest,
  handle: OperationHandle,
): Promise<TreeReport> {
  const who = await committer(core, path, request.trees);
  if (!who.ok) return failedTree(path, who.error);
  const own = await ownOf(core, path, who.value, request);
  if (!own.ok) return failedTree(path, own.error);
  const { identity } = who.value;
  const reader = { user: identity.user, fullName: identity.name };
  const notesDeps = { ...core.sync, paths: core.paths };
  const deps: GitSyncDeps = {
    git,
    locks: core.sync.locks,
    files: core.sync.files,
    clock: core.sync.clock,
    random: core.sync.random,
    logger: core.sync.logger,
    hooks: {
      collectNotes: (arrived) => {
        handle.report({ phase: 'reading-notes' });
        return collectArrivedNotes(notesDeps, reader, arrived);
      },
    },
  };
  const task = {
    workspace: path,
    own: own.value,
    identity,
    waitMs: request.waitMs,
    signal: handle.signal,
    onProgress: (progress: GitSyncProgress) =>
      handle.report({
        phase: PHASES[progress.phase],
        waitingFor: progress.phase === 'waiting' ? heldBy(progress.owner) : null,
      }),
  };
  if (request.mode === 'notes') {
    const looked = await lookForNotes(deps, task);
    return looked.ok ? looked.value : failedTree(path, looked.error);
  }
  const synced = await gitSync(deps, task);
  if (!synced.ok) return failedTree(path, synced.error);
  return (
    tellingTree(synced.value) ??
    failedTree(path, appError('bug', 'A git sync reported no tree.', 'Try again.'))
  );
}

/** Who works in a tree, and the work tree that it is; null for a tree that is none. */
interface Committer {
  readonly identity: CommitIdentity;
  readonly workspace: Workspace | null;
}

/** Who commits in a tree: the identity in it, else (a vault has none of its own) that of the first tree that has one. */
async function committer(
  core: AppCore,
  path: string,
  trees: readonly string[],
): Promise<Result<Committer, AppError>> {
  let missing: AppError | null = null;
  let own: Workspace | null = null;
  for (const folder of [path, ...trees]) {
    const workspace = await findWorkspace(core.sync.files, folder);
    if (!workspace.ok) return workspace;
    if (workspace.value === null) {
      missing ??= appError(
        'attention',
        `${folder} is no git work tree any more.`,
        'Bring it back, or remove it from the registered workspaces.',
        { details: { folder } },
      );
      continue;
    }
    if (folder === path) own = workspace.value;
    const identity = await readIdentity(core.sync.files, workspace.value);
    if (!identity.ok && identity.error.code !== 'not-configured') return identity;
    if (!identity.ok) {
      missing ??= identity.error;
      continue;
    }
    const host = checkHost(identity.value, core.identityDeps.probe.hostname());
    if (!host.ok) return host;
    const { user, fullName, email, machine } = identity.value;
    return ok({
      identity: { name: fullName, email, user, machine: core.sync.self.uuid, host: machine },
      workspace: own,
    });
  }
  return err(
    missing ?? appError('not-configured', 'Nobody is named for commits.', 'Write .claude/identity.json.'),
  );
}

/** What a run may commit: the logs that the person's saves wrote here, as `session-log git-sync` does when nobody names any;
 * in the vault all that is new or changed there. */
async function ownOf(
  core: AppCore,
  path: string,
  { identity, workspace }: Committer,
  { all, mode }: GitRunRequest,
): Promise<Result<GitSyncRequest['own'], AppError>> {
  if (mode === 'notes' || workspace === null) return ok([]);
  if (all) return ok('all');
  const { vault, workspaces } = core.settings.git;
  if (path === vault && !workspaces.includes(path)) return ok('present');
  const { files, clock } = core.sync;
  return ownLogs(files, {
    workspace,
    user: identity.user,
    now: clock.now(),
    memory: core.paths.sessionHints,
  });
}

function failedTree(tree: string, problem: AppError): TreeReport {
  const later = problem.code === 'lock-held' || problem.code === 'offline' || problem.code === 'timeout';
  return { ...emptyReport('workspace', tree), state: later ? 'deferred' : 'attention', problem };
}

function endOfTrees(outcomes: readonly TreeOutcome[], aborted: boolean): OperationEnd {
  const summary = summaryOf(outcomes);
  if (aborted || outcomes.some(({ report }) => report.problem?.code === 'cancelled'))
    return cancelledEnd(summary);
  const attention = outcomes.find(({ report }) => report.state === 'attention')?.report.problem ?? null;
  if (attention !== null) {
    const partial = outcomes.length > 1 && outcomes.some(({ report }) => report.state !== 'attention');
    return partial
      ? { outcome: 'partial', summary, error: attention, deferral: null }
      : failedEnd(attention, summary);
  }
  const later = outcomes.find(({ report }) => report.state === 'deferred')?.report.problem ?? null;
  if (later === null) return { outcome: 'done', summary, error: null, deferral: null };
  if (later.code === 'lock-held')
    return { outcome: 'deferred', summary, error: later, deferral: deferralOf(later) };
  return failedEnd(later, summary);
}

function summaryOf(outcomes: readonly TreeOutcome[]): OperationSummary {
  const failed = outcomes.flatMap(({ path, report }) =>
    report.problem === null ? [] : [{ path, error: report.problem }],
  );
  return {
    ...EMPTY_SUMMARY,
    notes: outcomes.reduce((sum, { report }) => sum + report.notes.length, 0),
    downloaded: outcomes.reduce((sum, { report }) => sum + (report.arrived?.logs.length ?? 0), 0),
    failed,
    failedTotal: failed.length,
    receipts: outcomes.map(({ report }) => receiptOf(report)),
  };
}

function receiptOf({ tree, commit, push, files, branch, othersUncommitted }: TreeReport): GitReceipt {
  const wiki = files.filter(
    ({ path, change }) => /^wiki\/.+\.md$/.test(path) && path !== 'wiki/index.md' && change !== 'removed',
  );
  return {
    workspace: tree,
    commit: commit === null ? null : { sha: commit.sha, subject: commit.subject },
    author: commit?.author ?? '',
    pushed:
      push === null
        ? null
        : { from: push.old ?? '', to: push.new, branch: branch ?? push.branch, remote: push.remote },
    files: files.map(({ path, change, added }) => ({ path, kind: change, linesAdded: added })),
    wikiArticles: wiki.length,
    leftAlone: othersUncommitted,
  };
}
