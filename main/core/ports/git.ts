import type { AppError, Answer } from '../../../shared/app-error.ts';

/** Why git failed, as far as its output tells. A closed set, so that readers must handle a new one. */
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
  | 'filter'
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
  /** Absolute path of the folder where git stops searching upwards. */
  readonly ceiling?: string;
  /** Subcommand and its arguments. Paths of files go in by `stdin` with `-z` or `--pathspec-file-nul`, never here. */
  readonly args: readonly string[];
  /** Read-only: git then takes no lock of its own and never blocks another session. */
  readonly reads?: boolean;
  /** Looks at what is here: a partial clone fetches nothing for it. (A git before 2.45 knows no such wish.) */
  readonly offline?: boolean;
  /** Exit codes besides 0 that are no failure. */
  readonly accept?: readonly number[];
  readonly stdin?: string | Uint8Array;
  /** Settings for this call only, passed in the environment so they do not show in the process list. */
  readonly config?: readonly (readonly [key: string, value: string])[];
  /** Author and committer of what this call writes; default: the repository's settings. */
  readonly identity?: { readonly name: string; readonly email: string };
  /** A scratch index instead of the work tree's. */
  readonly index?: string;
  /** Let the user's hooks run. Default false. */
  readonly hooks?: boolean;
  /** Leave large files of Git LFS as pointers. */
  readonly skipSmudge?: boolean;
  /** The user configured their own ssh command, which ours must not replace. */
  readonly ownSsh?: boolean;
  /** The run this call belongs to, so that {@link Git.endRun} finds its leftovers. */
  readonly mark?: string;
  /** Milliseconds until the call and every process it started are killed. */
  readonly deadlineMs: number;
  /** Milliseconds without output on either stream until the same happens. */
  readonly silenceMs?: number;
  /** Bytes of standard output beyond which the call is killed; default 64 MiB. */
  readonly outputLimit?: number;
  readonly signal?: AbortSignal | undefined;
  /** Receives each line git reports while working (`--progress`). */
  readonly onReport?: (line: string) => void;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  /** Stripped of credentials and terminal control sequences; long text is cut in the middle. */
  readonly stderr: string;
}

/**
 * The git program. It can never prompt: no terminal, no askpass, no editor, closed input, and a deadline. A failure's `details` hold
 * `cause` (a {@link GitCause}), `exitCode`, `command` and `stderr`.
 */
export interface Git {
  run(call: GitCall): Answer<GitAnswer>;
  /**
   * Ends git processes left by a dead run and waits for them to exit.
   * @param mark the `mark` of their calls
   * @returns their number; `io` when one could not be ended
   */
  endRun(mark: string): Answer<number>;
  /** Whether a git process works in one of these folders; `unknown` where the system does not tell. */
  busyIn(folders: readonly string[]): Promise<'no' | 'yes' | 'unknown'>;
}

/** Returns the cause of a failure from {@link Git}; null for any other. */
export function gitCause(error: AppError): GitCause | null {
  const cause = error.details?.['cause'];
  return typeof cause === 'string' ? (cause as GitCause) : null;
}
