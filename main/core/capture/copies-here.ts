import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { AGENTS } from '../../../shared/transcripts/agents.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import { RECORD } from './copy-record.ts';
import { isMonth, parsePlace, placeName, type CopyPlace } from './stored-copies.ts';

/** A session's copy on this disk. */
export interface CopyHere {
  readonly place: CopyPlace;
  /** Bytes of its `copy.jsonl`: what it holds has changed when they have. */
  readonly record: number;
}

const AT_ONCE = 32;

/** The places of all copies on this disk, by names alone; sorted. */
export async function placesHere(
  files: Files,
  transcripts: string,
): Promise<Result<readonly CopyPlace[], AppError>> {
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

/** All copies on this disk, by names and sizes alone. A folder without a record holds none. */
export async function copiesHere(
  files: Files,
  transcripts: string,
): Promise<Result<readonly CopyHere[], AppError>> {
  const places = await placesHere(files, transcripts);
  if (!places.ok) return places;
  const copies: CopyHere[] = [];
  let problem: AppError | null = null;
  await runLimited(places.value, AT_ONCE, undefined, async (place) => {
    const facts = await files.stat(inFolder(folderOf(transcripts, place), RECORD));
    if (!facts.ok) problem ??= facts.error;
    else if (facts.value !== null && facts.value.size > 0) copies.push({ place, record: facts.value.size });
  });
  if (problem !== null) return { ok: false, error: problem };
  return ok(copies.sort((a, b) => (placeName(a.place) < placeName(b.place) ? -1 : 1)));
}

/** The folder of a copy, absolute. */
export function folderOf(transcripts: string, { agent, month, id }: CopyPlace): string {
  return inFolder(transcripts, agent, month, id);
}
