import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { parseCalendarDate, type CalendarDate } from '../../../shared/domain/ids.ts';
import type { NoteEntry, NoteReceipt } from '../../../shared/domain/log-entry.ts';
import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, peekState, readState, stateObject, writeState } from '../files/state-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Locks } from '../ports/lock.ts';
import { firstOfEach } from './note-limits.ts';
import { withLock } from '../files/with-lock.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** A note in this machine's inbox. */
export interface StoredNote extends NoteEntry {
  readonly origin: NoteOrigin;
  /** When it reached this machine, epoch milliseconds. */
  readonly arrived: number;
  /** Its original hash, when another note in the inbox has that one: `hash` is then a new one. */
  readonly cameAs?: string | undefined;
  /** True: its author's name came from other machines before, but never from this one. */
  readonly newSender?: boolean | undefined;
}

/** `state/inbox.json`: notes for readers of this machine. The receipts tell which were read. */
export interface Inbox {
  /** Day the inbox was made: much older notes that the store brings to a new machine are history, not news. */
  readonly since: CalendarDate;
  readonly notes: readonly StoredNote[];
  /** Pairs `hash reader` that another machine of the reader reports as done. */
  readonly doneElsewhere: readonly string[];
  /** Hashes in the order last listed, so that `notes show 2` means the second of that list. */
  readonly listed: readonly string[];
  /** The index version taken over, and for whom (`takenMark`); empty when unknown. */
  readonly taken: string;
}

export type NotesPaths = Pick<DataPaths, 'inbox' | 'receipts' | 'notesLock'>;

export interface NotesDeps {
  readonly files: Files;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly paths: NotesPaths;
}

/** Both files' content. */
export interface NotesState {
  readonly inbox: Inbox;
  readonly receipts: readonly NoteReceipt[];
}

const LOCK_WAIT_MS = 10_000;
/** More than anybody keeps; drops read notes first, unread ones only if one source fills the inbox (`firstOfEach`). */
const NOTE_LIMIT = 2_000;
export const DAY_MS = 86_400_000;
/** Older notes are history on every machine: never unread, and not fetched from the index. */
export const NEWS_DAYS = 365;
/** A receipt is useful while its note can still be unread somewhere; at most `NEWS_DAYS`, with room for clocks that differ. */
const RECEIPT_DAYS = 730;

/** Keeps the newest; nobody reads as many in two years. */
const RECEIPT_COUNT = 10_000;

const date = v.custom<CalendarDate>((value) => parseCalendarDate(value).ok);
const whole = v.pipe(v.number(), v.safeInteger());
const FORMATS = {
  inbox: {
    schema: stateObject({
      since: date,
      notes: v.array(
        v.object({
          hash: v.string(),
          to: v.string(),
          from: v.string(),
          date,
          line: whole,
          text: v.string(),
          truncated: v.boolean(),
          origin: v.variant('kind', [
            v.object({
              kind: v.literal('git'),
              workspace: v.string(),
              path: v.string(),
              commit: v.optional(v.object({ hash: v.string(), author: v.string() })),
            }),
            v.object({ kind: v.literal('store'), machine: v.string(), host: v.string(), path: v.string() }),
          ]),
          arrived: whole,
          cameAs: v.optional(v.string()),
          newSender: v.optional(v.boolean()),
        }) satisfies v.GenericSchema<unknown, StoredNote>,
      ),
      doneElsewhere: v.array(v.string()),
      listed: v.array(v.string()),
      taken: v.optional(v.string(), ''),
    }),
    // 2,000 notes of 4,000 characters, each up to three bytes.
    maxBytes: 64 * MIB,
  },
  receipts: {
    schema: v.array(
      v.object({ note: v.string(), reader: v.string(), at: whole, state: v.picklist(['read', 'done']) }),
    ),
    maxBytes: 8 * MIB,
  },
};

/** Reads both files without a lock: they are replaced as a whole. An unreadable file counts as empty; see `changeNotes`. */
export async function readNotes(
  deps: Pick<NotesDeps, 'files' | 'paths' | 'clock'>,
  read: typeof readState = peekState,
): Answer<NotesState> {
  const inbox = await read(deps.files, deps.paths.inbox, FORMATS.inbox);
  const receipts = await read(deps.files, deps.paths.receipts, FORMATS.receipts);
  if (!inbox.ok) return inbox;
  if (!receipts.ok) return receipts;
  const today = new Date(deps.clock.now()).toISOString().slice(0, 10) as CalendarDate;
  return ok({
    inbox: inbox.value ?? { since: today, notes: [], doneElsewhere: [], listed: [], taken: '' },
    receipts: receipts.value ?? [],
  });
}

/**
 * Changes inbox and receipts under their lock, so that two processes never undo each other's change. Unreadable content is kept beside the
 * file as `….damaged-<date>`: at worst, notes are shown once more.
 * @param change returns the new state and the caller's result; the same object back means nothing to write
 */
export async function changeNotes<T>(
  deps: NotesDeps,
  change: (state: NotesState) => { readonly state: NotesState; readonly value: T },
): Answer<T> {
  const lock = { path: deps.paths.notesLock, command: 'notes', waitMs: LOCK_WAIT_MS };
  return withLock(deps, lock, async () => {
    const before = await readNotes(deps, readState);
    if (!before.ok) return before;
    const { state, value } = change(before.value);
    // Receipts last: a crash in between shows a note again; the other order could hide one.
    const wrote = await writeChanged(deps, before.value, state);
    return wrote.ok ? ok(value) : wrote;
  });
}

async function writeChanged(deps: NotesDeps, before: NotesState, after: NotesState): Answer<void> {
  if (after.inbox !== before.inbox) {
    const wrote = await writeState(deps.files, deps.paths.inbox, { schema: 1, ...trimmed(after) });
    if (!wrote.ok) return wrote;
  }
  if (after.receipts === before.receipts) return ok(undefined);
  const oldest = deps.clock.now() - RECEIPT_DAYS * DAY_MS;
  const kept = after.receipts.filter((receipt) => receipt.at >= oldest).slice(-RECEIPT_COUNT);
  return writeState(deps.files, deps.paths.receipts, kept);
}

function trimmed({ inbox, receipts }: NotesState): Inbox {
  const read = new Set(receipts.map((receipt) => receipt.note));
  const newest = inbox.notes
    .filter((note) => !read.has(note.hash))
    .toSorted((a, b) => b.arrived - a.arrived || (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  const { leftOut } = firstOfEach(newest, (note) => note);
  const excess = inbox.notes.length - leftOut.length - NOTE_LIMIT;
  const old = inbox.notes.filter((note) => read.has(note.hash)).toSorted((a, b) => a.arrived - b.arrived);
  const dropped = new Set([...leftOut, ...old.slice(0, Math.max(0, excess))]);
  if (dropped.size === 0) return inbox;
  return { ...inbox, notes: inbox.notes.filter((note) => !dropped.has(note)) };
}
