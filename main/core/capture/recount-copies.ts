import { folderOf } from './copy-place.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';
import { readCopy } from './copy-record.ts';
import { readKnown } from './known-sessions.ts';
import { writeKnown } from './write-known.ts';
import { roomOf } from './safe-copy.ts';

/** Recounts the size of copies of which nothing was here: something came from the store. The caller holds the capture lock. */
export async function recountCopies({
  files,
  logger,
  paths,
}: {
  readonly files: Files;
  readonly logger: Pick<Logger, 'warn'>;
  readonly paths: { readonly transcripts: string; readonly captures: string };
}): Answer<void> {
  const known = await readKnown(files, paths.captures, logger);
  const sessions = new Map(known.sessions);
  for (const [key, one] of known.sessions) {
    if (one.month === '' || one.stored > 0) continue;
    const folder = folderOf(paths.transcripts, one);
    const pieces = await readCopy(files, folder);
    if (!pieces.ok) return pieces;
    const room = await roomOf(files, folder, pieces.value);
    if (!room.ok) return room;
    if (room.value.stored > 0) sessions.set(key, { ...one, ...room.value });
  }
  return sessions.size > 0 ? writeKnown(files, paths.captures, { ...known, sessions }) : ok(undefined);
}
