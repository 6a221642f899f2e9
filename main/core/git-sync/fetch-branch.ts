import type { Answer } from '../../../shared/app-error.ts';
import type { GitAnswer } from '../ports/git.ts';
import { transferReport } from './transfer-report.ts';
import { git, type TreeRun } from './tree-run.ts';
import type { Upstream } from './upstream.ts';

/**
 * Fetches one branch only: no tags, pruning or submodules, whatever the repository's settings.
 * @param target the receiving ref; a leading `+` follows a rewritten history, which is otherwise refused
 */
export function fetchBranch(
  run: TreeRun,
  upstream: Upstream,
  target: { readonly ref: string; readonly follow: boolean },
): Answer<GitAnswer> {
  return git(run, {
    args: [
      'fetch',
      '--no-tags',
      '--no-prune',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--progress',
      // Only the one ref below.
      '--refmap=',
      '--',
      upstream.remote,
      `${target.follow ? '+' : ''}refs/heads/${upstream.branch}:${target.ref}`,
    ],
    config: upstream.config,
    silenceMs: run.limits.silenceMs,
    deadlineMs: run.limits.transferMs,
    onReport: transferReport(run, 'fetching'),
  });
}
