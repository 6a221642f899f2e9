import { isAppError } from '../../../shared/app-error.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { copiedFiles, readCopy } from '../capture/copy-record.ts';
import { folderOf } from '../capture/copy-place.ts';
import type { FoundHere } from '../capture/find-sessions.ts';
import { keyOf, type KnownSession } from '../capture/known-sessions.ts';
import { copiedBytes, type CopyDeps } from '../capture/safe-copy.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import { monthOnDisk } from '../capture/places-here.ts';
import { readEvents } from '../transcripts/read-events.ts';

/** Where the session is that another one was forked from. */
export interface ParentDeps extends CopyDeps {
  readonly paths: { readonly transcripts: string };
  /** Sessions that agents have, and what is known of all, by `keyOf`. */
  readonly found: ReadonlyMap<string, FoundHere>;
  readonly known: ReadonlyMap<string, KnownSession>;
}

/**
 * Keys of what the log of a session's parent tells: a fork begins with a copy of all its parent had said, and says it once more to nobody.
 * Empty for a session that is no fork, and for one whose parent is not at hand or has no log of its own.
 * @param events of the session
 */
export async function toldByParent(
  deps: ParentDeps,
  source: TranscriptSource,
  { agent, id }: Pick<FoundSession, 'agent' | 'id'>,
  events: readonly TranscriptEvent[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const nothing: ReadonlySet<string> = new Set();
  const parent = events.find((event) => event.kind === 'lineage' && event.relation === 'forked-from');
  if (parent?.kind !== 'lineage' || parent.session === id) return nothing;
  const key = keyOf({ agent, id: parent.session });
  if (deps.known.get(key)?.outcome === 'never') return nothing;
  const keys = new Set<string>();
  let [prompts, effects] = [0, 0];
  try {
    for await (const some of eventsOf(deps, source, parent.session, key, signal))
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

/** From the agent's file, else from the copy on this disk. */
async function* eventsOf(
  deps: ParentDeps,
  source: TranscriptSource,
  id: string,
  key: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly TranscriptEvent[]> {
  const main = deps.found.get(key)?.session.files.find(({ role }) => role === 'main');
  if (main !== undefined) {
    yield* readEvents(source.parser(id, main), source.read(main, 0, signal));
    return;
  }
  const { transcripts } = deps.paths;
  const session = { agent: source.agent, id };
  // What is known may be lost; the copy is where it was.
  const month = deps.known.get(key)?.month || (await monthOnDisk(deps.files, transcripts, session));
  if (month === null) return;
  const folder = folderOf(transcripts, { ...session, month });
  const pieces = await readCopy(deps.files, folder);
  const copy = pieces.ok ? copiedFiles(pieces.value).find(({ role }) => role === 'main') : undefined;
  if (copy === undefined) return;
  const parser = source.parser(id, { name: copy.file, role: copy.role, subagent: copy.subagent });
  for await (const piece of copiedBytes(deps, folder, copy)) {
    if (!piece.ok) throw piece.error;
    yield parser.push(piece.value);
  }
  yield parser.end();
}
