import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { listInbox, markNotes, type InboxItem } from '../notes/inbox.ts';
import { findReader, knownReaders, type Reader } from '../notes/reader.ts';
import { receiveFromIndex, type ReceiveDeps } from '../notes/receive-notes.ts';
import type { StoreBase } from './store-base.ts';

/** Who reads: a person, or whoever works in this folder (absolute). */
export type ReaderChoice = Reader | { readonly folder: string };

/** What a run that brings notes is told. */
export interface NotesOptions {
  readonly reader: ReaderChoice;
  /** Told of the reader's notes once those of the index are in the inbox; not if they could not be received. */
  readonly onNotes?: (notes: ReceivedNotes) => void;
}

/** The reader's notes, after those of the index were received. */
export interface ReceivedNotes {
  readonly reader: Reader;
  /** All of them, newest first. */
  readonly inbox: readonly InboxItem[];
  readonly unread: readonly InboxItem[];
  /** How many were not taken, because their machine sends more than anybody reads. */
  readonly leftOut: number;
  /** Marks notes. To be called after they were shown, never before: a crash in between shows them again. */
  readonly mark: (hashes: readonly string[], as: 'read' | 'done') => Promise<Result<void, AppError>>;
}

/** Takes the notes that the index brought into the inbox. This is the only place that does. */
export async function receiveNotes(
  base: StoreBase,
  choice: ReaderChoice,
): Promise<Result<ReceivedNotes, AppError>> {
  const { files, locks, clock, bytes, index, self } = base.sync;
  const deps: ReceiveDeps = { files, locks, clock, bytes, paths: base.paths };
  const reader = await readerOf(base, choice);
  if (!reader.ok) return reader;
  const received = await receiveFromIndex(deps, index, self.uuid, reader.value);
  if (!received.ok) return received;
  const inbox = await listInbox(deps, reader.value, 'all');
  if (!inbox.ok) return inbox;
  return ok({
    reader: reader.value,
    inbox: inbox.value,
    unread: inbox.value.filter(({ state }) => state === 'unread'),
    leftOut: received.value.leftOut,
    mark: (hashes, as) => markNotes(deps, reader.value, hashes, as),
  });
}

/**
 * {@link receiveNotes} at the end of a run that pulled the index. Best effort: what fails here stays in the index, comes with the next run,
 * and fails none.
 */
export async function receiveAfterPull(base: StoreBase, options: NotesOptions): Promise<void> {
  const received = await receiveNotes(base, options.reader);
  if (received.ok) return options.onNotes?.(received.value);
  const { code, message } = received.error;
  base.sync.logger.warn('notes of the index could not be received', { code, message });
}

async function readerOf(
  { sync, settings, systemUser }: StoreBase,
  choice: ReaderChoice,
): Promise<Result<Reader, AppError>> {
  return 'folder' in choice
    ? findReader(sync.files, choice.folder, knownReaders(settings, systemUser))
    : ok(choice);
}
