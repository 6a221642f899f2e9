import type { SessionNotice } from '../../../shared/transcripts/session-list.ts';
import { below } from '../files/folder-path.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import { keyOf, type KnownSession } from './known-sessions.ts';

/** A found session, and its agent. */
export interface FoundHere {
  readonly source: TranscriptSource;
  readonly session: FoundSession;
}

/** What a scan of all agents' folders found. */
export interface SessionsHere {
  /** By {@link keyOf}. */
  readonly found: ReadonlyMap<string, FoundHere>;
  readonly notices: readonly SessionNotice[];
}

/** Scans all agents' folders in parallel. Only names and facts of files; opens no transcript. */
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

/** Sessions with no transcript left, known only from a list of typed prompts. */
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

/** Whether a missing session is gone. One in an unreadable folder may still exist, and so may one of an agent that is no longer scanned. */
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
