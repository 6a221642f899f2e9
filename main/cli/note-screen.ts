import { plural } from '../../shared/format/amount.ts';
import { noteBanner } from '../../shared/domain/note-banner.ts';
import type { InboxItem } from '../core/notes/inbox.ts';

/** Notes that are shown at once: whoever is sent thousands still finds what else the command says. */
const SHOWN_AT_ONCE = 10;

/** Unread notes as a terminal shows them. */
export interface NoteScreen {
  /** Banners, each with a line end, and a word about the others; empty when there are none. */
  readonly text: string;
  /** Those that stand in the text; only they may be marked as read. */
  readonly shown: readonly InboxItem[];
}

/**
 * The first of these notes in full, and how many more there are.
 * @param show gives one note's text, by its place in the list; the banner unless given
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
