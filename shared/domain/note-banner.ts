import { forTerminal, forTerminalLine } from './terminal-text.ts';

/** Where a note came from: a log in a workspace, or one of another machine. */
export type NoteOrigin =
  | { readonly kind: 'git'; readonly workspace: string; readonly path: string }
  | { readonly kind: 'store'; readonly machine: string; readonly host: string; readonly path: string };

/** A note as displayed. */
export interface ShownNote {
  readonly from: string;
  readonly date: string;
  readonly text: string;
  /** The text is only the beginning of a longer one. */
  readonly truncated: boolean;
  readonly origin: NoteOrigin;
  /** In its log, 1-based. */
  readonly line: number;
  /** True when its author's name has come from other machines before, but never from this one. */
  readonly newSender?: boolean | undefined;
}

const RULE = '='.repeat(60);

/** Digits of a machine's UUID that identify it where its host name may be anything. */
const MACHINE_DIGITS = 8;

/**
 * Describes the machine a note came from through the store: first what nobody can choose, then its host name. Null for notes from git,
 * which knows no machine.
 */
export function senderText(origin: NoteOrigin): string | null {
  if (origin.kind === 'git') return null;
  return forTerminalLine(`${origin.machine.slice(0, MACHINE_DIGITS)} ${origin.host}`.trimEnd());
}

/**
 * Formats a note as the "save and sync" document does: author and day between rules of 60 `=`, then its text. A note from the store has
 * its machine on a line of its own, because the author's name is only a claim of the log. The text is another person's: anything that
 * could control the terminal is made visible, and lines that look like a rule are indented, so that no note can fake its end and another
 * person's beginning.
 * @param text the whole note, when it is longer than what the inbox stores
 */
export function noteBanner(note: ShownNote, text: string | null = null): string {
  const body = forTerminal(text ?? note.text).replaceAll(/^(?=={3,}[ \t]*$)/gm, ' ');
  const rest =
    text === null && note.truncated
      ? `\n[... the rest is in ${forTerminalLine(note.origin.path)}, line ${note.line}]`
      : '';
  const head = `MESSAGE FROM ${forTerminalLine(note.from)} (${note.date})`;
  const sender = senderText(note.origin);
  const first = note.newSender ? ' - the first message under this name from there' : '';
  const from = sender === null ? '' : `Machine: ${sender}${first}\n`;
  return `${RULE}\n${head}\n${from}${RULE}\n${body}${rest}\n${RULE}\n`;
}
