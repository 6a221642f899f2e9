import type { AppError, Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import { RECORD, folderOf, placeName, type CopyPlace } from './copy-place.ts';
import { placesHere } from './places-here.ts';

/** A session's copy on this disk. */
export interface CopyHere {
  readonly place: CopyPlace;
  /** Bytes of its `copy.jsonl`, which change with its content. */
  readonly record: number;
}

const AT_ONCE = 32;

/** Lists the copies on this disk, by names and sizes. A folder without a record has none. */
export async function copiesHere(files: Files, transcripts: string): Answer<readonly CopyHere[]> {
  const places = await placesHere(files, transcripts);
  return places.ok ? copiesAt(files, transcripts, places.value) : places;
}

/** The existing copies at these places. */
export async function copiesAt(
  files: Files,
  transcripts: string,
  places: readonly CopyPlace[],
): Answer<readonly CopyHere[]> {
  const copies: CopyHere[] = [];
  let problem: AppError | null = null;
  await runLimited(places, AT_ONCE, undefined, async (place) => {
    const facts = await files.stat(inFolder(folderOf(transcripts, place), RECORD));
    if (!facts.ok) problem ??= facts.error;
    else if (facts.value !== null && facts.value.size > 0) copies.push({ place, record: facts.value.size });
  });
  if (problem !== null) return { ok: false, error: problem };
  return ok(copies.sort((a, b) => (placeName(a.place) < placeName(b.place) ? -1 : 1)));
}
