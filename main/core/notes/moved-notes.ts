import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import { groupBy } from '../../../shared/group-by.ts';
import type { NotesState, StoredNote } from './inbox-file.ts';
import { sourceOf } from './same-note.ts';
import type { IncomingNote } from './receive-notes.ts';

/** Whether a note's log is still at its place. */
export type StillThere = (origin: NoteOrigin) => boolean;

/** A note of the inbox that came again. */
export interface MovedNote {
  readonly note: IncomingNote;
  /** True when its text grew: it is then unread again, but no second note. */
  readonly grown: boolean;
}

/**
 * Finds notes of the inbox that came again with another hash: the same words for the same reader, from the same log, or from a log of the
 * same machine if the old one is gone; or a note of the same log whose text grew. Logs are renamed to another day, and older versions of
 * this program distinguished notes by the file's time; nobody should find a note twice for that.
 * @param fresh notes with hashes unknown to the inbox
 * @param again hashes of the known notes that came again: what still comes with its old hash is a separate note
 * @returns the new note by the old hash
 */
export function findMoved(
  known: readonly StoredNote[],
  fresh: readonly IncomingNote[],
  again: ReadonlySet<string>,
  stillThere: StillThere,
): ReadonlyMap<string, MovedNote> {
  const moved = new Map<string, MovedNote>();
  const gone = known.filter((note) => !again.has(note.hash));
  if (gone.length === 0) return moved;
  const byReader = groupBy(fresh, readerOf);
  for (const note of gone) {
    const candidates = byReader.get(readerOf(note)) ?? [];
    const found =
      candidates.find(({ origin, text }) => text === note.text && origin.path === note.origin.path) ??
      candidates.find(({ text }) => text === note.text && !stillThere(note.origin)) ??
      candidates.find((each) => isGrown(each, note));
    if (found === undefined) continue;
    candidates.splice(candidates.indexOf(found), 1);
    moved.set(note.hash, { note: found, grown: found.text !== note.text });
  }
  return moved;
}

/** Gives notes their new hash and place, and keeps what was done with them. */
export function withMoved(state: NotesState, moved: ReadonlyMap<string, MovedNote>): NotesState {
  if (moved.size === 0) return state;
  const { inbox, receipts } = state;
  const renamed = (hash: string): string => moved.get(hash)?.note.hash ?? hash;
  const known = (hash: string): string | null => (moved.get(hash)?.grown === false ? renamed(hash) : null);
  const done = inbox.doneElsewhere.map((pair) => {
    const cut = pair.indexOf(' ');
    return (known(pair.slice(0, cut)) ?? pair.slice(0, cut)) + pair.slice(cut);
  });
  return {
    inbox: {
      ...inbox,
      notes: inbox.notes.map((note) => {
        const as = moved.get(note.hash)?.note;
        return as === undefined ? note : { ...note, cameAs: undefined, newSender: undefined, ...as };
      }),
      doneElsewhere: done,
      listed: inbox.listed.map(renamed),
    },
    // Beside the old ones: an author's machine may still know the note by its old hash.
    receipts: [
      ...receipts,
      ...receipts.flatMap((receipt) => {
        const note = known(receipt.note);
        return note === null ? [] : [{ ...receipt, note }];
      }),
    ],
  };
}

function isGrown({ origin, text }: IncomingNote, before: StoredNote): boolean {
  return origin.path === before.origin.path && before.text !== '' && text.startsWith(before.text);
}

/** Writer, place and reader; with a length, so that no two make one key. */
function readerOf({ to, origin }: Pick<IncomingNote, 'to' | 'origin'>): string {
  const source = sourceOf(origin);
  return `${source.length} ${source}${to.toLowerCase()}`;
}
