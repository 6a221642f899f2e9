import { forTerminal, forTerminalLine } from '../../../shared/domain/terminal-text.ts';
import type { InboxItem } from './inbox.ts';

const RULE = '='.repeat(60);

/**
 * A note as the "save and sync" document shows it: author and day between rules of 60 `=`, then its text. The text is another person's:
 * what could steer the terminal is made visible, and a line of it that looks like a rule is indented, so that no note can pretend to end
 * and another person's to begin.
 * @param text the whole note, when it is longer than what the inbox keeps
 */
export function noteBanner(
  note: Pick<InboxItem, 'from' | 'date' | 'text' | 'truncated' | 'origin' | 'line'>,
  text: string | null = null,
): string {
  const body = forTerminal(text ?? note.text).replaceAll(/^(?=={3,}[ \t]*$)/gm, ' ');
  const rest =
    text === null && note.truncated
      ? `\n[... the rest is in ${forTerminalLine(note.origin.path)}, line ${note.line}]`
      : '';
  const head = `MESSAGE FROM ${forTerminalLine(note.from)} (${note.date})`;
  return `${RULE}\n${head}\n${RULE}\n${body}${rest}\n${RULE}\n`;
}
