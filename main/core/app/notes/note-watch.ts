import { takeTurns } from '../../concurrency/take-turns.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PresentCore } from '../present-core.ts';
import type { Bus } from '../bus.ts';
import { readNotes, receiveNotes } from '../../workflows/receive-notes.ts';
import type { NoteNews } from './note-news.ts';
import { createTimetable } from '../schedule/timetable.ts';
import { quietUntil } from '../schedule/wall-time.ts';
import type { PresentSettings } from '../settings/present-settings.ts';

/** Detects new notes, however received, and announces each once. */
export interface NoteWatch {
  stop(): Promise<void>;
}

export interface NoteWatchParts {
  readonly present: PresentCore;
  readonly news: NoteNews;
  readonly settings: PresentSettings;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

/** Events after which the inbox may differ. */
const MAY_BRING = ['inbox.touched', 'notes.marked', 'trees.ended'] as const;

/** Without listeners for announcements, no note counts as announced. */
export function createNoteWatch(parts: NoteWatchParts): NoteWatch {
  const { bus, clock, settings } = parts;
  const turn = takeTurns(1);
  // The end of quiet hours.
  const table = createTimetable<'check'>(clock, () => void bus.emit('inbox.touched', null));
  let before: string | null = null;
  /** Whether the index's notes were received for the current reader. */
  let isReceived = false;

  async function check(): Promise<void> {
    const done = await parts.present.use<unknown>(async (core) => {
      const received = await (isReceived ? readNotes : receiveNotes)(core, { folder: core.paths.home });
      if (!received.ok) return received;
      const { inbox, unread } = received.value;
      isReceived = true;
      // Not only the count: a note that goes from read to done changes the list but not the number.
      const now = inbox.map(({ hash, state }) => `${hash} ${state}`).join('\n');
      if (now !== before) {
        before = now;
        void bus.emit('notes.changed', { unread: unread.length });
      }
      if (!bus.isHeard('notes.arrived') || isQuiet()) return received;
      const fresh = await parts.news.take(core, unread);
      if (fresh.ok && fresh.value.length > 0 && settings.now.notifications.notes)
        void bus.emit('notes.arrived', fresh.value);
      return fresh;
    });
    if (!done.ok && parts.present.now.ok)
      parts.logger.warn('could not look for notes', { code: done.error.code, message: done.error.message });
  }

  function isQuiet(): boolean {
    const until = quietUntil(clock.now(), settings.now.notifications.quietHours, settings.timeZone);
    table.set('check', until);
    return until !== null;
  }

  for (const news of MAY_BRING) bus.on(news, () => turn(check));
  bus.on('run.ended', ({ kind }) => (kind === 'index' || kind === 'full' ? turn(check) : undefined));
  bus.on('settings.changed', ({ before: { author, git }, after }) => {
    const isSame =
      JSON.stringify([author, git.workspaces]) === JSON.stringify([after.author, after.git.workspaces]);
    if (isSame) return undefined;
    isReceived = false;
    return turn(check);
  });
  // Receipts of what hooks showed change the inbox; an empty queue changes nothing.
  bus.on('queue.drained', ({ done }) => (done ? turn(check) : undefined));
  return {
    async stop() {
      await table.stop();
      await turn(() => Promise.resolve());
    },
  };
}
