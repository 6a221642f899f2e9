import { forTerminal, forTerminalLine } from './terminal-text.ts';

/** Where a note came from: a log in a workspace, or one of another machine. */
export type NoteOrigin =
  | { readonly kind: 'git'; readonly workspace: string; readonly path: string }
  | { readonly kind: 'store'; readonly machine: string; readonly host: string; readonly path: string };

/** A note as it is shown. */
export interface ShownNote {
  readonly from: string;
  readonly date: string;
  readonly text: string;
  /** The text is the beginning of a longer one. */
  readonly truncated: boolean;
  readonly origin: NoteOrigin;
  /** Of its log, from 1. */
  readonly line: number;
  /** True: its author's name came from other machines before, and from this one never. */
  readonly newSender?: boolean | undefined;
}

const RULE = '='.repeat(60);

/** Digits of a machine's UUID that tell it from others, where its host name may be anything. */
const MACHINE_DIGITS = 8;

/**
 * The machine a note came from by the store: first what nobody can choose, then its host name. Null for what came by git, which knows no
 * machine.
 */
export function senderText(origin: NoteOrigin): string | null {
  if (origin.kind === 'git') return null;
  return forTerminalLine(`${origin.machine.slice(0, MACHINE_DIGITS)} ${origin.host}`.trimEnd());
}

/**
 * A note as the "save and sync" document shows it: author and day between rules of 60 `=`, then its text. What the store brought has the
 * machine on a line of its own, because the author's name is only what the log says. The text is another person's:
 * what could steer the terminal is made visible, and a line of it that looks like a rule is indented, so that no note can pretend to end
 * and another person's to begin.
 * @param text the whole note, when it is longer than what the inbox keeps
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
