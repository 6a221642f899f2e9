import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { findNote, listInbox, markNotes, rememberListed, type InboxItem } from '../notes/inbox.ts';
import type { NotesDeps } from '../notes/inbox-file.ts';
import type { Reader } from '../notes/reader.ts';
import { readWholeNote } from '../notes/whole-note.ts';
import type { Bytes } from '../ports/bytes.ts';
import { findReader, type ReaderBase } from './find-reader.ts';

/** What reading notes without the store needs: the data folder and the reader. */
export interface OwnNotesBase extends NotesDeps, ReaderBase {
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly paths: NotesDeps['paths'] & {
    /** Folder of other machines' logs, absolute. */
    readonly cache: string;
  };
}

/** One reader's notes. */
export interface OwnNotes {
  readonly reader: Reader;
  /** As before any marking. */
  readonly notes: readonly InboxItem[];
}

/** A list of notes. */
export interface ListedNotes extends OwnNotes {
  /** Why their list positions could not be stored, so only hashes name them; else null. */
  readonly unnumbered: AppError | null;
}

/** A note, and its whole text if longer than the inbox keeps and available; else null. */
export interface OwnNote {
  readonly reader: Reader;
  readonly note: InboxItem;
  readonly whole: string | null;
}

/**
 * Lists the notes for a folder's reader, newest first. From then on their list positions name them.
 * @param folder absolute
 */
export async function listOwnNotes(
  base: OwnNotesBase,
  folder: string,
  which: 'unread' | 'all',
): Answer<ListedNotes> {
  const reader = await findReader(base, folder);
  if (!reader.ok) return reader;
  const notes = await listInbox(base, reader.value, which);
  if (!notes.ok) return notes;
  // Read-only users see them too.
  const remembered = await rememberListed(base, notes.value);
  const unnumbered = remembered.ok ? null : remembered.error;
  return ok({ reader: reader.value, notes: notes.value, unnumbered });
}

/**
 * One note in full.
 * @param name see `findNote`
 */
export async function findOwnNote(base: OwnNotesBase, folder: string, name: string): Answer<OwnNote> {
  const reader = await findReader(base, folder);
  if (!reader.ok) return reader;
  const note = await findNote(base, reader.value, name);
  if (!note.ok) return note;
  const whole = note.value.truncated ? await readWholeNote(base, base.paths.cache, note.value) : null;
  return ok({ reader: reader.value, note: note.value, whole });
}

/** Marks notes as done on all of the reader's machines: all of them, or none when one is not found. */
export async function finishOwnNotes(
  base: OwnNotesBase,
  folder: string,
  names: readonly string[],
): Answer<OwnNotes> {
  const reader = await findReader(base, folder);
  if (!reader.ok) return reader;
  const notes: InboxItem[] = [];
  for (const name of names) {
    const found = await findNote(base, reader.value, name);
    if (!found.ok) return found;
    notes.push(found.value);
  }
  const marked = await markNotes(base, reader.value, hashesOf(notes), 'done');
  return marked.ok ? ok({ reader: reader.value, notes }) : marked;
}

/** Marks notes as read. Call after showing them, never before: a crash in between shows them again. */
export function markShown(base: NotesDeps, { reader, notes }: OwnNotes): Answer<void> {
  return markNotes(base, reader, hashesOf(notes), 'read');
}

function hashesOf(notes: readonly InboxItem[]): readonly string[] {
  return notes.map(({ hash }) => hash);
}
