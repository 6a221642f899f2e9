import type { GitSyncReport, TreeReport } from '../git-sync/report.ts';

/** The tree that decides the run's result; null when all went well. */
export function worstTree(report: GitSyncReport): TreeReport | null {
  return (
    report.trees.find(({ state }) => state === 'attention') ??
    report.trees.find(({ state }) => state === 'deferred') ??
    null
  );
}

/** The tree shown for a run where only one can be: a failed one, else a changed one, else the first. */
export function tellingTree(report: GitSyncReport): TreeReport | null {
  return (
    worstTree(report) ?? report.trees.find(({ state }) => state !== 'nothing') ?? report.trees[0] ?? null
  );
}
