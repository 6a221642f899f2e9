import { endingOf } from '../../../../shared/ending.ts';
import {
  EMPTY_SUMMARY,
  type GitReceipt,
  type OperationPhase,
  type OperationSummary,
} from '../../../../shared/ipc/operation.ts';
import type { GitSyncProgress } from '../../git-sync/git-sync-deps.ts';
import type { TreeReport } from '../../git-sync/report.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';
import {
  syncWorkTrees,
  tellingOf,
  type TreeMode,
  type TreeRun,
  type WorkTreesReport,
} from '../../workflows/sync-work-trees.ts';
import type { AppCore } from '../app-core.ts';
import { endWith, heldBy } from './operation-end.ts';
import type { OperationHandle } from './operations.ts';
import type { OperationEnd, TreeOutcome } from '../news.ts';

export interface GitRunRequest {
  /** Registered workspaces in order, absolute; the configured vault last. */
  readonly trees: readonly string[];
  /** Commit all changes, not only logs the person's saves wrote. */
  readonly all: boolean;
  readonly mode: TreeMode;
  /** Only these files, absolute, unchanged, with their secrets. */
  readonly withSecrets?: readonly string[];
  /** Milliseconds to wait for another owner's lock. */
  readonly waitMs: number;
}

export interface GitRunParts {
  readonly git: Git;
  readonly forge: Forge;
  readonly systemUser: string;
  /** Receives each workspace's result. */
  readonly onTree: (outcome: TreeOutcome) => void;
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

/** Syncs workspaces with their remotes, one after another, as an operation. */
export async function runGit(
  core: AppCore,
  { git, forge, systemUser, onTree }: GitRunParts,
  request: GitRunRequest,
  handle: OperationHandle,
): Promise<OperationEnd> {
  const { sync, settings, paths, identityDeps, secrets } = core;
  const { vault } = settings.git;
  const total = request.trees.length;
  const { report, problem } = await syncWorkTrees(
    {
      ...sync,
      git,
      forge,
      settings,
      paths,
      systemUser,
      hostname: identityDeps.probe.hostname(),
      secrets: secrets.watch,
    },
    {
      trees: request.trees,
      mode: request.mode,
      own: request.withSecrets ?? (request.all ? 'all' : 'saved'),
      withSecrets: request.withSecrets !== undefined,
      // The configured vault has its own turn; one named only in an identity.json comes along with its workspace.
      ...(vault === '' ? {} : { vaults: [vault] }),
      waitMs: request.waitMs,
      signal: handle.signal,
      onTurn: (current, done) => handle.report({ done, total, current, phase: 'staging' }),
      onProgress: (progress) =>
        handle.report({
          phase: PHASES[progress.phase],
          waitingFor: progress.phase === 'waiting' ? heldBy(progress.owner) : null,
        }),
      onNotes: () => handle.report({ phase: 'reading-notes' }),
      onTree: (run) =>
        onTree({ path: run.path, mode: run.mode, report: tellingOf(run), vault: vaultIn(run) }),
    },
  );
  const summary = summaryOf(report);
  const ending = endingOf(problem);
  const isPartly = report.runs.some((run) => !needsPerson(run));
  if (problem !== null && (ending === 'attention' || ending === 'failed') && isPartly)
    return { outcome: 'partial', summary, error: problem, deferral: null };
  return endWith(problem, summary);
}

/** The vault that only the identity.json of this workspace names. */
function vaultIn({ path, trees }: TreeRun): TreeReport | null {
  return trees.find(({ role, tree }) => role === 'vault' && tree !== path) ?? null;
}

function needsPerson(run: TreeRun): boolean {
  return run.trees.some(({ state }) => state === 'attention');
}

function summaryOf({ runs }: WorkTreesReport): OperationSummary {
  const failed = runs.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, error: problem }]));
  const trees = runs.flatMap((run) => run.trees);
  return {
    ...EMPTY_SUMMARY,
    notes: runs.reduce((sum, { notes }) => sum + notes.length, 0),
    downloaded: trees.reduce((sum, { arrived }) => sum + (arrived?.logs.length ?? 0), 0),
    failed,
    failedTotal: failed.length,
    receipts: runs.flatMap((run) => receiptsOf(run)),
  };
}

/** The receipt of the tree that decides the run's result, and those of others with changes. */
function receiptsOf(run: TreeRun): readonly GitReceipt[] {
  const telling = tellingOf(run);
  return [
    telling,
    ...run.trees.filter((tree) => tree !== telling && (tree.commit ?? tree.push) !== null),
  ].map(receiptOf);
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
