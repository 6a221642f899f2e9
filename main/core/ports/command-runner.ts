/** A user-configured command line, run by the platform's shell. */
export interface CommandRun {
  /** As configured. Values never go into it: they go through `env`, where no shell reads them as code. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds until it is killed with everything it started. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandEnd {
  /** `not-started`: the shell or the folder is missing. */
  readonly kind: 'exited' | 'killed' | 'timed-out' | 'cancelled' | 'not-started';
  /** Exit code; null unless `exited`. */
  readonly code: number | null;
  /** The last 4 KiB of both outputs at most, for messages. Not neutralised. */
  readonly output: string;
}

/** Runs other programs' commands without a terminal or input, so that no prompt can block. */
export interface CommandRunner {
  /** Settles when the command and everything it started have ended. Never rejects. */
  run(request: CommandRun): Promise<CommandEnd>;
}
