import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { configFlag, configValue, remotesOf, type GitConfig } from '../repository/git-config.ts';
import { git, textOf, type TreeRun } from './tree-run.ts';

/** The remote branch that a local branch is synced with. */
export interface Upstream {
  /** The configured name for git; {@link ADDRESS} where the settings contain an address, possibly with a password. */
  readonly remote: string;
  /** The display form, without credentials. */
  readonly shown: string;
  /** Settings for every call with `remote`. */
  readonly config: readonly (readonly [key: string, value: string])[];
  /** Remote branch name, without `refs/heads/`. */
  readonly branch: string;
  /** Our ref that tracks it. */
  readonly tracking: string;
}

/**
 * Placeholder for an address configured instead of a remote. It is passed in the environment: on the command line, in a ref or in a message
 * everybody could read its password.
 */
const ADDRESS = 'session-log-address';

/**
 * Finds a branch's sync target: its upstream; otherwise the branch of the same name on the only (or default) remote, if it exists. Never
 * publishes a branch unasked.
 * @returns null when the repository has no remote at all; `attention` when it is ambiguous
 */
export async function findUpstream(run: TreeRun, branch: string): Answer<Upstream | null> {
  const { config } = run.repo;
  const remotes = remotesOf(config);
  const remote = configValue(config, `branch.${branch}.remote`);
  const merge = configValue(config, `branch.${branch}.merge`);
  const pushed = configValue(config, 'remote.pushdefault');
  const odd = [remote, pushed].find((name) => name?.startsWith('-'));
  // Git would parse it as an option.
  if (odd !== undefined && odd !== null) return oddName(run, odd);
  if (remote !== null && merge !== null) return configured(run, branch, remote, merge);
  if (remotes.length === 0) return ok(null);
  const candidate = pushed ?? (remotes.length === 1 ? remotes[0] : remotes.find((name) => name === 'origin'));
  if (candidate === undefined) {
    return unsure(
      run,
      `its branch ${branch} has no upstream, and there are several remotes (${remotes.map(hideCredentials).join(', ')})`,
      branch,
      remotes[0] ?? 'origin',
    );
  }
  const guess = upstreamOf(config, candidate, branch);
  if (await hasRef(run, guess.tracking)) return ok(guess);
  const listed = await git(run, {
    reads: true,
    args: ['ls-remote', '--heads', '--', guess.remote, `refs/heads/${branch}`],
    config: guess.config,
    silenceMs: run.limits.silenceMs,
    deadlineMs: run.limits.transferMs,
  });
  if (!listed.ok) return listed;
  if (textOf(listed.value).includes(`\trefs/heads/${branch}\n`)) return ok(guess);
  return unsure(run, `its branch ${branch} has no upstream and is not on ${guess.shown}`, branch, candidate);
}

function configured(run: TreeRun, branch: string, remote: string, merge: string): Result<Upstream, AppError> {
  const { config, tree } = run.repo;
  const short = /^refs\/heads\/(.+)$/.exec(merge)?.[1];
  if (remote === '.' || short === undefined) {
    return fail(
      'attention',
      `${tree} was not synced: the upstream of its branch ${branch} is ${remote === '.' ? 'another local branch' : `no branch (${hideCredentials(merge)})`}.`,
      `Give it one on a remote: \`git branch --set-upstream-to <remote>/<branch> ${branch}\`.`,
      { details: { tree, branch } },
    );
  }
  const pushes =
    configValue(config, `branch.${branch}.pushremote`) ?? configValue(config, 'remote.pushdefault') ?? remote;
  if (pushes !== remote) {
    const [from, to] = [hideCredentials(remote), hideCredentials(pushes)];
    return fail(
      'attention',
      `${tree} was not synced: its branch ${branch} comes from ${from} and is pushed to ${to}, and a sync needs one place for both.`,
      `Sync a branch whose upstream is on ${to}, or unset branch.${branch}.pushRemote and remote.pushDefault.`,
      { details: { tree, branch, remote: from, pushes: to } },
    );
  }
  return ok(upstreamOf(config, remote, short));
}

/** Finds the ref that tracks a remote's branch. */
export function upstreamOf(config: GitConfig, remote: string, branch: string): Upstream {
  const source = `refs/heads/${branch}`;
  const mirror = configFlag(config, `remote.${remote}.mirror`);
  const address = isAddress(config, remote);
  const place = {
    remote: address ? ADDRESS : remote,
    shown: hideCredentials(remote),
    config: address ? [[`remote.${ADDRESS}.url`, remote] as const] : [],
    branch,
  };
  for (const spec of config.get(`remote.${remote}.fetch`) ?? []) {
    const tracking = mapRef(spec.replace(/^\+/, ''), source);
    // A mirror tracks branches in refs/heads itself, where the checked-out one must not be overwritten.
    if (tracking !== null && !mirror && tracking.startsWith('refs/remotes/')) return { ...place, tracking };
  }
  // A bare clone fetches into no ref; then we track it in our own.
  return { ...place, tracking: `refs/session-log/upstream/${branch}` };
}

/** Whether it is an address or a path, not a configured name: git accepts either in `branch.<name>.remote` and `remote.pushDefault`. */
function isAddress(config: GitConfig, remote: string): boolean {
  return /[:/\\]/.test(remote) && !remotesOf(config).includes(remote);
}

/** Whether a ref exists. */
export async function hasRef(run: TreeRun, ref: string): Promise<boolean> {
  const found = await git(run, { reads: true, args: ['show-ref', '--verify', '--quiet', ref], accept: [1] });
  return found.ok && found.value.exitCode === 0;
}

function mapRef(spec: string, source: string): string | null {
  const [from, to] = spec.split(':');
  if (!from || !to || from.startsWith('^')) return null;
  const star = from.indexOf('*');
  if (star === -1) return from === source ? to : null;
  const [before, after] = [from.slice(0, star), from.slice(star + 1)];
  if (!source.startsWith(before) || !source.endsWith(after)) return null;
  return to.replace('*', source.slice(before.length, source.length - after.length));
}

function unsure(run: TreeRun, why: string, branch: string, remote: string): Result<never, AppError> {
  const named = remotesOf(run.repo.config).includes(remote) && hideCredentials(remote) === remote;
  return fail(
    'attention',
    `${run.repo.tree} was not synced: ${why}.`,
    named
      ? `Publish it once by hand: \`git push -u ${remote} ${branch}\`.`
      : `Give the address a name and publish it once by hand: \`git remote add <name> <address>\`, then \`git push -u <name> ${branch}\`.`,
    { details: { tree: run.repo.tree, branch } },
  );
}

function oddName(run: TreeRun, name: string): Result<never, AppError> {
  return fail(
    'attention',
    `${run.repo.tree} was not synced: a setting names ${quote(hideCredentials(name))} as the remote, which git would take for an option.`,
    'Find the setting with `git config --show-origin --get-regexp "^(branch|remote)[.]"` and correct it.',
    { details: { tree: run.repo.tree } },
  );
}
