import { appError, type AppError, fail, type Answer } from '../../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../../shared/result.ts';
import { listNotes } from '../../workflows/list-notes.ts';
import { readNotes, type ReaderNotes } from '../../workflows/receive-notes.ts';
import type { AppCore } from '../app-core.ts';
import type { NotesService } from '../app-service.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';

export interface NotesServiceParts {
  readonly present: PresentCore;
  readonly bus: Bus;
}

const PAGE = 100;

/** The inbox of this machine's reader. */
export function createNotesService({ present, bus }: NotesServiceParts): NotesService {
  const withNotes = <T>(run: (core: AppCore, notes: ReaderNotes) => Answer<T>): Answer<T> =>
    present.use(async (core) => {
      const notes = await readNotes(core, { folder: core.paths.home });
      return notes.ok ? run(core, notes.value) : notes;
    });

  const mark = (
    hashes: readonly string[],
    write: (notes: ReaderNotes) => Answer<void>,
  ): Answer<{ readonly unread: number }> =>
    withNotes(async (core, notes) => {
      const there = new Set(notes.inbox.map(({ hash }) => hash));
      if (hashes.some((hash) => !there.has(hash))) return err(noNote());
      const written = await write(notes);
      if (!written.ok) return busyAsIo(written);
      void bus.emit('notes.marked', null);
      return mapOk(await readNotes(core, notes.reader), ({ unread }) => ({ unread: unread.length }));
    });

  return {
    list: ({ show, offset = 0, limit = PAGE }) =>
      withNotes(async (core, notes) => {
        const listed = await listNotes(core, notes, show);
        if (!listed.ok) return listed;
        const page = listed.value.slice(offset, offset + limit);
        return ok({ notes: page, total: listed.value.length, unread: notes.unread.length });
      }),
    markRead: ({ notes: hashes }) => mark(hashes, (notes) => notes.mark(hashes, 'read')),
    markDone: ({ notes: hashes }) => mark(hashes, (notes) => notes.mark(hashes, 'done')),
    reopen: ({ notes: hashes }) => mark(hashes, (notes) => notes.reopen(hashes)),
  };
}

function noNote(): AppError {
  return appError('not-found', 'A note to be marked is no longer in the inbox.', 'Look at the inbox again.');
}

/** The inbox lock is held for milliseconds; ten seconds mean a disk fault, not a deferral. */
function busyAsIo(failed: Result<never, AppError>): Result<never, AppError> {
  if (failed.ok || failed.error.code !== 'lock-held') return failed;
  return fail('io', 'The inbox is in use by another program and was not changed.', 'Try again.', {
    transient: true,
  });
}
