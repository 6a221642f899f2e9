import { isAppError, type Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { foldEvents } from '../../../shared/transcripts/fold-events.ts';
import type { Withholding } from './log-words.ts';
import type { Clock } from '../ports/clock.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import { copiedFiles, readCopy, type CopiedFile } from './copy-record.ts';
import { withFacts } from './describe-session.ts';
import { keyOf, newlyKnown, type KnownSession } from './known-sessions.ts';
import { copiedBytes, roomOf, type CopyDeps } from './safe-copy.ts';
import { folderOf, type CopyPlace } from './copy-place.ts';

/** Dependencies of adopting copies. */
export interface AdoptDeps extends CopyDeps {
  readonly sources: readonly TranscriptSource[];
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly withhold: Withholding;
  readonly paths: { readonly transcripts: string };
}

/** A longer conversation is listed without its content until somebody opens or restores it. Bytes. */
const MOST_READ = 64 * 1024 * 1024;

/**
 * Adopts unknown copies: of a data folder whose `state/` was lost, or restored from the store. Reads a session's subject from its copy, as
 * time permits.
 * @param places from `newPlaces`
 * @param sessions updated with what is known now
 * @param end monotonic milliseconds until which copies are read
 * @returns the number of newly described sessions
 */
export async function adoptCopies(
  deps: AdoptDeps,
  places: readonly CopyPlace[],
  sessions: Map<string, KnownSession>,
  end: number,
): Answer<number> {
  let adopted = 0;
  for (const place of places) {
    const known = sessions.get(keyOf(place));
    const one = await adopt(deps, place, known, deps.clock.monotonic() <= end);
    if (!one.ok) return one;
    if (one.value === null) continue;
    sessions.set(keyOf(place), one.value);
    adopted++;
  }
  return ok(adopted);
}

async function adopt(
  deps: AdoptDeps,
  place: CopyPlace,
  known: KnownSession | undefined,
  read: boolean,
): Answer<KnownSession | null> {
  const folder = folderOf(deps.paths.transcripts, place);
  const pieces = await readCopy(deps.files, folder);
  if (!pieces.ok) return pieces;
  const held = copiedFiles(pieces.value);
  const main = held.find(({ role }) => role === 'main') ?? held[0];
  if (main === undefined) return ok(null);
  const room = await roomOf(deps.files, folder, pieces.value);
  if (!room.ok) return room;
  const { agent, id, month } = place;
  const fresh = newlyKnown({ agent, id, root: main.root, files: [], parent: null });
  const size = held.reduce((sum, file) => sum + file.size, 0);
  const base = known ?? { ...fresh, size, isGone: true, mtimeMs: Date.parse(`${month}-01T00:00:00Z`) };
  const counted = { ...base, month, ...room.value };
  if (!read || counted.factsPrint !== '' || main.size > MOST_READ) return ok(counted);
  return ok(await described(deps, folder, main, counted));
}

/** Facts from the copy's conversation; empty if a piece is missing here or its agent is unknown. */
async function described(
  deps: AdoptDeps,
  folder: string,
  main: CopiedFile,
  known: KnownSession,
): Promise<KnownSession> {
  const source = deps.sources.find(({ agent }) => agent === known.agent);
  if (source === undefined) return known;
  const events = foldEvents();
  try {
    const parser = await source.parser(known.id, {
      name: main.file,
      role: main.role,
      subagent: main.subagent,
    });
    for await (const piece of copiedBytes(deps, folder, main)) {
      if (!piece.ok) return known;
      events.add(parser.push(piece.value));
    }
    events.add(parser.end());
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return known;
  }
  const facts = factsOf(known.agent, known.id, events.events(), true);
  const told = await withFacts(deps, known, facts, `copy ${known.record}`);
  return { ...told, mtimeMs: told.lastAt ?? known.mtimeMs };
}
