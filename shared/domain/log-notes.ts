import type { CalendarDate } from './ids.ts';
import { NOTE_TEXT_LIMIT, type NoteEntry } from './log-entry.ts';
import { cut } from './log-text/headings.ts';
import type { LogNote } from './log-text/log-reader.ts';
import type { LogText } from './log-text.ts';

export interface NoteContext {
  /** UUID of the machine whose log it is; where a log came by git, whoever committed it. Counts only when the log names no machine. */
  readonly machine: string;
  /** Day of the log, to be shown: it is no part of what tells notes apart, because it may be that of the file. */
  readonly date: CalendarDate;
  /** Author when the log names none: a host name or the author of the commit. */
  readonly fallbackFrom: string;
  /** SHA-256 of the UTF-8 form, lower-case hexadecimal. */
  readonly sha256: (text: string) => string;
}

/**
 * Turns the notes of a log into what a shard carries. The hash names the machine by its host name where the log says it, because
 * the same note may arrive in the workspace's log by git, where no machine UUID stands, and in the daily log by the store.
 */
export function noteEntries(parsed: LogText, context: NoteContext): NoteEntry[] {
  const seen = new Map<string, NoteEntry>();
  for (const note of parsed.notes) {
    const entry = noteEntry(note, parsed, context);
    if (!seen.has(entry.hash)) seen.set(entry.hash, entry);
  }
  return [...seen.values()];
}

/** The whole text of one note of a log, by its hash; null when the log does not hold it (any more). */
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
 * What tells a note from an equal one of another log, and stays the same when the log is copied, touched or moved: the day in its name, else
 * the session that wrote it, else what the text says. The copy in a daily log finds the same: the name stands in its entry's `Log` line.
 */
function scopeOf({ entry, session }: LogNote, { noteScope }: LogText): string {
  if (entry === null) return noteScope.nameDay ?? ofSession(session) ?? noteScope.text ?? '';
  return entry.logDate ?? ofSession(entry.log === null ? null : entry.sessionId) ?? noteScope.nameDay ?? '';
}

function ofSession(id: string | null): string | null {
  return id === null ? null : `session ${id.toLowerCase()}`;
}

/** The copy of a note in a daily log stands one level deeper, its headings with it. */
function sameDepth(text: string): string {
  return text.replaceAll(/^ {0,3}#{1,6}(?=[ \t]|$)/gm, '#');
}
