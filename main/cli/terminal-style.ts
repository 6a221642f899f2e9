/** Makes text stand out. */
export type Paint = (text: string) => string;

/** How words may be set off from each other where they are printed. */
export interface TerminalStyle {
  readonly bold: Paint;
  readonly faint: Paint;
  readonly warn: Paint;
}

const PLAIN: Paint = (text) => text;

/**
 * Colours for a terminal that a person looks at; none in a file or pipe, nor where the person wants none (https://no-color.org).
 * @param env `NO_COLOR`, `TERM`
 * @param toTerminal standard output is a terminal
 */
export function terminalStyle(
  env: Readonly<Record<string, string | undefined>>,
  toTerminal: boolean,
): TerminalStyle {
  if (!toTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb')
    return { bold: PLAIN, faint: PLAIN, warn: PLAIN };
  const sequence =
    (on: number, off: number): Paint =>
    (text) =>
      `\u001b[${on}m${text}\u001b[${off}m`;
  return { bold: sequence(1, 22), faint: sequence(2, 22), warn: sequence(33, 39) };
}
