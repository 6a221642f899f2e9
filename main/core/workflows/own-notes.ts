import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { findNote, listInbox, markNotes, rememberListed, type InboxItem } from '../notes/inbox.ts';
import type { NotesDeps } from '../notes/inbox-file.ts';
import type { Reader } from '../notes/reader.ts';
import { readWholeNote } from '../notes/whole-note.ts';
import type { Bytes } from '../ports/bytes.ts';
import { findReader, type ReaderBase } from './find-reader.ts';

/** What reading notes takes without the store: the data folder, and who reads. */
export interface OwnNotesBase extends NotesDeps, ReaderBase {
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly paths: NotesDeps['paths'] & {
    /** Folder of other machines' logs, absolute. */
    readonly cache: string;
  };
}

/** Notes of one reader. */
export interface OwnNotes {
  readonly reader: Reader;
  /** As they were before anything was marked. */
  readonly notes: readonly InboxItem[];
}

/** A list of notes. */
export interface ListedNotes extends OwnNotes {
  /** Why their places in it could not be remembered, so that they go by their hashes alone; else null. */
  readonly unnumbered: AppError | null;
}

/** A note, and its whole text if that is longer than what the inbox keeps and at hand; else null. */
export interface OwnNote {
  readonly reader: Reader;
  readonly note: InboxItem;
  readonly whole: string | null;
}

/**
 * The notes of whoever works in a folder, newest first. From then on they can be named by their place in this list.
 * @param folder absolute
 */
export async function listOwnNotes(
  base: OwnNotesBase,
  folder: string,
  which: 'unread' | 'all',
): Promise<Result<ListedNotes, AppError>> {
  const reader = await findReader(base, folder);
  if (!reader.ok) return reader;
  const notes = await listInbox(base, reader.value, which);
  if (!notes.ok) return notes;
  // Who may only look is shown them all the same.
  const remembered = await rememberListed(base, notes.value);
  const unnumbered = remembered.ok ? null : remembered.error;
  return ok({ reader: reader.value, notes: notes.value, unnumbered });
}

/**
 * One note in full.
 * @param name see `findNote`
 */
export async function findOwnNote(
  base: OwnNotesBase,
  folder: string,
  name: string,
): Promise<Result<OwnNote, AppError>> {
  const reader = await findReader(base, folder);
  if (!reader.ok) return reader;
  const note = await findNote(base, reader.value, name);
  if (!note.ok) return note;
  const whole = note.value.truncated ? await readWholeNote(base, base.paths.cache, note.value) : null;
  return ok({ reader: reader.value, note: note.value, whole });
}

/** Marks notes as done, on every machine of the reader's: all of them, or none when one is not found. */
export async function finishOwnNotes(
  base: OwnNotesBase,
  folder: string,
  names: readonly string[],
): Promise<Result<OwnNotes, AppError>> {
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

/** Marks notes as read. To be called after they were shown, never before: a crash in between shows them again. */
export function markShown(base: NotesDeps, { reader, notes }: OwnNotes): Promise<Result<void, AppError>> {
  return markNotes(base, reader, hashesOf(notes), 'read');
}

function hashesOf(notes: readonly InboxItem[]): readonly string[] {
  return notes.map(({ hash }) => hash);
}
