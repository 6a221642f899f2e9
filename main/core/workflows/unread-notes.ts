import type { Answer } from '../../../shared/app-error.ts';
import { listInbox, type InboxItem } from '../notes/inbox.ts';
import type { NotesDeps } from '../notes/inbox-file.ts';
import { findReader, type ReaderBase } from './find-reader.ts';

/** Lists the unread notes for a folder's reader (absolute), newest first. Changes nothing. */
export async function unreadNotes(
  base: ReaderBase & Pick<NotesDeps, 'clock' | 'paths'>,
  folder: string,
): Answer<readonly InboxItem[]> {
  const reader = await findReader(base, folder);
  return reader.ok ? listInbox(base, reader.value, 'unread') : reader;
}
