/** How a program ended. */
export interface ProgramEnd {
  /** Exit code; null when it could not be started or did not end in time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine's timer programs, and which of them exist. */
export interface TimerHost {
  /** Runs a program without a shell, in the C locale. Always settles. */
  run(file: string, args: readonly string[], stdin?: string): Promise<ProgramEnd>;
  readonly platform: 'linux' | 'darwin' | 'win32';
}
