import { plural } from '../../shared/format/amount.ts';
import { noteBanner } from '../../shared/domain/note-banner.ts';
import type { InboxItem } from '../core/notes/inbox.ts';

/** Maximum notes shown at once: a person who was sent thousands must still find the rest of the output. */
const SHOWN_AT_ONCE = 10;

/** Unread notes as shown on a terminal. */
export interface NoteScreen {
  /** Banners, each with a line end, and a line about the others; empty when there are none. */
  readonly text: string;
  /** The notes in the text; only these may be marked as read. */
  readonly shown: readonly InboxItem[];
}

/**
 * Formats the first of these notes in full, and how many more there are.
 * @param show formats a note, by its position in the list; the banner by default
 */
export function noteScreen(
  notes: readonly InboxItem[],
  show: (note: InboxItem, at: number) => string = (note) => noteBanner(note),
): NoteScreen {
  const shown = notes.slice(0, SHOWN_AT_ONCE);
  const more = notes.length - shown.length;
  const rest = more > 0 ? [`${plural(more, 'more unread note')}: session-log notes\n`] : [];
  return { text: [...shown.map(show), ...rest].join('\n'), shown };
}
