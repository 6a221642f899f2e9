import type { Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { HookSession } from '../agent-hooks/hook-session.ts';
import type { QueueWork } from '../agent-hooks/queue.ts';
import { below, folderPath } from '../files/folder-path.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import { problemOf } from './outcome.ts';
import { sweepSessions, type SweepDeps, type SweepRequest } from './sweep-sessions.ts';

/** Captures requested by hooks. */
export type AskedCapture = Pick<QueueWork, 'sweep' | 'sessions'>;

/** Wait for another capture of the data folder, perhaps the app's. Milliseconds. */
const WAIT_MS = 30_000;

/**
 * Captures sessions reported by hooks, as `capture.mode` says: nothing while it is off. An ended session gets its log at once; a running
 * one its copy. A hook's report only points at a session; it is read from its agent's folder, and one whose transcript is anywhere else is
 * skipped.
 */
export async function captureAsked(
  deps: SweepDeps,
  { sweep, sessions }: AskedCapture,
  signal?: AbortSignal,
): Answer<void> {
  if (deps.settings.capture.mode === 'off') return ok(undefined);
  const known = sessions.filter((session) =>
    deps.sources.some((source) => source.agent === session.agent && isBelow(source, session)),
  );
  const [over, going] = [known.filter(({ isOver }) => isOver), known.filter(({ isOver }) => !isOver)];
  const requests: Pick<SweepRequest, 'sessions' | 'ended'>[] = [
    { sessions: over, ended: true },
    // A sweep of all sessions includes these.
    { sessions: sweep ? 'all' : going },
  ];
  for (const request of requests) {
    if (request.sessions.length === 0) continue;
    const problem = problemOf(
      await sweepSessions(deps, { ...request, asked: false, waitMs: WAIT_MS, signal }),
    );
    if (problem !== null) return err(problem);
  }
  return ok(undefined);
}

function isBelow({ roots }: TranscriptSource, { transcript }: HookSession): boolean {
  // Codex and Cursor's command line name a session without its file.
  if (transcript === null) return true;
  const path = folderPath(transcript);
  if (path.split('/').includes('..')) return false;
  return roots.some((root) => (below(folderPath(root), path) ?? '') !== '');
}
