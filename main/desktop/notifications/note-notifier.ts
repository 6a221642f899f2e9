import { Notification } from 'electron';
import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { InboxNote, Notice } from '../../../shared/ipc/payloads.ts';
import { hashOf } from '../../../shared/ipc/route.ts';

/** More at once are told in one: a pull after a holiday must not fill the screen. */
const MOST = 3;
const MOST_LETTERS = 280;

/** What a notification says and where a click on it leads. */
export interface Announcement {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly route: string;
}

/** The announcements of notes that have come, oldest first. Their text is a person's, and only ever shown. */
export function announcementsOf(notes: readonly InboxNote[]): readonly Announcement[] {
  const single = notes.length > MOST ? notes.slice(0, MOST - 1) : notes;
  const rest = notes.length - single.length;
  const all = single.map((note): Announcement => ({
    id: note.hash,
    title: en.desktop.noteTitle(visibleLine(note.from)),
    body: cut(visibleText(note.text).trim()),
    route: hashOf({ view: 'logs', log: note.log, line: note.line }),
  }));
  if (rest === 0) return all;
  const last = notes.at(-1);
  return [
    ...all,
    {
      id: `more-${last?.hash ?? ''}`,
      title: en.desktop.moreNotes(rest),
      body: en.desktop.moreNotesBody,
      route: hashOf({ view: 'notes' }),
    },
  ];
}

function cut(text: string): string {
  const letters = Array.from(text);
  return letters.length <= MOST_LETTERS ? text : `${letters.slice(0, MOST_LETTERS - 1).join('')}…`;
}

/**
 * Shows announcements as notifications of the system.
 * @param onClick leads to the place
 * @param onRefused the system shows none (switched off, or an unsigned app on macOS): the notice belongs into the window
 */
export function createNotifier(options: {
  readonly onClick: (route: string) => void;
  readonly onRefused: (notice: Notice) => void;
}): (announcements: readonly Announcement[]) => void {
  // A notification that nothing refers to is collected, and its click is lost with it.
  const shown = new Set<Notification>();

  function refuse({ id, title, body, route }: Announcement): void {
    options.onRefused({ id, tone: 'info', title, body, route });
  }

  return (announcements) => {
    for (const announcement of announcements) {
      if (!Notification.isSupported()) {
        refuse(announcement);
        continue;
      }
      const { title, body, route } = announcement;
      const notification = new Notification({ title, body: forSystem(body) });
      shown.add(notification);
      notification.on('click', () => {
        shown.delete(notification);
        options.onClick(route);
      });
      notification.on('close', () => shown.delete(notification));
      notification.on('failed', () => {
        shown.delete(notification);
        refuse(announcement);
      });
      notification.show();
    }
  };
}

/** Notification daemons of Linux read the body as markup, so that a note could draw links and pictures; escaped it stays text. */
function forSystem(body: string): string {
  if (process.platform !== 'linux') return body;
  return body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
