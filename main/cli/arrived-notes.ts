import { plural } from '../../shared/format/amount.ts';
import type { ReceivedNotes } from '../core/workflows/receive-notes.ts';
import { noteScreen } from './note-screen.ts';
import type { CliContext } from './cli-context.ts';
import { forPeople } from './terminal-encoding.ts';

/** Unread notes shown above a summary. */
export interface ArrivedNotes {
  /** The banners; empty when there are none. */
  readonly text: string;
  /** Must be called after the text was shown. */
  shown(): Promise<unknown>;
}

export const NO_NOTES: ArrivedNotes = { text: '', shown: async () => undefined };

/** The reader's unread notes as banners, and what was omitted. */
export function arrivedNotes({ unread, leftOut, mark }: ReceivedNotes, env: CliContext['env']): ArrivedNotes {
  const { text, shown } = noteScreen(unread);
  const unseen =
    leftOut > 0
      ? `[WARN] ${plural(leftOut, 'note')} left out: their machine sends more than anybody reads.\n`
      : '';
  return {
    text: forPeople(`${text}${unseen}`, env),
    // Notes that could not be marked are shown again.
    shown: () =>
      mark(
        shown.map(({ hash }) => hash),
        'read',
      ),
  };
}
