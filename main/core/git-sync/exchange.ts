import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { gitCause, type GitAnswer } from '../ports/git.ts';
import { hasHooks } from './commit-own.ts';
import { fetchBranch } from './fetch-branch.ts';
import { openIntegration, type Integrate } from './integrate.ts';
import { isSha } from './journal.ts';
import { openRace } from './push-race.ts';
import { pendingApplies, writePending, type PendingMove } from './pending-move.ts';
import type { PushFacts } from './report.ts';
import { transferReport } from './transfer-report.ts';
import { git, textOf, type TreeRun } from './tree-run.ts';
import { hasRef, type Upstream } from './upstream.ts';

/** Result of fetching and pushing. */
export interface Exchanged {
  /** HEAD's commit throughout. */
  readonly head: string;
  /** The remote's commit, which the work tree should have. */
  readonly target: string;
  readonly push: PushFacts | null;
  /** Commits from the remote: from the last one known here to the remote's; null when there are none. */
  readonly arrived: { readonly from: string; readonly to: string } | null;
}

/**
 * Syncs the branch with its upstream: fetches, rebases local commits in private, pushes; restarts when somebody else pushed meanwhile. Does
 * not touch the work tree.
 * @param level the commit of both HEAD and the upstream's ref before the fetch; null when unknown
 */
export async function exchange(
  run: TreeRun,
  upstream: Upstream,
  branch: string,
  pending: PendingMove | null,
  level: string | null,
): Answer<Exchanged> {
  const race = openRace(run, upstream);
  const integrate = openIntegration(run, upstream);
  for (let attempt = 1; ; attempt++) {
    const tips = await fetchTips(run, upstream, attempt === 1 ? level : null);
    if (!tips.ok) return tips;
    const plan = await planExchange(run, upstream, tips.value, pending, integrate);
    if (!plan.ok) return plan;
    const { head, remote } = tips.value;
    const { target, arrived } = plan.value;
    if (target === remote) return ok({ head, target, push: null, arrived });
    if (target !== head) {
      const noted = await writePending(run, { branch, old: head, new: target });
      if (!noted.ok) return noted;
    }
    const pushed = await push(run, upstream, target);
    if (pushed.ok) {
      const facts = { old: remote, new: target, branch: upstream.branch, remote: upstream.shown };
      return ok({ head, target, push: facts, arrived });
    }
    if (gitCause(pushed.error) !== 'push-race') return pushed;
    const next = race.lost(pushed.error);
    if (typeof next !== 'number') return err(next);
    if (!(await run.deps.clock.sleep(next, run.request.signal))) return pushed;
  }
}

interface Tips {
  readonly head: string;
  /** Null when the remote lacks this branch. */
  readonly remote: string | null;
  /** The newest common commit; null when there is none. */
  readonly base: string | null;
}

async function fetchTips(run: TreeRun, upstream: Upstream, level: string | null): Answer<Tips> {
  const step = await run.journal.step({ step: 'fetch' }, false);
  if (!step.ok) return step;
  // Notices a rewritten history; does not follow it.
  const fetched = await fetchBranch(run, upstream, { ref: upstream.tracking, follow: false });
  const missing = !fetched.ok && gitCause(fetched.error) === 'no-remote-branch';
  if (!fetched.ok && !missing) return fetched;
  // A branch that existed and is gone was removed by somebody; one that never existed is created by the first push.
  if (!fetched.ok && (await hasRef(run, upstream.tracking))) return fetched;
  // Git prints something only when a fetch changes a ref. If that changed, the next run's status would see the difference.
  if (level !== null && fetched.ok && fetched.value.stderr === '')
    return ok({ head: level, remote: level, base: level });
  const parsed = await git(run, {
    reads: true,
    // `one...other` adds the common commit, prefixed `^`.
    args: ['rev-parse', 'HEAD', ...(missing ? [] : [upstream.tracking, `HEAD...${upstream.tracking}`])],
  });
  if (!parsed.ok) return parsed;
  const said = textOf(parsed.value).trim().split('\n');
  const [head, remote] = said;
  if (!isSha(head) || (!missing && !isSha(remote))) {
    return fail('corrupt', `A branch of ${run.repo.tree} names no commit.`, 'Run `git fsck --full`.');
  }
  const base = said.find((line) => line.startsWith('^'))?.slice(1) ?? null;
  return ok({ head, remote: isSha(remote) ? remote : null, base });
}

interface Plan {
  readonly target: string;
  readonly arrived: Exchanged['arrived'];
}

async function planExchange(
  run: TreeRun,
  upstream: Upstream,
  { head, remote, base }: Tips,
  pending: PendingMove | null,
  integrate: Integrate,
): Answer<Plan> {
  if (remote === null || remote === head) return ok({ target: head, arrived: null });
  if (base === null) return err(unrelated(run, upstream));
  if (base === remote) return ok({ target: head, arrived: null });
  if (base === head) return ok({ target: remote, arrived: { from: head, to: remote } });
  const applies = pending === null ? ok(false) : await pendingApplies(run, pending, head, remote);
  if (!applies.ok) return applies;
  const known = applies.value && pending !== null ? pending : null;
  const arrivedFrom = known?.new ?? base;
  const target = await integrate({ head, onto: remote, base, after: known?.old ?? null });
  if (!target.ok) return target;
  return ok({
    target: target.value,
    arrived: arrivedFrom === remote ? null : { from: arrivedFrom, to: remote },
  });
}

/** Finds the newest common commit of two histories; null when they have none. */
export async function mergeBase(run: TreeRun, one: string, other: string): Answer<string | null> {
  const found = await git(run, { reads: true, args: ['merge-base', one, other], accept: [1] });
  if (!found.ok) return found;
  const sha = textOf(found.value).trim();
  return ok(isSha(sha) ? sha : null);
}

async function push(run: TreeRun, upstream: Upstream, target: string): Answer<GitAnswer> {
  const step = await run.journal.step({ step: 'push' }, true);
  if (!step.ok) return step;
  const held = await run.lock.fence();
  if (!held.ok) return held;
  const { silenceMs, hookMs, transferMs } = run.limits;
  const report = transferReport(run, 'pushing');
  // The user's pre-push hook runs: Git LFS uploads files in it.
  const hook = await hasHooks(run, ['pre-push']);
  return git(run, {
    args: [
      'push',
      '--porcelain',
      '--progress',
      '--recurse-submodules=no',
      '--',
      upstream.remote,
      `${target}:refs/heads/${upstream.branch}`,
    ],
    config: upstream.config,
    hooks: true,
    silenceMs: hook ? Math.max(silenceMs, hookMs) : silenceMs,
    deadlineMs: transferMs,
    onReport: report,
  });
}

function unrelated(run: TreeRun, upstream: Upstream): AppError {
  return appError(
    'attention',
    `${run.repo.tree} was not synced: its history and that of ${upstream.shown}/${upstream.branch} have nothing in common.`,
    'If this is a shallow clone run `git fetch --unshallow`; otherwise check with `git remote -v` that the remote is the right one.',
    { details: { tree: run.repo.tree } },
  );
}
