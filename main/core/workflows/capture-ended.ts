import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { EndedSession } from '../agent-hooks/ended-session.ts';
import { below, folderPath } from '../files/folder-path.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import { problemOf } from './outcome.ts';
import { sweepSessions, type SweepDeps } from './sweep-sessions.ts';

/** For another capture of the data folder: the app's may be at it. Milliseconds. */
const WAIT_MS = 30_000;

/**
 * Keeps sessions of which a hook said that they have ended, as `capture.mode` has it: nothing while it is off. What a hook said only points at
 * a session; it is read where its agent keeps it, and one whose transcript lies anywhere else is passed over.
 */
export async function captureEnded(
  deps: SweepDeps,
  ended: readonly EndedSession[],
  signal?: AbortSignal,
): Promise<Result<void, AppError>> {
  if (deps.settings.capture.mode === 'off') return ok(undefined);
  const sessions = ended.filter(({ agent, transcript }) =>
    deps.sources.some((source) => source.agent === agent && isBelow(source, transcript)),
  );
  if (sessions.length === 0) return ok(undefined);
  const problem = problemOf(
    await sweepSessions(deps, {
      sessions: sessions.map(({ agent, id }) => ({ agent, id })),
      asked: false,
      ended: true,
      waitMs: WAIT_MS,
      ...(signal ? { signal } : {}),
    }),
  );
  return problem === null ? ok(undefined) : err(problem);
}

function isBelow({ roots }: TranscriptSource, transcript: string): boolean {
  const path = folderPath(transcript);
  if (path.split('/').includes('..')) return false;
  return roots.some((root) => (below(folderPath(root), path) ?? '') !== '');
}
