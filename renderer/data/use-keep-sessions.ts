import { useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import { useAction } from './call.ts';
import { progressOf, useOperation, useOperations } from './use-operation.ts';

/** Keeping agent sessions: safe copies and logs of them. */
export interface KeepSessions {
  readonly start: (sessions: CallInput<'sessions.capture'>['sessions']) => void;
  /** Null until it has begun. */
  readonly cancel: (() => void) | null;
  readonly busy: boolean;
  /** Its course; null before it has one. Work that was begun elsewhere is shown too. */
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  /** How the work that was begun or followed here ended. */
  readonly finished: FinishedOperation | null;
  /** Why it was refused or failed. */
  readonly problem: AppError | null;
}

/** Starts and follows keeping sessions. */
export function useKeepSessions(): KeepSessions {
  const [id, setId] = useState<string | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const keep = useAction('sessions.capture', {
    onDone: ({ operation }) => setId(operation),
    onFailed: setRefused,
  });
  const cancel = useAction('operations.cancel', { onFailed: setRefused });
  const own = useOperation(id);
  const other = useOperations().running.find(({ kind }) => kind === 'capture') ?? null;
  // One that was begun before this page was opened ends on it all the same.
  if (other !== null && other.id !== id && own.running === null) setId(other.id);
  const running = own.running ?? other;
  const { finished } = own;
  // Its first progress comes later than its id.
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
    problem: refused ?? (finished?.outcome === 'cancelled' ? null : (finished?.error ?? null)),
  };
}
