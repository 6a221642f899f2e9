import { useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import { useAction } from './call.ts';
import { useNow } from './use-now.ts';
import { progressOf, useOperation, useOperations } from './use-operation.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Keeping agent sessions: safe copies and logs of them. */
export interface KeepSessions {
  readonly start: (sessions: CallInput<'sessions.capture'>['sessions']) => void;
  /** Null until it has started. */
  readonly cancel: (() => void) | null;
  readonly busy: boolean;
  /** The running operation; null until it is known. Includes one started elsewhere. */
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  /** How the operation started or followed here ended. */
  readonly finished: FinishedOperation | null;
  /** How the last one ended that was not followed here; null for none, and for what a day has passed since it went well. */
  readonly last: FinishedOperation | null;
  /** Why it was refused or failed. */
  readonly problem: AppError | null;
}

/** Starts and follows keeping sessions. */
export function useKeepSessions(): KeepSessions {
  const [id, setId] = useState<string | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const now = useNow();
  const keep = useAction('sessions.capture', {
    onDone: ({ operation }) => setId(operation),
    onFailed: setRefused,
  });
  const cancel = useAction('operations.cancel', { onFailed: setRefused });
  const own = useOperation(id);
  const all = useOperations();
  const other = all.running.find(({ kind }) => kind === 'capture') ?? null;
  const before = all.finished.find(({ kind }) => kind === 'capture') ?? null;
  // An operation started before this page was opened still ends on it.
  if (other !== null && other.id !== id && own.running === null) setId(other.id);
  const running = own.running ?? other;
  const { finished } = own;
  // Its first progress arrives later than its id.
  const operation = running?.id ?? id;
  return {
    start: (sessions) => {
      setRefused(null);
      setId(null);
      keep.mutate({ sessions });
    },
    cancel: operation === null ? null : () => cancel.mutate({ operation }),
    busy: keep.isPending || running !== null || (id !== null && finished === null),
    running,
    progress: running === null ? null : progressOf(running),
    finished,
    last: before !== null && (before.outcome !== 'done' || now - before.finishedAt < DAY_MS) ? before : null,
    problem: refused ?? (finished?.outcome === 'cancelled' ? null : (finished?.error ?? null)),
  };
}
