import { isAppError } from '../../../shared/app-error.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { copiedFiles, readCopy } from '../capture/copy-record.ts';
import { folderOf } from '../capture/copy-place.ts';
import type { FoundHere } from '../capture/find-sessions.ts';
import { keyOf, type KnownSession } from '../capture/known-sessions.ts';
import { copiedBytes, type CopyDeps } from '../capture/safe-copy.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import { monthOnDisk } from '../capture/places-here.ts';
import { readEvents } from '../transcripts/read-events.ts';

/** Where a fork's parent session is. */
export interface ParentDeps extends CopyDeps {
  readonly paths: { readonly transcripts: string };
  /** Sessions that agents have, and what is known of all, by `keyOf`. */
  readonly found: ReadonlyMap<string, FoundHere>;
  readonly known: ReadonlyMap<string, KnownSession>;
}

/** Which session tells what several begin with, by their first words' key. */
export interface Tellers {
  /** Ids of those with it in a log, now or soon. */
  readonly told: Map<string, string>;
  /** Of those found that have not told anything yet, the one that was quiet for longest. */
  readonly met: Map<string, Pick<KnownSession, 'id' | 'mtimeMs'>>;
}

/** Ids of lines; keys derived from content would also match another's. */
const UNIQUE = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:\/|$)/i;

/** Who has told what in existing logs. */
export function tellersOf(known: Iterable<KnownSession>): Tellers {
  const told = new Map<string, string>();
  for (const { firstKey, forkOf, log, id } of known)
    if (firstKey !== null && forkOf === null && log !== '') told.set(firstKey, id);
  return { told, met: new Map() };
}

/** Registers a session that may get a log. */
export function meet({ met }: Tellers, { firstKey, id, mtimeMs }: KnownSession): void {
  if (firstKey !== null && mtimeMs < (met.get(firstKey)?.mtimeMs ?? Infinity))
    met.set(firstKey, { id, mtimeMs });
}

/**
 * The session this one was copied from: the one it names, else the one that has told the same first words, or will because it ended before.
 * @param events of the session
 */
export function parentOf(
  { told, met }: Tellers,
  { agent, id }: Pick<FoundSession, 'agent' | 'id'>,
  events: readonly TranscriptEvent[],
): string | null {
  const named = events.find((event) => event.kind === 'lineage' && event.relation === 'forked-from');
  if (named?.kind === 'lineage' && named.session !== id) return named.session;
  const { firstKey } = factsOf(agent, id, events, false);
  if (firstKey === null || !UNIQUE.test(firstKey)) return null;
  const teller = told.get(firstKey) ?? met.get(firstKey)?.id ?? id;
  told.set(firstKey, teller);
  return teller === id ? null : teller;
}

/**
 * Keys of what the log of a session's parent contains: a fork begins with a copy of its parent's conversation, not to be logged again.
 * Empty if the parent is unavailable or has no log of its own.
 */
export async function toldByParent(
  deps: ParentDeps,
  source: TranscriptSource,
  { agent, id: parent }: Pick<FoundSession, 'agent' | 'id'>,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const nothing: ReadonlySet<string> = new Set();
  const key = keyOf({ agent, id: parent });
  if (deps.known.get(key)?.outcome === 'never') return nothing;
  const keys = new Set<string>();
  let [prompts, effects] = [0, 0];
  try {
    for await (const some of eventsOf(deps, source, parent, key, signal))
      for (const event of some) {
        keys.add(event.key);
        if (event.kind === 'prompt' && event.by === null) prompts++;
        if (event.kind === 'tool-ended' && event.use.does === 'change') effects++;
      }
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    return nothing;
  }
  return prompts > 1 || effects > 0 ? keys : nothing;
}

/** From the agent's file, else from this disk's copy. */
async function* eventsOf(
  deps: ParentDeps,
  source: TranscriptSource,
  id: string,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly TranscriptEvent[]> {
  const main = deps.found.get(key)?.session.files.find(({ role }) => role === 'main');
  if (main !== undefined) {
    yield* readEvents(await source.parser(id, main), source.read(main, 0, signal));
    return;
  }
  const { transcripts } = deps.paths;
  const session = { agent: source.agent, id };
  // The state may be lost; the copy has not moved.
  const month = deps.known.get(key)?.month || (await monthOnDisk(deps.files, transcripts, session));
  if (month === null) return;
  const folder = folderOf(transcripts, { ...session, month });
  const pieces = await readCopy(deps.files, folder);
  const copy = pieces.ok ? copiedFiles(pieces.value).find(({ role }) => role === 'main') : undefined;
  if (copy === undefined) return;
  const parser = await source.parser(id, { name: copy.file, role: copy.role, subagent: copy.subagent });
  for await (const piece of copiedBytes(deps, folder, copy)) {
    if (!piece.ok) throw piece.error;
    yield parser.push(piece.value);
  }
  yield parser.end();
}
