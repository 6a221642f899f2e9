/** Highlights text. */
export type Paint = (text: string) => string;

/** The available highlighting of printed words. */
export interface TerminalStyle {
  readonly bold: Paint;
  readonly faint: Paint;
  readonly warn: Paint;
}

const PLAIN: Paint = (text) => text;

/**
 * Placeholder for the start of an escape sequence until the text is printed: all output is sanitized in one place, which must recognize our
 * own sequences. No foreign text can contain it, because it differs in every process.
 */
const TOKEN = `<${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}:`;
const STYLED = new RegExp(`${TOKEN}(\\d{1,2})>`, 'g');

/**
 * Colours for a terminal a person looks at; none in a file or pipe, or if the person wants none (https://no-color.org). Applied by {@link
 * applyStyle}.
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

/** Converts the placeholders of {@link terminalStyle} to escape sequences; must be called after all sanitizing. */
export function applyStyle(text: string): string {
  return text.includes(TOKEN) ? text.replaceAll(STYLED, '\u001b[$1m') : text;
}
