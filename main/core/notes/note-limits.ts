import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import type { StoredNote } from './inbox-file.ts';
import { sourceOf } from './same-note.ts';

/** Notes and characters of them that one machine's shard brings to a reader, and that stay unread: far more than a colleague writes in a year. */
const STORE = { notes: 500, characters: 250_000 };
/** A work tree has the notes of a whole team. */
const GIT = { notes: 2_000, characters: 2_000_000 };
/** Unread notes of all machines and work trees. */
const ALL = { notes: 10_000, characters: 5_000_000 };

interface Room {
  notes: number;
  characters: number;
}

/**
 * The first notes of each source, and of all, as far as one source may fill an inbox.
 * @param notes the ones to keep first
 */
export function firstOfEach<T>(
  notes: readonly T[],
  look: (note: T) => Pick<StoredNote, 'text'> & { readonly origin: NoteOrigin },
): { readonly kept: readonly T[]; readonly leftOut: readonly T[] } {
  const all: Room = { ...ALL };
  const bySource = new Map<string, Room>();
  const kept: T[] = [];
  const leftOut: T[] = [];
  for (const note of notes) {
    const { origin, text } = look(note);
    const source = sourceOf(origin);
    const room = bySource.get(source) ?? { ...(origin.kind === 'store' ? STORE : GIT) };
    bySource.set(source, room);
    const fits = [room, all].every((each) => each.notes > 0 && each.characters >= text.length);
    (fits ? kept : leftOut).push(note);
    if (!fits) continue;
    for (const each of [room, all]) {
      each.notes--;
      each.characters -= text.length;
    }
  }
  return { kept, leftOut };
}
