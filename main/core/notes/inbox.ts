import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { NoteReceipt } from '../../../shared/domain/log-entry.ts';
import { err, ok } from '../../../shared/result.ts';
import {
  changeNotes,
  DAY_MS,
  NEWS_DAYS,
  readNotes,
  type NotesDeps,
  type NotesState,
  type StoredNote,
} from './inbox-file.ts';
import { addressedTo, donePair, type Reader } from './reader.ts';

/** A note in the inbox as a reader sees it. */
export interface InboxItem extends StoredNote {
  readonly state: 'unread' | 'read' | 'done';
  /** When this reader read or finished it on this machine, epoch milliseconds. */
  readonly since: number | null;
}

/** Age of notes that still are news on a new machine, when the store has years. */
const NEWS_BEFORE_INBOX_DAYS = 30;

/**
 * The reader's notes, newest first.
 * @param which `unread`: not shown to this reader on this machine, nor done by them on any
 */
export async function listInbox(
  deps: Pick<NotesDeps, 'files' | 'paths' | 'clock'>,
  reader: Reader,
  which: 'unread' | 'all',
): Answer<readonly InboxItem[]> {
  const state = await readNotes(deps);
  if (!state.ok) return state;
  const items = itemsOf(state.value, reader, deps.clock.now());
  return ok(which === 'all' ? items : items.filter((item) => item.state === 'unread'));
}

/** Stores the order of the last listing, so that notes can be named by number. */
export async function rememberListed(deps: NotesDeps, items: readonly InboxItem[]): Answer<void> {
  const listed = items.map((item) => item.hash);
  return changeNotes(deps, (state) => {
    const same =
      listed.length === state.inbox.listed.length &&
      listed.every((hash, at) => hash === state.inbox.listed[at]);
    return { state: same ? state : { ...state, inbox: { ...state.inbox, listed } }, value: undefined };
  });
}

/**
 * Finds a note by its number in the last listing or by its hash prefix (4 digits or more).
 * @returns `not-found`, or `ambiguous` with the candidates
 */
export async function findNote(
  deps: Pick<NotesDeps, 'files' | 'paths' | 'clock'>,
  reader: Reader,
  name: string,
): Answer<InboxItem> {
  const state = await readNotes(deps);
  if (!state.ok) return state;
  const items = itemsOf(state.value, reader, deps.clock.now());
  if (/^\d{1,3}$/.test(name)) {
    const hash = state.value.inbox.listed[Number(name) - 1];
    const item = items.find((candidate) => candidate.hash === hash);
    return item ? ok(item) : err(missing(name));
  }
  const prefix = name.toLowerCase();
  const found = /^[0-9a-f]{4,64}$/.test(prefix) ? items.filter((item) => item.hash.startsWith(prefix)) : [];
  const [first, ...more] = found;
  if (first === undefined) return err(missing(name));
  if (more.length === 0) return ok(first);
  return fail('ambiguous', `${quote(name)} means ${found.length} notes.`, 'Give more digits of the hash.', {
    details: { candidates: found.map((item) => item.hash) },
  });
}

/**
 * Writes receipts: after a note was shown (`read`) or when the reader is done with it (`done`). One receipt per note and reader; repeating
 * changes nothing, and `read` never replaces `done`.
 */
export async function markNotes(
  deps: NotesDeps,
  reader: Reader,
  hashes: readonly string[],
  mark: NoteReceipt['state'],
): Answer<void> {
  if (hashes.length === 0) return ok(undefined);
  const at = deps.clock.now();
  return changeNotes(deps, (state) => {
    const wanted = new Set(hashes);
    const settled = (receipt: NoteReceipt): boolean => receipt.state === 'done' || receipt.state === mark;
    for (const receipt of state.receipts)
      if (receipt.reader === reader.user && settled(receipt)) wanted.delete(receipt.note);
    if (wanted.size === 0) return { state, value: undefined };
    const kept = state.receipts.filter(
      (receipt) => receipt.reader !== reader.user || !wanted.has(receipt.note),
    );
    const fresh = [...wanted].map((note): NoteReceipt => ({ note, reader: reader.user, at, state: mark }));
    return { state: { ...state, receipts: [...kept, ...fresh] }, value: undefined };
  });
}

function itemsOf({ inbox, receipts }: NotesState, reader: Reader, now: number): readonly InboxItem[] {
  const mine = new Map(
    receipts.filter((receipt) => receipt.reader === reader.user).map((receipt) => [receipt.note, receipt]),
  );
  const doneElsewhere = new Set(inbox.doneElsewhere);
  return inbox.notes
    .filter((note) => addressedTo(note.to, reader))
    .map((note): InboxItem => {
      const receipt = mine.get(note.hash);
      const state = doneElsewhere.has(donePair(note.hash, reader))
        ? 'done'
        : (receipt?.state ?? (isNews(note, inbox.since, now) ? 'unread' : 'read'));
      return { ...note, state, since: receipt?.at ?? null };
    })
    .toSorted((a, b) => (a.date === b.date ? b.arrived - a.arrived : a.date < b.date ? 1 : -1));
}

/** Notes from git are always news: git brings only changes. The store brings everything ever written. */
function isNews(note: StoredNote, since: string, now: number): boolean {
  const day = Date.parse(`${note.date}T00:00:00Z`);
  if (day < now - NEWS_DAYS * DAY_MS) return false;
  return (
    note.origin.kind === 'git' || day >= Date.parse(`${since}T00:00:00Z`) - NEWS_BEFORE_INBOX_DAYS * DAY_MS
  );
}

function missing(name: string): AppError {
  return appError(
    'not-found',
    `There is no note ${quote(name)}.`,
    '`session-log notes --all` lists them with their numbers.',
  );
}
