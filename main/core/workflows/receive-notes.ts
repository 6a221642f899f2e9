import type { Answer } from '../../../shared/app-error.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { listInbox, markNotes, type InboxItem } from '../notes/inbox.ts';
import type { Reader } from '../notes/reader.ts';
import { reopenNotes } from '../notes/reopen-notes.ts';
import { receiveFromIndex, type ReceiveDeps } from '../notes/receive-notes.ts';
import { findReader } from './find-reader.ts';
import type { StoreBase } from './store-base.ts';

/** Reader: a person, or whoever works in this folder (absolute). */
export type ReaderChoice = Reader | { readonly folder: string };

/** Options of a run that receives notes. */
export interface NotesOptions {
  readonly reader: ReaderChoice;
  /** Receives the reader's notes once those of the index are in the inbox; not called if receiving failed. */
  readonly onNotes?: (notes: ReceivedNotes) => void;
}

/** A reader's notes on this machine. */
export interface ReaderNotes {
  readonly reader: Reader;
  /** All of them, newest first. */
  readonly inbox: readonly InboxItem[];
  readonly unread: readonly InboxItem[];
  /** Marks notes. Call after showing them, never before: a crash in between shows them again. */
  readonly mark: (hashes: readonly string[], as: 'read' | 'done') => Answer<void>;
  /** Marks done notes as read again. */
  readonly reopen: (hashes: readonly string[]) => Answer<void>;
}

/** The reader's notes after receiving those of the index. */
export interface ReceivedNotes extends ReaderNotes {
  /** How many were refused because their machine sends more than anybody reads. */
  readonly leftOut: number;
}

/** Lists a reader's notes, however received; does not look at the index. */
export async function readNotes(base: StoreBase, choice: ReaderChoice): Answer<ReaderNotes> {
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

/** Moves the index's notes into the inbox. The only place that does. */
export async function receiveNotes(base: StoreBase, choice: ReaderChoice): Answer<ReceivedNotes> {
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

async function readerOf(base: StoreBase, choice: ReaderChoice): Answer<Reader> {
  return 'folder' in choice ? findReader({ ...base, files: base.sync.files }, choice.folder) : ok(choice);
}
