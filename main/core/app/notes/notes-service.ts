import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { NoteReceipt } from '../../../../shared/domain/log-entry.ts';
import { err, mapOk, ok, type Result } from '../../../../shared/result.ts';
import { listInbox, markNotes } from '../../notes/inbox.ts';
import type { Reader } from '../../notes/reader.ts';
import type { AppCore } from '../app-core.ts';
import type { Answer, NotesService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import { collectNotes, notesDepsOf, readerOf } from './inbox-notes.ts';
import { reopenNotes } from './reopen-notes.ts';

export interface NotesServiceParts {
  readonly present: PresentCore;
  readonly systemUser: string;
  readonly bus: Bus;
}

const PAGE = 100;

/** The inbox of whoever reads on this machine. */
export function createNotesService({ present, systemUser, bus }: NotesServiceParts): NotesService {
  const withReader = <T>(
    run: (core: AppCore, reader: Reader) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> =>
    present.use(async (core) => {
      const reader = await readerOf(core, systemUser);
      return reader.ok ? run(core, reader.value) : reader;
    });

  const mark = (
    hashes: readonly string[],
    write: (core: AppCore, reader: Reader) => Promise<Result<void, AppError>>,
  ): Answer<{ readonly unread: number }> =>
    withReader(async (core, reader) => {
      const known = await listInbox(notesDepsOf(core), reader, 'all');
      if (!known.ok) return known;
      const there = new Set(known.value.map(({ hash }) => hash));
      if (hashes.some((hash) => !there.has(hash))) return err(noNote());
      const written = await write(core, reader);
      if (!written.ok) return busyAsIo(written);
      const left = await unreadOf(core, reader);
      void bus.emit('notes.marked', null);
      return mapOk(left, (unread) => ({ unread }));
    });

  const markAs = (
    hashes: readonly string[],
    state: NoteReceipt['state'],
  ): Answer<{ readonly unread: number }> =>
    mark(hashes, (core, reader) => markNotes(notesDepsOf(core), reader, hashes, state));

  return {
    list: ({ show, offset = 0, limit = PAGE }) =>
      withReader(async (core, reader) => {
        const notes = await collectNotes(core, reader, show);
        if (!notes.ok) return notes;
        const unread = await unreadOf(core, reader);
        if (!unread.ok) return unread;
        return ok({
          notes: notes.value.slice(offset, offset + limit),
          total: notes.value.length,
          unread: unread.value,
        });
      }),
    markRead: ({ notes }) => markAs(notes, 'read'),
    markDone: ({ notes }) => markAs(notes, 'done'),
    reopen: ({ notes }) => mark(notes, (core, reader) => reopenNotes(notesDepsOf(core), reader, notes)),
  };
}

/** How many notes a reader has not seen. */
export async function unreadOf(core: AppCore, reader: Reader): Promise<Result<number, AppError>> {
  return mapOk(await listInbox(notesDepsOf(core), reader, 'unread'), (items) => items.length);
}

function noNote(): AppError {
  return appError(
    'not-found',
    'A note that was to be marked is not in the inbox any more.',
    'Look at the inbox again.',
  );
}

/** The lock of the inbox is held for milliseconds; ten seconds of it are a fault of the disk and not a deferral. */
function busyAsIo(failed: Result<never, AppError>): Result<never, AppError> {
  if (failed.ok || failed.error.code !== 'lock-held') return failed;
  return err(
    appError('io', 'The inbox is in use by another program and was not changed.', 'Try again.', {
      transient: true,
    }),
  );
}
