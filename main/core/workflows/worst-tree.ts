import type { GitSyncReport, TreeReport } from '../git-sync/report.ts';

/** The tree that decides how the run ended; null when all went well. */
export function worstTree(report: GitSyncReport): TreeReport | null {
  return (
    report.trees.find(({ state }) => state === 'attention') ??
    report.trees.find(({ state }) => state === 'deferred') ??
    null
  );
}

/** What stands for a run where only one tree can be told: what went wrong, else what was done, else the first. */
export function tellingTree(report: GitSyncReport): TreeReport | null {
  return (
    worstTree(report) ?? report.trees.find(({ state }) => state !== 'nothing') ?? report.trees[0] ?? null
  );
}
