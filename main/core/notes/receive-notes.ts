import { decodeLog } from '../../../shared/domain/decode-log.ts';
import type { Answer } from '../../../shared/app-error.ts';
import type { CalendarDate, MachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteEntry } from '../../../shared/domain/log-entry.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { noteEntries } from '../../../shared/domain/log-notes.ts';
import { isShortName } from '../../../shared/domain/log-text/person-name.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import type { NoteOrigin } from '../../../shared/domain/note-banner.ts';
import { ok } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { LogIndex } from '../ports/log-index.ts';
import { changeNotes, DAY_MS, NEWS_DAYS, readNotes, type NotesDeps, type NotesState } from './inbox-file.ts';
import { firstOfEach } from './note-limits.ts';
import { findMoved, withMoved, type StillThere } from './moved-notes.ts';
import { markNewSenders, sortIncoming } from './same-note.ts';
import { addressedByName, addressedTo, donePair, writtenBy, type Reader } from './reader.ts';

/** A note that just came, not yet checked for its reader. */
export interface IncomingNote extends NoteEntry {
  readonly origin: NoteOrigin;
  /** See {@link StoredNote}. */
  readonly cameAs?: string | undefined;
  readonly newSender?: boolean | undefined;
}

/** What receiving needs. */
export interface ReceiveDeps extends NotesDeps {
  readonly bytes: Pick<Bytes, 'sha256'>;
}

/** A log from a git sync. */
export interface ArrivedLog {
  /** Relative to the workspace. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Name of the commit's author, for logs that name none. */
  readonly committer: string;
}

/** The result. */
export interface Received {
  /** New notes for the reader on this machine. */
  readonly added: number;
  /** Notes for the reader refused because their machine sends more than anybody reads. */
  readonly leftOut: number;
}

const NOBODY = '?';

/** The author in a log's name from git: it distinguishes logs that name no machine. */
export function committerOf(path: string): string {
  return parseLogName(path).user ?? NOBODY;
}

/**
 * Extracts notes from logs that git brought. Logs that only grew contain their older notes again; `receiveNotes` knows them by hash.
 * @param workspace root of the work tree, absolute
 * @param today the day for logs without one
 */
export function notesOfLogs(
  bytes: Pick<Bytes, 'sha256'>,
  workspace: string,
  logs: readonly ArrivedLog[],
  today: CalendarDate,
): readonly IncomingNote[] {
  return logs.flatMap((log) => {
    const parsed = readLogText(decodeLog(log.bytes), log.path);
    const entries = noteEntries(parsed, {
      machine: log.committer,
      date: parsed.day?.date ?? today,
      // A word of a file's name may be anything, but there is no other; a number is nobody.
      fallbackFrom: isShortName(log.committer) ? log.committer : NOBODY,
      sha256: (text) => bytes.sha256(new TextEncoder().encode(text)),
    });
    return entries.map((entry) => ({
      ...entry,
      origin: { kind: 'git' as const, workspace, path: log.path },
    }));
  });
}

/**
 * Puts a reader's notes into the inbox durably before anything is shown: what a crash loses after showing is shown again, never the
 * reverse. Leaves out notes the reader wrote to all.
 */
export async function receiveNotes(
  deps: ReceiveDeps,
  reader: Reader,
  incoming: readonly IncomingNote[],
): Answer<Received> {
  const mine = incoming.filter(notesFor(reader));
  if (mine.length === 0) return ok({ added: 0, leftOut: 0 });
  return changeNotes(deps, (state) => withNotes(deps, state, mine, () => true));
}

function withNotes(
  { bytes, clock }: Pick<ReceiveDeps, 'bytes' | 'clock'>,
  before: NotesState,
  incoming: readonly IncomingNote[],
  stillThere: StillThere,
): { readonly state: NotesState; readonly value: Received } {
  const known = before.inbox.notes;
  const sorted = sortIncoming(known, incoming, (text) => bytes.sha256(new TextEncoder().encode(text)));
  if (sorted.fresh.length === 0) return { state: before, value: { added: 0, leftOut: 0 } };
  const fresh = new Map(markNewSenders(known, sorted.fresh).map((note) => [note.hash, note]));
  const moved = findMoved(known, [...fresh.values()], sorted.again, stillThere);
  for (const { note } of moved.values()) fresh.delete(note.hash);
  const state = withMoved(before, moved);
  const arrived = clock.now();
  const notes = [...state.inbox.notes, ...[...fresh.values()].map((note) => ({ ...note, arrived }))];
  return { state: { ...state, inbox: { ...state.inbox, notes } }, value: { added: fresh.size, leftOut: 0 } };
}

/**
 * Takes over the index: notes in other machines' shards, and what this reader has done with them elsewhere. Skips an index already taken
 * over: reading it costs more than the rest of a pull that brings nothing.
 * @param own UUID of this machine: its own notes need not come back
 */
