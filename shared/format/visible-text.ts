import { forTerminal, forTerminalLine } from '../domain/terminal-text.ts';

/**
 * Makes text from other machines safe to show on a page. React escapes markup, but a direction control still makes `evil.exe` read
 * `exe.live`, and a tag character still hides words from a person: both are shown as `<U+202E>`.
 */
export function visibleText(text: string): string {
  return forTerminal(text);
}

/** Like {@link visibleText}, on one line. */
export function visibleLine(text: string): string {
  return forTerminalLine(text);
}
