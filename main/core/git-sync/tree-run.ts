import type { Answer } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import { gitCause, type GitAnswer, type GitCall } from '../ports/git.ts';
import type { HeldLock } from '../ports/lock.ts';
import { configValue } from '../repository/git-config.ts';
import type { GitSyncDeps, GitSyncRequest } from './git-sync-deps.ts';
import { stateFolder, type Journal } from './journal.ts';
import type { GitSyncLimits } from './limits.ts';
import type { Repo } from '../repository/repo.ts';

/** State shared by the steps of one tree's run. */
export interface TreeRun {
  readonly deps: GitSyncDeps;
  readonly limits: GitSyncLimits;
  readonly request: GitSyncRequest;
  readonly repo: Repo;
  readonly lock: HeldLock;
  readonly journal: Journal;
  /** Marks this run's git processes. */
  readonly mark: string;
  /** For the report, in order of appearance. */
  readonly warnings: string[];
}

type Call = Omit<GitCall, 'cwd' | 'ceiling' | 'mark' | 'signal' | 'ownSsh' | 'deadlineMs'> & {
  /** A private work tree; the user's unless given. */
  readonly cwd?: string;
  /** Default: the limit for read-only calls, or for small writes. */
  readonly deadlineMs?: number;
};

const TRIES = 10;
/** 1² + 2² + … + 10²: scales the waits to add up to the whole patience. */
const SQUARES = 385;

/**
 * Calls git in the run's tree. A call that meets another git program's lock file is retried with growing pauses, for as long as people's
 * own git commands usually take; then it is `lock-held`.
 */
export async function git(run: TreeRun, call: Call): Answer<GitAnswer> {
  const { deps, limits, request, repo } = run;
  const full: GitCall = {
    ...call,
    cwd: call.cwd ?? repo.tree,
    // A tree whose link was removed, by a run that took this one for dead, is inside the user's repository: git would use that.
    ...(call.cwd === undefined ? {} : { ceiling: stateFolder(repo.commonDir) }),
    mark: run.mark,
    deadlineMs: call.deadlineMs ?? (call.reads ? limits.readMs : limits.writeMs),
    ownSsh: configValue(repo.config, 'core.sshcommand') !== null,
    signal: request.signal,
  };
  for (let attempt = 1; ; attempt++) {
    const answer = await deps.git.run(full);
    if (answer.ok || gitCause(answer.error) !== 'git-lock' || attempt > TRIES) return answer;
    const slept = await deps.clock.sleep((limits.gitLockMs * attempt * attempt) / SQUARES, request.signal);
    if (!slept) return err(answer.error);
  }
}

const decoder = new TextDecoder();

/** The standard output of a call as text. */
export function textOf(answer: GitAnswer): string {
  return decoder.decode(answer.stdout);
}

/** Splits the output of a `-z` call. */
export function fieldsOf(answer: GitAnswer): readonly string[] {
  const fields = textOf(answer).split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** Paths for `--pathspec-from-file=- --pathspec-file-nul` and `--stdin -z`. */
export function nulList(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}

/** `a, b, c and 4 more`: some names for a sentence. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
