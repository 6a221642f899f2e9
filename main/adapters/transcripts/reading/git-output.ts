import type { LineContext } from './event-parser.ts';

/** `[main 1a2b3c4] subject`, as git prints it after a commit, an amend, a cherry-pick or a revert. */
const COMMITTED = /^\[([^\]\n]{1,300}?)(?: \(root-commit\))? ([0-9a-f]{7,40})\] ?(.*)$/gm;
const MAKES_COMMITS = /\bgit\b[^\n]*?\b(commit|cherry-pick|revert|merge|am|rebase)\b/;
const AMENDS = /\bcommit\b[^\n]*--amend\b/;
const PULL_REQUEST = /https:\/\/[\w.-]+\/([\w.-]+\/[\w.-]+)\/(?:pull|pulls|-\/merge_requests)\/(\d{1,9})\b/;
const OPENS_PULL_REQUEST = /\b(?:gh\s+pr\s+create|glab\s+mr\s+create|hub\s+pull-request)\b/;

/**
 * Emits the commits and the pull request that a command created, from the output of git and gh.
 * @returns keys of the commits
 */
export function emitGitResults(
  context: LineContext,
  { at, by }: { readonly at: number | null; readonly by: string | null },
  command: string,
  output: string,
): ReadonlySet<string> {
  const keys = new Set<string>();
  if (MAKES_COMMITS.test(command)) {
    for (const [, branch = '', sha = '', subject = ''] of output.matchAll(COMMITTED)) {
      keys.add(commitKey(sha));
      context.emit(
        {
          kind: 'commit',
          sha,
          how: howCommitted(command),
          branch: branch === 'detached HEAD' ? null : branch,
          subject: subject.slice(0, 400) || null,
          source: 'output',
        },
        { key: commitKey(sha), at, by },
      );
    }
  }
  const made = OPENS_PULL_REQUEST.test(command) ? PULL_REQUEST.exec(output) : null;
  if (made !== null) emitPullRequest(context, at, made[0], Number(made[2]), made[1] ?? null);
  return keys;
}

/** The same key for the short and the long form of a commit. */
export function commitKey(sha: string): string {
  return `commit/${sha.slice(0, 7).toLowerCase()}`;
}

/** Emits a pull request; the same URL is the same event. */
export function emitPullRequest(
  context: LineContext,
  at: number | null,
  url: string,
  number: number | null,
  repository: string | null,
): void {
  context.emit(
    { kind: 'pull-request', url, number, repository },
    { key: `pull-request/${url}`, at, by: null },
  );
}

function howCommitted(command: string): 'committed' | 'amended' | 'cherry-picked' {
  if (AMENDS.test(command)) return 'amended';
  return /\bcherry-pick\b/.test(command) ? 'cherry-picked' : 'committed';
}
