import type { CallInput } from '../../shared/ipc/contract.ts';
import type { FinishedOperation } from '../../shared/ipc/operation.ts';
import { useAction } from './call.ts';
import { useNow } from './use-now.ts';
import { useOperations } from './use-operation.ts';
import { type FollowedRun, useFollow } from './use-followed.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Keeping agent sessions: safe copies and logs of them. */
export interface KeepSessions extends FollowedRun {
  readonly start: (sessions: CallInput<'sessions.capture'>['sessions']) => void;
  /** How the last one ended that was not followed here; null for none, and for what a day has passed since it went well. */
  readonly last: FinishedOperation | null;
}

/** Starts and follows keeping sessions. */
export function useKeepSessions(): KeepSessions {
  const now = useNow();
  const follow = useFollow('capture');
  const keep = useAction('sessions.capture', follow.handlers);
  const before = useOperations().finished.find(({ kind }) => kind === 'capture') ?? null;
  const run = follow.run(keep.isPending);
  // An operation started before this page was opened still ends on it.
  if (run.running !== null && run.running.id !== follow.id)
    follow.handlers.onDone({ operation: run.running.id });
  return {
    ...run,
    start(sessions) {
      follow.reset();
      keep.mutate({ sessions });
    },
    last: before !== null && (before.outcome !== 'done' || now - before.finishedAt < DAY_MS) ? before : null,
  };
}
