/** One checked thing. */
export interface Finding {
  readonly level: 'ok' | 'hint' | 'problem';
  readonly subject: string;
  readonly finding: string;
  /** The command or step that fixes it; empty when all is well. */
  readonly remedy: string;
}
