/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'hint' | 'problem';
  readonly subject: string;
  readonly finding: string;
  /** The command or step that fixes it; empty when nothing needs fixing. */
  readonly remedy: string;
}
