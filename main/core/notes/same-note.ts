import type { NoteEntry } from '../../../shared/domain/log-entry.ts';
import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import { addTo } from '../../../shared/group-by.ts';
import type { StoredNote } from './inbox-file.ts';
import { foldName } from './reader.ts';
import type { IncomingNote } from './receive-notes.ts';

/** Days by which a log's git copy may differ: a log without a day has that of its arrival. */
const GIT_DAYS = 31;
const DAY_MS = 86_400_000;

type Placed = Pick<StoredNote, keyof NoteEntry | 'origin' | 'cameAs'>;

/** Arrived notes, separated from known ones. */
export interface Sorted {
  /** New notes, each with a hash unique in the inbox. */
  readonly fresh: readonly IncomingNote[];
  /** Inbox hashes of notes that came again. */
  readonly again: ReadonlySet<string>;
}

/**
 * Distinguishes notes by hash and origin. A hash is the sending machine's claim: the same hash with other words from another machine is
 * another note, with its own hash, so that no machine can replace or hide what another one says.
 * @param sha256 over the UTF-8 form, lower-case hexadecimal
 */
export function sortIncoming(
  known: readonly StoredNote[],
  incoming: readonly IncomingNote[],
  sha256: (text: string) => string,
): Sorted {
  const byHash = new Map<string, Placed[]>();
  const taken = new Set<string>();
  const add = (note: Placed): void => {
    taken.add(note.hash);
    addTo(byHash, note.cameAs ?? note.hash, note);
  };
  known.forEach(add);
  const fresh: IncomingNote[] = [];
  const again = new Set<string>();
  for (const note of incoming) {
    const same = byHash.get(note.hash)?.find((each) => isSame(each, note));
    if (same) {
      again.add(same.hash);
      continue;
    }
    const hash = freeHash(note.hash, sourceOf(note.origin), taken, sha256);
    const placed = hash === note.hash ? note : { ...note, hash, cameAs: note.hash };
    add(placed);
    fresh.push(placed);
  }
  return { fresh, again };
}

/** A note's content, for rows without an inbox; a hash alone may be another machine's claim. */
export function wordsOf({ from, text }: Pick<NoteEntry, 'from' | 'text'>, hash: string): string {
  return JSON.stringify([hash, foldName(from), text]);
}

/** The hash to show a note by: its own, or one derived from it if another note has that. */
export function freeHash(
  hash: string,
  source: string,
  taken: { has(hash: string): boolean },
  sha256: (text: string) => string,
): string {
  let free = hash;
  while (taken.has(free)) free = sha256(JSON.stringify([free, source]));
  return free;
}

/** The sender as far as this machine can know; no two give one text. */
export function sourceOf(origin: NoteOrigin): string {
  return origin.kind === 'store' ? `store ${origin.machine}` : `git ${origin.workspace}`;
}

/** For two notes with one hash: from the same machine, or word for word equal by another way. */
function isSame(one: Placed, other: Placed): boolean {
  if (sourceOf(one.origin) === sourceOf(other.origin)) return true;
  if (one.text !== other.text || one.truncated !== other.truncated) return false;
  if (foldName(one.from) !== foldName(other.from) || foldName(one.to) !== foldName(other.to)) return false;
  if (one.date === other.date) return true;
  const apart = Math.abs(Date.parse(one.date) - Date.parse(other.date)) / DAY_MS;
  return (one.origin.kind === 'git' || other.origin.kind === 'git') && apart <= GIT_DAYS;
}

/**
 * Marks notes whose author's name came from other machines before but never from theirs. A name is a log's claim; the store knows the
 * machine. When two machines bring a new name at once, neither is known.
 */
export function markNewSenders(
  known: readonly StoredNote[],
  fresh: readonly IncomingNote[],
): readonly IncomingNote[] {
  const before = machinesByName(known);
  const now = machinesByName(fresh);
  return fresh.map((note) => {
    if (note.origin.kind !== 'store') return note;
    const name = foldName(note.from);
    const machines = before.get(name) ?? now.get(name);
    const isNew = before.has(name) ? !machines?.has(note.origin.machine) : (machines?.size ?? 0) > 1;
    return isNew ? { ...note, newSender: true } : note;
  });
}

function machinesByName(notes: readonly Pick<Placed, 'from' | 'origin'>[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { from, origin } of notes) {
    if (origin.kind !== 'store') continue;
    const name = foldName(from);
    const machines = found.get(name);
    if (machines) machines.add(origin.machine);
    else found.set(name, new Set([origin.machine]));
  }
  return found;
}
