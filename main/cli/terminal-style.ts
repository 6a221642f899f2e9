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
 * Stands for the beginning of an escape sequence until the text is printed: all output is made harmless at one place, and what of it is our
 * own must be known there. No text from elsewhere can hold it, because it is another one in every process.
 */
const TOKEN = `<${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}:`;
const STYLED = new RegExp(`${TOKEN}(\\d{1,2})>`, 'g');

/**
 * Colours for a terminal that a person looks at; none in a file or pipe, nor where the person wants none (https://no-color.org). They take
 * effect in {@link applyStyle}.
 * @param env `NO_COLOR`, `TERM`
 * @param toTerminal standard output is a terminal
 */
export function terminalStyle(
  env: Readonly<Record<string, string | undefined>>,
  toTerminal: boolean,
): TerminalStyle {
  if (!toTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb')
    return { bold: PLAIN, faint: PLAIN, warn: PLAIN };
  const styled =
    (on: number, off: number): Paint =>
    (text) =>
      `${TOKEN}${on}>${text}${TOKEN}${off}>`;
  return { bold: styled(1, 22), faint: styled(2, 22), warn: styled(33, 39) };
}

/** Turns what {@link terminalStyle} put into a text into escape sequences; to be called behind everything that makes text harmless. */
export function applyStyle(text: string): string {
  return text.includes(TOKEN) ? text.replaceAll(STYLED, '\u001b[$1m') : text;
}
