import type { SessionNotice } from '../../../shared/transcripts/session-list.ts';
import { below } from '../files/folder-path.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import { keyOf, type KnownSession } from './known-sessions.ts';

/** A session as it was found, and whose it is. */
export interface FoundHere {
  readonly source: TranscriptSource;
  readonly session: FoundSession;
}

/** What a look at all agents' folders found. */
export interface SessionsHere {
  /** By {@link keyOf}. */
  readonly found: ReadonlyMap<string, FoundHere>;
  readonly notices: readonly SessionNotice[];
}

/** Looks at the folders of all agents, side by side. Names and facts of files alone; no transcript is opened. */
export async function findSessions(
  sources: readonly TranscriptSource[],
  signal?: AbortSignal,
): Promise<SessionsHere> {
  const looks = await Promise.all(sources.map((source) => source.find(signal)));
  const found = new Map<string, FoundHere>();
  for (const [index, { sessions }] of looks.entries())
    for (const session of sessions) {
      const source = sources[index];
      if (source !== undefined) found.set(keyOf(session), { source, session });
    }
  return { found, notices: looks.flatMap(({ problems }) => problems) };
}

/** Sessions whose transcript is gone, of which a list of typed prompts still knows. */
export async function findLostSessions(
  sources: readonly TranscriptSource[],
  { found }: SessionsHere,
): Promise<ReadonlyMap<string, FoundHere>> {
  const lost = new Map<string, FoundHere>();
  for (const source of sources) {
    const present = [...found.values()].filter(({ session }) => session.agent === source.agent);
    const { sessions } = await source.findLost(new Set(present.map(({ session }) => session.id)));
    for (const session of sessions) lost.set(keyOf(session), { source, session });
  }
  return lost;
}

/**
 * Whether a session that was not found is gone. One whose folder could not be looked into may be there still, and so may one of an agent that
 * is not looked for any more.
 */
export function isGoneNow(
  known: KnownSession,
  { found, notices }: SessionsHere,
  sources: readonly TranscriptSource[],
): boolean {
  if (found.has(keyOf(known))) return false;
  const source = sources.find(({ agent }) => agent === known.agent);
  if (source === undefined || !source.roots.includes(known.root)) return known.isGone;
  const isHidden = notices.some(
    ({ path }) => below(path, known.root) !== null || below(known.root, path) !== null,
  );
  return isHidden ? known.isGone : true;
}
