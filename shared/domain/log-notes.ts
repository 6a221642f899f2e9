import type { CalendarDate } from './ids.ts';
import { NOTE_TEXT_LIMIT, type NoteEntry } from './log-entry.ts';
import { cut } from './log-text/headings.ts';
import type { LogNote } from './log-text/log-reader.ts';
import type { LogText } from './log-text.ts';

export interface NoteContext {
  /** UUID of the machine that owns the log or, for a log from git, of its committer. Used only when the log names no machine. */
  readonly machine: string;
  /** Day of the log, for display only: not part of a note's identity, because it may be the file's. */
  readonly date: CalendarDate;
  /** Author to use when the log names none: a host name or the author of the commit. */
  readonly fallbackFrom: string;
  /** SHA-256 of the UTF-8 form, lower-case hex. */
  readonly sha256: (text: string) => string;
}

/**
 * Converts the notes of a log to shard entries. The hash uses the machine's host name if the log gives it, because the same note
 * may arrive in the workspace's log by git, without a machine UUID, and in the daily log through the store.
 */
export function noteEntries(parsed: LogText, context: NoteContext): NoteEntry[] {
  const seen = new Map<string, NoteEntry>();
  for (const note of parsed.notes) {
    const entry = noteEntry(note, parsed, context);
    if (!seen.has(entry.hash)) seen.set(entry.hash, entry);
  }
  return [...seen.values()];
}

/** Returns the full text of a note of a log by its hash; null when the log does not contain it (any more). */
export function wholeNote(parsed: LogText, hash: string, context: NoteContext): string | null {
  return parsed.notes.find((note) => noteEntry(note, parsed, context).hash === hash)?.text ?? null;
}

function noteEntry(note: LogNote, parsed: LogText, context: NoteContext): NoteEntry {
  const by = note.entry?.author || note.entry?.user || note.entry?.machineName ? note.entry : parsed;
  const machine = (by.machineName ?? context.machine).toLowerCase();
  const text = cut(note.text, NOTE_TEXT_LIMIT);
  const identity = [machine, note.to.toLowerCase(), scopeOf(note, parsed), sameDepth(note.text)];
  return {
    hash: context.sha256(JSON.stringify(identity)),
    to: note.to,
    from: by.author ?? by.user ?? context.fallbackFrom,
    date: note.entry?.logDate ?? context.date,
    line: note.line,
    text,
    truncated: text.length < note.text.length,
  };
}

/**
 * Distinguishes a note from an equal one in another log, and survives copying, touching or moving the log: the day in its name, else the
 * session that wrote it, else what the text gives. The copy in a daily log yields the same scope, because its entry's `Log` line contains
 * the name.
 */
function scopeOf({ entry, session }: LogNote, { noteScope }: LogText): string {
  if (entry === null) return noteScope.nameDay ?? ofSession(session) ?? noteScope.text ?? '';
  return entry.logDate ?? ofSession(entry.log === null ? null : entry.sessionId) ?? noteScope.nameDay ?? '';
}

function ofSession(id: string | null): string | null {
  return id === null ? null : `session ${id.toLowerCase()}`;
}

/** In a daily log, the copy of a note is one level deeper, and so are its headings. */
function sameDepth(text: string): string {
  return text.replaceAll(/^ {0,3}#{1,6}(?=[ \t]|$)/gm, '#');
}
