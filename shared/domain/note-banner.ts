import { forTerminal, forTerminalLine } from './terminal-text.ts';

/** The commit that brought a note, and its author as git names them. */
export interface NoteCommit {
  /** Abbreviated hash. */
  readonly hash: string;
  readonly author: string;
}

/** Where a note came from: a log in a workspace, or one of another machine. */
export type NoteOrigin =
  | {
      readonly kind: 'git';
      readonly workspace: string;
      readonly path: string;
      /** Absent where git could not tell, and in older inboxes. */
      readonly commit?: NoteCommit | undefined;
    }
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
 * Describes who sent a note, if that says more than its name: the machine it came from through the store, first what nobody can choose, then
 * its host name; or the commit that brought it and its author, where that is somebody else.
 */
export function senderText({ origin, from }: Pick<ShownNote, 'origin' | 'from'>): string | null {
  if (origin.kind === 'store')
    return forTerminalLine(`${origin.machine.slice(0, MACHINE_DIGITS)} ${origin.host}`.trimEnd());
  if (origin.commit === undefined || isSameName(origin.commit.author, from)) return null;
  return forTerminalLine(`${origin.commit.hash} ${origin.commit.author}`.trimEnd());
}

function isSameName(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.normalize('NFC').trim().toLowerCase());
  return a === b;
}

/**
 * Formats a note as the "save and sync" document does: author and day between rules of 60 `=`, then its text. Its machine, or the
 * commit of somebody else, is on a line of its own, because the author's name is only a claim of the log. The text is another person's: anything that
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
  const sender = senderText(note);
  const first = note.newSender ? ' - the first message under this name from there' : '';
  const label = note.origin.kind === 'git' ? 'Commit' : 'Machine';
  const from = sender === null ? '' : `${label}: ${sender}${first}\n`;
  return `${RULE}\n${head}\n${from}${RULE}\n${body}${rest}\n${RULE}\n`;
}
