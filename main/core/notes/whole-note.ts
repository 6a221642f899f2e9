import { decodeLog } from '../../../shared/domain/decode-log.ts';
import { wholeNote } from '../../../shared/domain/log-notes.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import { inFolder } from '../files/folder-path.ts';
import type { StoredNote } from './inbox-file.ts';
import { committerOf } from './receive-notes.ts';

/**
 * Reads the whole text of a note longer than the inbox keeps from its log, if available: in the workspace, or in the cache when the log was
 * pulled. Null if not, or if the log no longer has it.
 * @param cache folder of other machines' logs, absolute
 */
export async function readWholeNote(
  deps: { readonly files: Files; readonly bytes: Pick<Bytes, 'sha256'> },
  cache: string,
  note: StoredNote,
): Promise<string | null> {
  const { origin } = note;
  const file =
    origin.kind === 'git'
      ? inFolder(origin.workspace, origin.path)
      : inFolder(cache, origin.machine, origin.path);
  const read = await deps.files.read(file);
  if (!read.ok || read.value === null) return null;
  const parsed = readLogText(decodeLog(read.value), origin.path);
  return wholeNote(parsed, note.cameAs ?? note.hash, {
    machine: origin.kind === 'store' ? origin.machine : committerOf(origin.path),
    date: note.date,
    fallbackFrom: note.from,
    sha256: (text) => deps.bytes.sha256(new TextEncoder().encode(text)),
  });
}
