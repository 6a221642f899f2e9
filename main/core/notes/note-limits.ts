import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import type { StoredNote } from './inbox-file.ts';
import { sourceOf } from './same-note.ts';

/** Unread notes and their characters that one machine's shard may bring to a reader: far more than a colleague writes in a year. */
const STORE = { notes: 500, characters: 250_000 };
/** A work tree has a whole team's notes. */
const GIT = { notes: 2_000, characters: 2_000_000 };
/** Unread notes of all machines and work trees. */
const ALL = { notes: 10_000, characters: 5_000_000 };

interface Room {
  notes: number;
  characters: number;
}

/**
 * The first notes per source, and in all, so that no single source fills an inbox.
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
