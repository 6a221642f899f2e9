import type { AppError } from '../../../shared/app-error.ts';
import { mapOk, ok, type Result } from '../../../shared/result.ts';
import { listInbox, markNotes, type InboxItem } from '../notes/inbox.ts';
import type { Reader } from '../notes/reader.ts';
import { reopenNotes } from '../notes/reopen-notes.ts';
import { receiveFromIndex, type ReceiveDeps } from '../notes/receive-notes.ts';
import { findReader } from './find-reader.ts';
import type { StoreBase } from './store-base.ts';

/** Who reads: a person, or whoever works in this folder (absolute). */
export type ReaderChoice = Reader | { readonly folder: string };

/** What a run that brings notes is told. */
export interface NotesOptions {
  readonly reader: ReaderChoice;
  /** Told of the reader's notes once those of the index are in the inbox; not if they could not be received. */
  readonly onNotes?: (notes: ReceivedNotes) => void;
}

/** The notes of a reader on this machine. */
export interface ReaderNotes {
  readonly reader: Reader;
  /** All of them, newest first. */
  readonly inbox: readonly InboxItem[];
  readonly unread: readonly InboxItem[];
  /** Marks notes. To be called after they were shown, never before: a crash in between shows them again. */
  readonly mark: (hashes: readonly string[], as: 'read' | 'done') => Promise<Result<void, AppError>>;
  /** Makes done notes read ones again. */
  readonly reopen: (hashes: readonly string[]) => Promise<Result<void, AppError>>;
}

/** The reader's notes, after those of the index were received. */
export interface ReceivedNotes extends ReaderNotes {
  /** How many were not taken, because their machine sends more than anybody reads. */
  readonly leftOut: number;
}

/** The notes that have come for a reader, by whatever way; the index is not looked at. */
export async function readNotes(
  base: StoreBase,
  choice: ReaderChoice,
): Promise<Result<ReaderNotes, AppError>> {
  const deps = depsOf(base);
  const reader = await readerOf(base, choice);
  if (!reader.ok) return reader;
  const inbox = await listInbox(deps, reader.value, 'all');
  if (!inbox.ok) return inbox;
  return ok({
    reader: reader.value,
    inbox: inbox.value,
    unread: inbox.value.filter(({ state }) => state === 'unread'),
    mark: (hashes, as) => markNotes(deps, reader.value, hashes, as),
    reopen: (hashes) => reopenNotes(deps, reader.value, hashes),
  });
}

/** Takes the notes that the index brought into the inbox. This is the only place that does. */
export async function receiveNotes(
  base: StoreBase,
  choice: ReaderChoice,
): Promise<Result<ReceivedNotes, AppError>> {
  const { index, self } = base.sync;
  const reader = await readerOf(base, choice);
  if (!reader.ok) return reader;
  const received = await receiveFromIndex(depsOf(base), index, self.uuid, reader.value);
  if (!received.ok) return received;
  const { leftOut } = received.value;
  return mapOk(await readNotes(base, reader.value), (notes) => ({ ...notes, leftOut }));
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

function depsOf({ sync, paths }: StoreBase): ReceiveDeps {
  const { files, locks, clock, bytes } = sync;
  return { files, locks, clock, bytes, paths };
}

async function readerOf(base: StoreBase, choice: ReaderChoice): Promise<Result<Reader, AppError>> {
  return 'folder' in choice ? findReader({ ...base, files: base.sync.files }, choice.folder) : ok(choice);
}
