import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';

/** What went wrong inside git, as far as its own words tell. The set is closed, so that a reader must handle a new one. */
export type GitCause =
  | 'no-git'
  | 'no-folder'
  | 'not-a-repository'
  | 'no-work-tree'
  | 'unsafe-owner'
  | 'auth'
  | 'forbidden'
  | 'host-key'
  | 'unreachable'
  | 'no-remote-repository'
  | 'no-remote-branch'
  | 'history-rewritten'
  | 'push-race'
  | 'remote-declined'
  | 'hook-declined'
  | 'signing'
  | 'git-lock'
  | 'in-the-way'
  | 'no-such-path'
  | 'ignored-path'
  | 'conflict'
  | 'ref-moved'
  | 'disk-full'
  | 'denied'
  | 'corrupt'
  | 'killed'
  | 'deadline'
  | 'silence'
  | 'cancelled'
  | 'output-limit'
  | 'other';

export interface GitCall {
  /** Absolute path of a folder in the work tree or git directory. */
  readonly cwd: string;
  /** Absolute path of a folder from which on upwards git looks for no repository. */
  readonly ceiling?: string;
  /** Subcommand and its arguments. Paths of files go in by `stdin` with `-z` or `--pathspec-file-nul`, never here. */
  readonly args: readonly string[];
  /** Looks only: git then takes no lock of its own, so that it never stands in another session's way. */
  readonly reads?: boolean;
  /** Looks at what is here: a partial clone fetches nothing for it. (A git before 2.45 knows no such wish.) */
  readonly offline?: boolean;
  /** Exit codes beside 0 that are an answer and no failure. */
  readonly accept?: readonly number[];
  readonly stdin?: string | Uint8Array;
  /** Settings for this call alone. They go in by the environment, so they do not show in the process list. */
  readonly config?: readonly (readonly [key: string, value: string])[];
  /** Author and committer of what this call writes; the repository's own settings unless given. */
  readonly identity?: { readonly name: string; readonly email: string };
  /** A scratch index instead of the work tree's. */
  readonly index?: string;
  /** Let the user's hooks run. Off unless given. */
  readonly hooks?: boolean;
  /** Leave large files of Git LFS as pointers. */
  readonly skipSmudge?: boolean;
  /** The user configured an ssh command of their own, which ours must not replace. */
  readonly ownSsh?: boolean;
  /** The run that this call belongs to, so that {@link Git.endRun} finds what it left behind. */
  readonly mark?: string;
  /** Milliseconds after which the call and every process it started are ended. */
  readonly deadlineMs: number;
  /** Milliseconds without a sign of life on either output after which the same happens. */
  readonly silenceMs?: number;
  /** Bytes of standard output beyond which the call is ended; 64 MiB unless given. */
  readonly outputLimit?: number;
  readonly signal?: AbortSignal;
  /** Told each line that git reports while it works (`--progress`). */
  readonly onReport?: (line: string) => void;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  /** Cleaned of credentials and of what could act on a terminal; the middle is left out when it is long. */
  readonly stderr: string;
}

/**
 * The git program. It can never ask a question: no terminal, no askpass, no editor, closed input, and a deadline.
 * A failure's `details` hold `cause` (a {@link GitCause}), `exitCode`, `command` and `stderr`.
 */
export interface Git {
  run(call: GitCall): Promise<Result<GitAnswer, AppError>>;
  /**
   * Ends the git processes that a dead run left working, and waits until they are gone.
   * @param mark the `mark` of their calls
   * @returns how many there were; `io` when one could not be ended
   */
  endRun(mark: string): Promise<Result<number, AppError>>;
  /** Whether a git process works in one of these folders now; `unknown` where the system does not tell. */
  busyIn(folders: readonly string[]): Promise<'no' | 'yes' | 'unknown'>;
}

/** The cause of a failure that came from {@link Git}; null for any other. */
export function gitCause(error: AppError): GitCause | null {
  const cause = error.details?.['cause'];
  return typeof cause === 'string' ? (cause as GitCause) : null;
}
