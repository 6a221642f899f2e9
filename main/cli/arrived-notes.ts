import { plural } from '../../shared/format/amount.ts';
import type { Core } from '../compose/core.ts';
import { userName } from '../compose/user-name.ts';
import { listInbox, markNotes } from '../core/notes/inbox.ts';
import { findReader, knownReaders } from '../core/notes/reader.ts';
import { receiveFromIndex, type ReceiveDeps } from '../core/notes/receive-notes.ts';
import { noteScreen } from './note-screen.ts';
import type { CliContext } from './cli-context.ts';
import { forPeople } from './terminal-encoding.ts';

/** Unread messages that are shown above a summary. */
export interface ArrivedNotes {
  /** The banners; empty when there are none. */
  readonly text: string;
  /** To be called after the text was shown, never before: a crash in between shows the messages again. */
  shown(): Promise<void>;
}

const NONE: ArrivedNotes = { text: '', shown: async () => undefined };

/** Takes the notes that the index brought into the inbox. Best effort: what fails here waits in the index and never fails a sync. */
export async function arrivedNotes(core: Core, context: CliContext): Promise<ArrivedNotes> {
  const { files, locks, clock, bytes, index, self, logger } = core.sync;
  const deps: ReceiveDeps = { files, locks, clock, bytes, paths: core.paths };
  const reader = await findReader(files, context.cwd, knownReaders(core.settings, userName()));
  if (!reader.ok) return NONE;
  const received = await receiveFromIndex(deps, index, self.uuid, reader.value);
  const unread = received.ok ? await listInbox(deps, reader.value, 'unread') : received;
  if (!unread.ok) {
    logger.warn('notes of the index could not be received', {
      code: unread.error.code,
      message: unread.error.message,
    });
    return NONE;
  }
  const { text, shown } = noteScreen(unread.value);
  const leftOut = received.ok ? received.value.leftOut : 0;
  const unseen =
    leftOut > 0
      ? `[WARN] ${plural(leftOut, 'message')} left out: their machine sends more than anybody reads.\n`
      : '';
  return {
    text: forPeople(`${text}${unseen}`, context.env),
    shown: async () => {
      await markNotes(
        deps,
        reader.value,
        shown.map(({ hash }) => hash),
        'read',
      );
    },
  };
}
