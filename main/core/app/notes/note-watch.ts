import type { InboxNote } from '../../../../shared/ipc/payloads.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { listInbox } from '../../notes/inbox.ts';
import { receiveFromIndex } from '../../notes/receive-notes.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { CoreHolder } from '../core-holder.ts';
import type { EventBus } from '../event-feed.ts';
import { notesDepsOf, readerOf } from './inbox-notes.ts';
import type { NoteNews } from './note-news.ts';
import { quietUntil } from '../schedule/wall-time.ts';

/** Notices notes that have come, by whatever way, and has each announced once. */
export interface NoteWatch {
  /** Takes over what the index knows and looks at the inbox. */
  check(): Promise<void>;
  /** Calls back with notes to announce; the returned function ends it. While nobody listens nothing is taken as announced. */
  subscribe(listener: (notes: readonly InboxNote[]) => void): () => void;
}

export interface NoteWatchParts {
  readonly holder: CoreHolder;
  readonly news: NoteNews;
  readonly systemUser: string;
  readonly settings: () => Settings | null;
  readonly timeZone: () => string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly bus: EventBus;
  readonly onUnread: (unread: number) => void;
  /** Asks for a check at that time, when quiet hours are over. */
  readonly checkAt: (at: number) => void;
}

/** @returns a watch that checks only when it is told to */
export function createNoteWatch(parts: NoteWatchParts): NoteWatch {
  const listeners = new Set<(notes: readonly InboxNote[]) => void>();
  let before: string | null = null;
  let queue: Promise<void> = Promise.resolve();

  async function check(): Promise<void> {
    const done = await parts.holder.use<unknown>(async (core) => {
      const reader = await readerOf(core, parts.systemUser);
      if (!reader.ok) return reader;
      const received = await receiveFromIndex(
        notesDepsOf(core),
        core.sync.index,
        core.sync.self.uuid,
        reader.value,
      );
      if (!received.ok) return received;
      const inbox = await listInbox(notesDepsOf(core), reader.value, 'all');
      if (!inbox.ok) return inbox;
      // Not the number of unread notes alone: one that was read and is done now changes the list and not the number.
      const now = inbox.value.map(({ hash, state }) => `${hash} ${state}`).join('\n');
      if (now !== before) {
        before = now;
        const unread = inbox.value.filter(({ state }) => state === 'unread').length;
        parts.onUnread(unread);
        parts.bus.emit({ event: 'notes.changed', payload: { unread } });
      }
      if (listeners.size === 0 || isQuiet()) return inbox;
      const fresh = await parts.news.take(core, reader.value);
      if (fresh.ok && fresh.value.length > 0 && (parts.settings()?.notifications.notes ?? true))
        announce(fresh.value);
      return fresh;
    });
    if (!done.ok && parts.holder.now.ok)
      parts.logger.warn('could not look for notes', { code: done.error.code, message: done.error.message });
  }

  function isQuiet(): boolean {
    const hours = parts.settings()?.notifications.quietHours ?? '';
    const until = quietUntil(parts.clock.now(), hours, parts.timeZone());
    if (until !== null) parts.checkAt(until);
    return until !== null;
  }

  function announce(notes: readonly InboxNote[]): void {
    for (const listener of listeners) {
      try {
        listener(notes);
      } catch (thrown) {
        parts.logger.error('a listener for notes threw', { thrown: String(thrown) });
      }
    }
  }

  return {
    check() {
      queue = queue.then(check);
      return queue;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
