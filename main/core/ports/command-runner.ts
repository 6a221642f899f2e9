/** A command line that a person configured, run by the platform's shell. */
export interface CommandRun {
  /** As configured. Values are never put into it: they go through `env`, where no shell reads them as code. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended, with everything it started. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface CommandEnd {
  /** `not-started`: the shell or the folder is missing. */
  readonly kind: 'exited' | 'killed' | 'timed-out' | 'cancelled' | 'not-started';
  /** Exit code; null unless `exited`. */
  readonly code: number | null;
  /** The end of what it printed on both channels, at most 4 KiB, for messages. Not neutralised. */
  readonly output: string;
}

/** Runs commands of other programs, without a terminal and without input, so that no prompt can wait for anybody. */
export interface CommandRunner {
  /** Settles when the command and everything it started have ended. Never rejects. */
  run(request: CommandRun): Promise<CommandEnd>;
}