export async function receiveFromIndex(
  deps: ReceiveDeps,
  index: Pick<LogIndex, 'notes' | 'version' | 'page'>,
  own: string,
  reader: Reader,
): Answer<Received> {
  // Before the notes: changes in between are taken over next time.
  const version = await index.version();
  if (!version.ok) return version;
  const taken = takenMark(version.value, own, reader);
  const before = await readNotes(deps);
  if (!before.ok) return before;
  if (before.value.inbox.taken === taken) return ok({ added: 0, leftOut: 0 });
  const rows = await index.notes();
  if (!rows.ok) return rows;
  const oldest = new Date(deps.clock.now() - NEWS_DAYS * DAY_MS).toISOString().slice(0, 10);
  const isMine = notesFor(reader);
  const forReader = rows.value.filter((row) => row.machine !== own && row.date >= oldest && isMine(row));
  const { kept, leftOut } = firstOfEach(forReader, toIncoming);
  const others = wholeLogsFirst(kept);
  const done = await doneElsewhere(index, others, own, reader);
  if (!done.ok) return done;
  const logs = new Set(rows.value.map(({ machine, path }) => `${machine}/${path}`));
  const stillThere: StillThere = (origin) =>
    origin.kind === 'git' || logs.has(`${origin.machine}/${origin.path}`);
  return changeNotes(deps, (state) => {
    const received = withNotes(deps, state, others.map(toIncoming), stillThere);
    const { inbox, receipts } = withDoneElsewhere(received.state, [...done.value]);
    // In one file with the notes: a mark without them would hide them for ever.
    return {
      state: { inbox: { ...inbox, taken }, receipts },
      value: { ...received.value, leftOut: leftOut.length },
    };
  });
}

/**
 * Notes the reader finished on other machines, as pairs. A receipt is its machine's claim, so it counts only from a machine with logs of
 * this reader.
 */
async function doneElsewhere(
  index: Pick<LogIndex, 'page'>,
  rows: readonly NoteRow[],
  own: string,
  reader: Reader,
): Answer<ReadonlySet<string>> {
  const isReaders = new Map<MachineUuid, boolean>();
  const pairs = new Set<string>();
  for (const row of rows)
    for (const { state, reader: user, machine } of row.receipts) {
      if (state !== 'done' || user !== reader.user || machine === own) continue;
      let counts = isReaders.get(machine);
      if (counts === undefined) {
        const logs = await index.page({ machines: [machine], users: [user], limit: 1 });
        if (!logs.ok) return logs;
        counts = logs.value.total > 0;
        isReaders.set(machine, counts);
      }
      if (counts) pairs.add(donePair(row.hash, reader));
    }
  return ok(pairs);
}

/** A note both in its session's log and in its daily log is opened in the first, which has the full text. */
function wholeLogsFirst(rows: readonly NoteRow[]): readonly NoteRow[] {
  const isDaily = ({ path }: NoteRow): number => Number(parseLogName(path).kind === 'daily');
  return [...rows].sort((one, other) => isDaily(one) - isDaily(other));
}

/** Identifies an index version taken over by one reader of one machine. */
function takenMark(version: number, own: string, { user, fullName }: Reader): string {
  return JSON.stringify([version, own, user, fullName]);
}

function withDoneElsewhere(state: NotesState, pairs: readonly string[]): NotesState {
  const known = new Set(state.inbox.doneElsewhere);
  const fresh = pairs.filter((pair) => !known.has(pair));
  if (fresh.length === 0) return state;
  // Pairs for notes that left the inbox are useless.
  const present = new Set(state.inbox.notes.map((note) => note.hash));
  const useful = [...known, ...fresh].filter((pair) => present.has(pair.split(' ', 1)[0] ?? ''));
  return { ...state, inbox: { ...state.inbox, doneElsewhere: useful } };
}

/** Thousands of notes have a few dozen pairs of people, so each pair is checked once. */
function notesFor(reader: Reader): (note: Pick<NoteEntry, 'to' | 'from'>) => boolean {
  const known = new Map<string, boolean>();
  return (note) => {
    // With its length, so that no two pairs make one key: both are strangers' text.
    const pair = `${note.to.length} ${note.to}${note.from}`;
    const answer = known.get(pair) ?? isFor(note, reader);
    known.set(pair, answer);
    return answer;
  };
}

function isFor(note: Pick<NoteEntry, 'to' | 'from'>, reader: Reader): boolean {
  if (!addressedTo(note.to, reader)) return false;
  // A reminder to oneself on another machine counts; one's own announcement does not.
  return addressedByName(note.to, reader) || !writtenBy(note.from, reader);
}

function toIncoming(row: NoteRow): IncomingNote {
  const { hash, to, from, date, line, text, truncated, machine, host, path } = row;
  return { hash, to, from, date, line, text, truncated, origin: { kind: 'store', machine, host, path } };
}
