/** How a program ended. */
export interface ProgramEnd {
  /** Exit code; null when it could not be started or did not end in time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine's own timers: its programs, and which of them there are. */
export interface TimerHost {
  /** Runs a program without a shell, in the language of programmers. Always settles. */
  run(file: string, args: readonly string[], stdin?: string): Promise<ProgramEnd>;
  readonly platform: 'linux' | 'darwin' | 'win32';
}
