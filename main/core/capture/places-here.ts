import type { Answer } from '../../../shared/app-error.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { AGENTS } from '../../../shared/transcripts/agents.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import { folderOf, isMonth, parsePlace, type CopyPlace } from './copy-place.ts';
import { keyOf, type KnownSession } from './known-sessions.ts';

/** Places of all copies on this disk, by names only; sorted. */
export async function placesHere(files: Files, transcripts: string): Answer<readonly CopyPlace[]> {
  const places: CopyPlace[] = [];
  for (const agent of AGENTS) {
    const months = await files.names(inFolder(transcripts, agent));
    if (!months.ok) return months;
    for (const month of months.value.filter(isMonth)) {
      const ids = await files.names(inFolder(transcripts, agent, month));
      if (!ids.ok) return ids;
      for (const id of ids.value) {
        const place = parsePlace(`${agent}/${month}/${id}`);
        if (place !== null) places.push(place);
      }
    }
  }
  return ok(places);
}

/**
 * Places of unknown or undescribed copies.
 * @param isTime whether there is time to read
 */
export async function newPlaces(
  files: Files,
  transcripts: string,
  sessions: ReadonlyMap<string, KnownSession>,
  isTime: boolean,
): Answer<readonly CopyPlace[]> {
  const places = await placesHere(files, transcripts);
  return mapOk(places, (all) =>
    all.filter((place) => {
      const known = sessions.get(keyOf(place));
      if (known === undefined || known.month === '' || known.record === 0) return true;
      // A copy that is only in the store has nothing here to read.
      return isTime && known.factsPrint === '' && known.stored > 0;
    }),
  );
}

/** The month of a session's copy; null when there is none. */
export async function monthOnDisk(
  files: Files,
  transcripts: string,
  { agent, id }: SessionKey,
): Promise<string | null> {
  const months = await files.names(inFolder(transcripts, agent));
  for (const month of months.ok ? months.value : []) {
    if (!isMonth(month)) continue;
    const facts = await files.stat(folderOf(transcripts, { agent, month, id }));
    if (facts.ok && facts.value !== null) return month;
  }
  return null;
}
