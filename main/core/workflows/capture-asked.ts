import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { HookSession } from '../agent-hooks/hook-session.ts';
import type { QueueWork } from '../agent-hooks/queue.ts';
import { below, folderPath } from '../files/folder-path.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import { problemOf } from './outcome.ts';
import { sweepSessions, type SweepDeps, type SweepRequest } from './sweep-sessions.ts';

/** What agents' hooks want looked at. */
export type AskedCapture = Pick<QueueWork, 'sweep' | 'sessions'>;

/** For another capture of the data folder: the app's may be at it. Milliseconds. */
const WAIT_MS = 30_000;

/**
 * Keeps sessions of which hooks told, as `capture.mode` has it: nothing while it is off. One that has ended has its log at once; one that goes on
 * has its copy. What a hook said only points at a session; it is read where its agent keeps it, and one whose transcript lies anywhere else is
 * passed over.
 */
export async function captureAsked(
  deps: SweepDeps,
  { sweep, sessions }: AskedCapture,
  signal?: AbortSignal,
): Promise<Result<void, AppError>> {
  if (deps.settings.capture.mode === 'off') return ok(undefined);
  const known = sessions.filter((session) =>
    deps.sources.some((source) => source.agent === session.agent && isBelow(source, session)),
  );
  const [over, going] = [known.filter(({ isOver }) => isOver), known.filter(({ isOver }) => !isOver)];
  const requests: Pick<SweepRequest, 'sessions' | 'ended'>[] = [
    { sessions: over, ended: true },
    // A look at all of them finds these, too.
    { sessions: sweep ? 'all' : going },
  ];
  for (const request of requests) {
    if (request.sessions.length === 0) continue;
    const problem = problemOf(
      await sweepSessions(deps, { ...request, asked: false, waitMs: WAIT_MS, ...(signal ? { signal } : {}) }),
    );
    if (problem !== null) return err(problem);
  }
  return ok(undefined);
}

function isBelow({ roots }: TranscriptSource, { transcript }: HookSession): boolean {
  // Codex and the command line of Cursor name a session without its file.
  if (transcript === null) return true;
  const path = folderPath(transcript);
  if (path.split('/').includes('..')) return false;
  return roots.some((root) => (below(folderPath(root), path) ?? '') !== '');
}
