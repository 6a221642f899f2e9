import * as v from 'valibot';
import type { Answer } from '../../../../shared/app-error.ts';
import type { InboxNote } from '../../../../shared/ipc/payloads.ts';
import { ok } from '../../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../../files/state-file.ts';
import type { InboxItem } from '../../notes/inbox.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import { inboxNote } from '../../workflows/list-notes.ts';
import type { AppCore } from '../app-core.ts';

/** Far more than an inbox holds. */
const REMEMBERED = 5_000;
const FORMAT = { schema: stateObject({ notes: v.array(v.string()) }), maxBytes: MIB };

/** Remembers announced notes, so that each is announced once, across restarts. */
export interface NoteNews {
  /**
   * Takes unread notes not announced yet, oldest first. They count as announced from now on: a crash before the notification loses the
   * notification, not the note, which stays unread in the inbox.
   */
  take(core: AppCore, unread: readonly InboxItem[]): Answer<readonly InboxNote[]>;
}

/** @param path of `state/notified.json`, absolute; regenerable */
export function createNoteNews(files: Files, path: string, logger: Pick<Logger, 'warn'>): NoteNews {
  let queue: Promise<unknown> = Promise.resolve();

  async function take(core: AppCore, unread: readonly InboxItem[]): Answer<readonly InboxNote[]> {
    if (unread.length === 0) return ok([]);
    // Read each time: app and browser view may run side by side over one data folder.
    const before = new Set((await recallState(files, path, FORMAT, logger))?.notes);
    const fresh = unread.filter(({ hash }) => !before.has(hash));
    if (fresh.length === 0) return ok([]);
    const next = [...before, ...fresh.map(({ hash }) => hash)].slice(-REMEMBERED);
    const written = await writeState(files, path, { schema: 1, notes: next });
    // What cannot be stored is not announced: better late than again and again.
    if (!written.ok) return written;
    return ok(fresh.map((item) => inboxNote(core, item)).reverse());
  }

  return {
    take(core, unread) {
      const next = queue.then(() => take(core, unread));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}
