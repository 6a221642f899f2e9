import type { Answer } from '../../../shared/app-error.ts';
import { logId, type LogPath, type MachineUuid } from '../../../shared/domain/ids.ts';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { ok } from '../../../shared/result.ts';
import type { InboxItem } from '../notes/inbox.ts';
import { freeHash, wordsOf } from '../notes/same-note.ts';
import { writtenBy, type Reader } from '../notes/reader.ts';
import { sentNotes } from '../notes/sent-notes.ts';
import type { ReaderNotes } from './receive-notes.ts';
import type { StoreBase } from './store-base.ts';

/** The notes a page shows. */
export type NotesShown = 'unread' | 'open' | 'done' | 'sent' | 'all';

/** The notes that match, newest first. */
export async function listNotes(
  base: StoreBase,
  { reader, inbox }: ReaderNotes,
  show: NotesShown,
): Answer<readonly InboxNote[]> {
  if (show === 'sent') {
    const sent = await sentBy(base, reader);
    if (!sent.ok) return sent;
    return ok(
      sent.value.map((row): InboxNote => ({
        ...row,
        log: logId(row.machine, row.path),
        state: 'sent',
        stateAt: null,
      })),
    );
  }
  const wanted = inbox.filter(
    ({ state }) => show === 'all' || state === show || (show === 'open' && state !== 'done'),
  );
  const mine = wanted.map((item) => inboxNote(base, item));
  if (show !== 'all') return ok(mine);
  return withOthers(
    base,
    reader,
    mine,
    new Set(wanted.map((item) => wordsOf(item, item.cameAs ?? item.hash))),
  );
}

/** Lists what a reader wrote to others, newest first, with readers; see {@link sentNotes}. */
export function sentBy(base: Pick<StoreBase, 'sync'>, reader: Reader): Answer<readonly NoteRow[]> {
  return sentNotes(base.sync.index, reader, shaOf(base));
}

function shaOf({ sync: { bytes } }: Pick<StoreBase, 'sync'>): (text: string) => string {
  return (text) => bytes.sha256(new TextEncoder().encode(text));
}

/** The reader's own notes and all those in any log. */
async function withOthers(
  base: StoreBase,
  reader: Reader,
  mine: readonly InboxNote[],
  words: Set<string>,
): Answer<readonly InboxNote[]> {
  const rows = await base.sync.index.notes();
  if (!rows.ok) return rows;
  const known = new Set(mine.map(({ hash }) => hash));
  const others: InboxNote[] = [];
  for (const row of rows.value) {
    const said = wordsOf(row, row.hash);
    if (words.has(said)) continue;
    words.add(said);
    const hash = freeHash(row.hash, row.machine, known, shaOf(base));
    known.add(hash);
    const state = writtenBy(row.from, reader) ? 'sent' : 'other';
    others.push({ ...row, hash, log: logId(row.machine, row.path), state, stateAt: null });
  }
  return ok([...mine, ...others].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1)));
}

/**
 * An inbox note in the form of pages. A note received by git has no machine: it gets this one, with the log's path in its work tree, where
 * `logs.read` finds it.
 */
export function inboxNote(base: StoreBase, item: InboxItem): InboxNote {
  const { origin, arrived: _arrived, cameAs: _cameAs, newSender, state, since, ...note } = item;
  const self = base.sync.self;
  const named = origin.kind === 'store' ? parseMachineUuid(origin.machine) : null;
  const machine: MachineUuid = named?.ok ? named.value : self.uuid;
  const parsed = parseLogPath(origin.path);
  // A note with an invalid log path is still shown; only its link is dead.
  const path = parsed.ok ? parsed.value : ('unknown.md' as LogPath);
  const row: NoteRow = {
    ...note,
    machine,
    host: origin.kind === 'store' ? origin.host : self.hostname,
    path,
    receipts: [],
  };
  const commit = origin.kind === 'git' ? origin.commit : undefined;
  return {
    ...row,
    ...(newSender ? { newSender } : {}),
    ...(commit && { commit }),
    log: logId(machine, path),
    state,
    stateAt: since,
  };
}
