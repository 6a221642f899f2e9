import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { gitCause } from '../ports/git.ts';
import { authorOf } from './commit-own.ts';
import { configFlag } from '../repository/git-config.ts';
import { isSha } from './journal.ts';
import { makePrivateTree, type PrivateTree } from './private-tree.ts';
import { putOnTop, readLoose, type LooseCommits } from './put-on-top.ts';
import { fieldsOf, git, someOf, textOf, type TreeRun } from './tree-run.ts';
import type { Upstream } from './upstream.ts';

/** What is rebased onto the remote's commits. */
export interface Divergence {
  /** Local commit. */
  readonly head: string;
  /** Commit of the remote. */
  readonly onto: string;
  /** Newest common commit. */
  readonly base: string;
  /** Local commits up to this one are on the remote with other hashes; null when none is. */
  readonly after: string | null;
}

/**
 * Rebases local commits onto the remote's.
 * @returns the new tip, which is `onto` itself when it lacks nothing of ours; `attention` on a conflict
 */
export type Integrate = (divergence: Divergence) => Answer<string>;

/**
 * Integrates as often as a push race requires; what only depends on local commits is read once. If no path changed on both sides, no work
 * tree is needed; otherwise a private one. Never touches the user's tree, index and branch.
 */
export function openIntegration(run: TreeRun, upstream: Upstream): Integrate {
  let known: { readonly key: string; readonly loose: LooseCommits } | null = null;
  return async (divergence) => {
    const { head, base, after, onto } = divergence;
    // While the newest common commit is the same, none of ours is on the remote.
    const key = `${head} ${base} ${after}`;
    if (known?.key !== key) {
      const shape = await inspectCommits(run, divergence);
      if (!shape.ok) return shape;
      const { commits, merges, signs } = shape.value;
      if (commits.length === 0) return ok(onto);
      const loose = merges || signs ? null : await readLoose(run, commits);
      if (loose === null) return rebaseInPrivate(run, divergence, shape.value, upstream);
      known = { key, loose };
    }
    const tip = await putOnTop(run, known.loose, divergence);
    if (tip !== null) return ok(tip);
    const shape = await inspectCommits(run, divergence);
    return shape.ok ? rebaseInPrivate(run, divergence, shape.value, upstream) : shape;
  };
}

async function rebaseInPrivate(
  run: TreeRun,
  divergence: Divergence,
  shape: Shape,
  upstream: Upstream,
): Answer<string> {
  const step = await run.journal.step({ step: 'integrate' }, false);
  if (!step.ok) return step;
  const made = await makePrivateTree(run, divergence.head);
  if (!made.ok) return made;
  const rebased = await rebase(run, made.value, divergence, shape, upstream);
  const removed = await made.value.remove();
  // The next run removes the rest; nobody's data is in it.
  if (!removed.ok) run.warnings.push(removed.error.message);
  return rebased;
}

interface Shape {
  /** Oldest first. */
  readonly commits: readonly string[];
  readonly merges: boolean;
  /** Whether one of them is. */
  readonly signed: boolean;
  /** Whether git re-signs them: if they were, or by its settings. */
  readonly signs: boolean;
}

/** Inspects local commits without running gpg. */
async function inspectCommits(run: TreeRun, { head, after, onto }: Divergence): Answer<Shape> {
  const listed = await git(run, {
    reads: true,
    args: ['rev-list', '--reverse', '--topo-order', '--header', head, `^${after ?? onto}`, `^${onto}`, '--'],
  });
  if (!listed.ok) return listed;
  const headers = fieldsOf(listed.value).map((commit) => commit.split('\n\n', 1)[0] ?? '');
  const signed = headers.some((header) => /\ngpgsig(?:-sha256)? /.test(header));
  return ok({
    commits: headers.map((header) => header.split('\n', 1)[0] ?? ''),
    merges: headers.some((header) => header.split('\nparent ').length > 2),
    signed,
    signs: signed || configFlag(run.repo.config, 'commit.gpgsign'),
  });
}

async function rebase(
  run: TreeRun,
  tree: PrivateTree,
  { onto, after }: Divergence,
  shape: Shape,
  upstream: Upstream,
): Answer<string> {
  const call = { cwd: tree.path, config: tree.config, skipSmudge: true } as const;
  // Signed explicitly: a rebase would silently drop the signatures.
  const sign = shape.signed && !configFlag(run.repo.config, 'commit.gpgsign') ? ['--gpg-sign'] : [];
  const merges = shape.merges ? ['--rebase-merges'] : [];
  const { integrateMs, signMs } = run.limits;
  const answer = await git(run, {
    ...call,
    args: [
      'rebase',
      '--quiet',
      '--no-stat',
      '--empty=drop',
      ...sign,
      ...merges,
      '--onto',
      onto,
      after ?? onto,
    ],
    identity: authorOf(run),
    deadlineMs: shape.signs ? Math.min(integrateMs, signMs * (shape.commits.length + 1)) : integrateMs,
    accept: [1],
  });
  if (!answer.ok) {
    return shape.signs && gitCause(answer.error) === 'deadline' ? err(signingWaits(run, signMs)) : answer;
  }
  if (answer.value.exitCode !== 0) return err(await conflict(run, tree, upstream, answer.value.stderr));
  const tip = await git(run, { ...call, reads: true, args: ['rev-parse', '--verify', 'HEAD'] });
  if (!tip.ok) return tip;
  const sha = textOf(tip.value).trim();
  return isSha(sha) ? ok(sha) : fail('bug', 'git rebase left no commit.', 'Report this.');
}

async function conflict(
  run: TreeRun,
  tree: PrivateTree,
  upstream: Upstream,
  stderr: string,
): Promise<AppError> {
  const call = { cwd: tree.path, config: tree.config, reads: true } as const;
  const unmerged = await git(run, { ...call, args: ['ls-files', '-u', '-z'] });
  const files = unmerged.ok
    ? [...new Set(fieldsOf(unmerged.value).map((line) => line.slice(line.indexOf('\t') + 1)))]
    : [];
  const stopped = await git(run, { ...call, args: ['log', '-1', '--format=%h %s', 'REBASE_HEAD', '--'] });
  const at = stopped.ok ? textOf(stopped.value).trim() : '';
  const { tree: folder } = run.repo;
  const where = files.length === 0 ? '' : ` in ${someOf(files)}`;
  return appError(
    'attention',
    files.length === 0
      ? `${folder} was not synced: its commits could not be put on top of ${upstream.shown}/${upstream.branch} (${stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}).`
      : `${folder} was not synced: here and on ${upstream.shown}/${upstream.branch} the same place was changed${where}.`,
    `Settle it by hand with \`git pull --rebase${upstream.config.length === 0 ? ` ${upstream.remote} ${upstream.branch}` : ''}\` and sync again. Nothing here was touched; the local commits are kept.`,
    {
      details: {
        cause: 'conflict',
        tree: folder,
        files,
        commit: at,
        upstream: `${upstream.shown}/${upstream.branch}`,
      },
    },
  );
}

function signingWaits(run: TreeRun, signMs: number): AppError {
  return appError(
    'lock-held',
    `${run.repo.tree} was not pushed: signing its rebased commits waited longer than ${signMs / 1000} s, as it does for a passphrase.`,
    'Nothing is lost: unlock the signing key once by hand, then sync again. Signatures are never left out silently.',
    { details: { cause: 'signing', tree: run.repo.tree } },
  );
}
