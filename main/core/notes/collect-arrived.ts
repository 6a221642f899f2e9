import type { Answer } from '../../../shared/app-error.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import type { ArrivedLogs } from '../git-sync/git-sync-deps.ts';
import { listInbox, type InboxItem } from './inbox.ts';
import type { Reader } from './reader.ts';
import {
  committerOf,
  notesOfLogs,
  receiveNotes,
  type IncomingNote,
  type ReceiveDeps,
} from './receive-notes.ts';

/**
 * Extracts notes from the logs of a git sync and puts the reader's into the inbox. Notes already in an older version of a log are not news.
 * @returns the notes of these logs that the reader has not seen, newest first; show them, then mark them read
 */
export async function collectArrivedNotes(
  deps: ReceiveDeps,
  reader: Reader,
  arrived: Pick<ArrivedLogs, 'tree' | 'paths' | 'read' | 'commitOf'>,
): Answer<readonly InboxItem[]> {
  const today = new Date(deps.clock.now()).toISOString().slice(0, 10) as CalendarDate;
  const incoming: IncomingNote[] = [];
  for (const path of arrived.paths) {
    const [after, before] = [await arrived.read(path, 'to'), await arrived.read(path, 'from')];
    // The caller knows which logs are unreadable. The notes of the others arrive anyway.
    if (!after.ok) continue;
    const notesAt = (bytes: Uint8Array | null): readonly IncomingNote[] =>
      bytes === null
        ? []
        : notesOfLogs(deps.bytes, arrived.tree, [{ path, bytes, committer: committerOf(path) }], today);
    const old = new Set(notesAt(before.ok ? before.value : null).map((note) => note.hash));
    const fresh = notesAt(after.value).filter((note) => !old.has(note.hash));
    if (fresh.length === 0) continue;
    const commit = (await arrived.commitOf(path)) ?? undefined;
    incoming.push(
      ...fresh.map((note) => ({ ...note, origin: { ...note.origin, ...(commit && { commit }) } })),
    );
  }
  const received = await receiveNotes(deps, reader, incoming);
  if (!received.ok) return received;
  if (incoming.length === 0) return ok([]);
  const hashes = new Set(incoming.map((note) => note.hash));
  return mapOk(await listInbox(deps, reader, 'unread'), (items) =>
    items.filter((item) => hashes.has(item.cameAs ?? item.hash)),
  );
}
