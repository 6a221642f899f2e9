import type { NoteOrigin, NotesState, StoredNote } from './inbox-file.ts';
import type { IncomingNote } from './receive-notes.ts';

/** Tells whether the log a note came from is still where it was. */
export type StillThere = (origin: NoteOrigin) => boolean;

/**
 * Which notes of the inbox have come again under another hash: the same words for the same reader, from the same log, or from a log of
 * the same machine while the old one is there no more. Logs are renamed to another day, and older versions of this program told notes apart by
 * the file's time; nobody should read a note twice for that.
 * @param fresh notes whose hash the inbox does not know
 * @param arriving hashes of all that came: what still comes under its old hash is a note of its own
 * @returns the new note by the old hash
 */
export function findMoved(
  known: readonly StoredNote[],
  fresh: readonly IncomingNote[],
  arriving: ReadonlySet<string>,
  stillThere: StillThere,
): ReadonlyMap<string, IncomingNote> {
  const moved = new Map<string, IncomingNote>();
  const gone = known.filter((note) => !arriving.has(note.hash));
  if (gone.length === 0) return moved;
  const byWords = new Map<string, IncomingNote[]>();
  for (const note of fresh) {
    const same = byWords.get(wordsOf(note));
    if (same) same.push(note);
    else byWords.set(wordsOf(note), [note]);
  }
  for (const note of gone) {
    const candidates = byWords.get(wordsOf(note)) ?? [];
    const samePath = candidates.findIndex(({ origin }) => origin.path === note.origin.path);
    const at = samePath === -1 && !stillThere(note.origin) ? 0 : samePath;
    const [found] = at === -1 ? [] : candidates.splice(at, 1);
    if (found) moved.set(note.hash, found);
  }
  return moved;
}

/** Gives notes their new hash and place, and what was done with them goes along. */
export function withMoved(state: NotesState, moved: ReadonlyMap<string, IncomingNote>): NotesState {
  if (moved.size === 0) return state;
  const { inbox, receipts } = state;
  const renamed = (hash: string): string => moved.get(hash)?.hash ?? hash;
  const done = inbox.doneElsewhere.map((pair) => {
    const cut = pair.indexOf(' ');
    return renamed(pair.slice(0, cut)) + pair.slice(cut);
  });
  return {
    inbox: {
      ...inbox,
      notes: inbox.notes.map((note) => ({ ...note, ...moved.get(note.hash) })),
      doneElsewhere: done,
      listed: inbox.listed.map(renamed),
    },
    // Beside the old ones: an author's machine may know the note by its old hash still.
    receipts: [
      ...receipts,
      ...receipts.flatMap((receipt) => {
        const note = moved.get(receipt.note);
        return note ? [{ ...receipt, note: note.hash }] : [];
      }),
    ],
  };
}

/** Everything but the log it stands in; with lengths, so that no two notes make one key. */
function wordsOf({ to, text, origin }: Pick<IncomingNote, 'to' | 'text' | 'origin'>): string {
  const source = origin.kind === 'store' ? `store ${origin.machine}` : `git ${origin.workspace}`;
  return `${source.length} ${to.length} ${source}${to.toLowerCase()}${text}`;
}
