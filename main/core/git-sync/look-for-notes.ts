import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { collectNotes } from './arrivals.ts';
import { mergeBase } from './exchange.ts';
import { fetchBranch } from './fetch-branch.ts';
import type { GitSyncDeps, GitSyncRequest } from './git-sync-deps.ts';
import { isSha, type OwedNotes } from './journal.ts';
import { LIMITS } from './limits.ts';
import { locateRepo } from '../repository/repo.ts';
import { emptyReport, unreached, type Arrival, type TreeReport } from './report.ts';
import { underTreeLock } from './tree-lock.ts';
import { git, textOf, type TreeRun } from './tree-run.ts';
import { findUpstream, type Upstream } from './upstream.ts';

/** The result of a remote check. */
interface Look {
  readonly branch: string;
  readonly notes: readonly unknown[];
  readonly arrived: Arrival | null;
  readonly warnings: readonly string[];
}

/**
 * Fetches colleagues' pushes into a ref of our own and collects their notes. Leaves work tree, index, branches and remote-tracking refs as
 * they are: the next sync, or a person's own pull, brings the logs themselves.
 * @param request `own` and `identity` are unused: nothing is committed
 * @returns `lock-held` when a sync of the repository runs, `not-configured` when there is no work tree; later failures are in the report
 */
export async function lookForNotes(deps: GitSyncDeps, request: GitSyncRequest): Answer<TreeReport> {
  const limits = { ...LIMITS, ...deps.limits };
  const { signal } = request;
  const repo = await locateRepo(deps.git, request.workspace, { readMs: limits.readMs, signal });
  if (!repo.ok) return repo;
  return underTreeLock(deps, limits, request, repo.value, async (run) => {
    const looked = await look(run);
    if (!looked.ok && (looked.error.code === 'cancelled' || looked.error.code === 'lock-lost')) return looked;
    if (!looked.ok) return ok(unreached('workspace', run.repo.tree, looked.error));
    const { branch, notes, arrived, warnings } = looked.value;
    return ok({
      ...emptyReport('workspace', run.repo.tree),
      state: arrived === null || arrived.logs.length === 0 ? ('nothing' as const) : ('synced' as const),
      branch,
      arrived,
      notes,
      warnings: [...run.warnings, ...warnings],
    });
  });
}

async function look(run: TreeRun): Answer<Look> {
  const named = await git(run, {
    reads: true,
    args: ['symbolic-ref', '--quiet', '--short', 'HEAD'],
    accept: [1],
  });
  if (!named.ok) return named;
  const branch = textOf(named.value).trim();
  const nothing = (warning: string): Result<Look, AppError> =>
    ok({ branch, notes: [], arrived: null, warnings: [warning] });
  // Somebody bisects or views an old commit: no reason to stop anybody, and nothing to compare with.
  if (branch === '') return nothing(`${run.repo.tree} is on no branch, so nothing was fetched.`);
  const upstream = await findUpstream(run, branch);
  if (!upstream.ok) return upstream;
  if (upstream.value === null) return nothing(`${run.repo.tree} has no remote.`);
  const fetched = await fetchAside(run, upstream.value);
  if (!fetched.ok) return fetched;
  const range = await unseenRange(run, upstream.value, fetched.value);
  if (!range.ok) return range;
  const hasFailed = run.warnings.length > 0;
  const collected = range.value === null ? null : await collectNotes(run, [range.value]);
  // Only now: a crash or failure before this shows the notes again, rather than never.
  if (hasFailed || (collected?.again.length ?? 0) > 0)
    return ok({ branch, notes: collected?.given ?? [], arrived: collected?.arrived ?? null, warnings: [] });
  const seen = await git(run, { args: ['update-ref', seenRef(upstream.value), fetched.value] });
  if (!seen.ok) return seen;
  return ok({ branch, notes: collected?.given ?? [], arrived: collected?.arrived ?? null, warnings: [] });
}

/** The last fetched commit, so that git keeps it all. */
function asideRef({ remote, branch }: Upstream): string {
  return `refs/session-log/fetched/${remote}/${branch}`;
}

/** The last commit searched. */
function seenRef({ remote, branch }: Upstream): string {
  return `refs/session-log/seen/${remote}/${branch}`;
}

async function fetchAside(run: TreeRun, upstream: Upstream): Answer<string> {
  // A rewritten history is only read here, so it is followed.
  const fetched = await fetchBranch(run, upstream, { ref: asideRef(upstream), follow: true });
  if (!fetched.ok) return fetched;
  const commit = await commitOf(run, asideRef(upstream));
  if (!commit.ok) return commit;
  if (commit.value !== null) return ok(commit.value);
  return fail('corrupt', `A branch of ${run.repo.tree} names no commit.`, 'Run `git fsck --full`.', {
    details: { tree: run.repo.tree },
  });
}

/** Where new notes start: after the work tree's commit or the last checked one, whichever is later; null when there are none. */
async function unseenRange(run: TreeRun, upstream: Upstream, fetched: string): Answer<OwedNotes | null> {
  const here = await mergeBase(run, 'HEAD', fetched);
  if (!here.ok) return here;
  if (here.value === null) return ok(null);
  const seen = await commitOf(run, seenRef(upstream));
  if (!seen.ok) return seen;
  let from = here.value;
  if (seen.value !== null) {
    const common = await mergeBase(run, seen.value, fetched);
    if (!common.ok) return common;
    const beyond = common.value === seen.value ? await mergeBase(run, here.value, seen.value) : ok(null);
    if (!beyond.ok) return beyond;
    if (beyond.value === here.value) from = seen.value;
  }
  return ok(from === fetched ? null : { from, to: fetched });
}

async function commitOf(run: TreeRun, ref: string): Answer<string | null> {
  const found = await git(run, {
    reads: true,
    args: ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`],
    accept: [1],
  });
  if (!found.ok) return found;
  const commit = textOf(found.value).trim();
  return ok(isSha(commit) ? commit : null);
}
