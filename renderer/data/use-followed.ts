import { useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { FinishedOperation, Operation, OperationKind } from '../../shared/ipc/operation.ts';
import { useAction } from './call.ts';
import { progressOf, useOperation, useOperations } from './use-operation.ts';

/** An operation that a page starts, as shown and stopped. */
export interface FollowedRun {
  readonly busy: boolean;
  /** The running operation; null until it is known. Includes one started elsewhere. */
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  /** How the operation followed here ended. */
  readonly finished: FinishedOperation | null;
  /** Why it was refused or failed. */
  readonly problem: AppError | null;
  /** Null until it has started. */
  readonly cancel: (() => void) | null;
}

/** Follows an operation of a kind: the one whose call has these handlers. */
export function useFollow(kind: OperationKind) {
  const [id, setId] = useState<string | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const cancel = useAction('operations.cancel', { onFailed: setRefused });
  const own = useOperation(id);
  const other = useOperations().running.find((operation) => operation.kind === kind) ?? null;
  const running = own.running ?? other;
  const { finished } = own;
  // Its first progress arrives later than its id.
  const operation = running?.id ?? id;
  return {
    /** The operation that is followed; null for none. */
    id,
    handlers: {
      onDone: (started: { readonly operation: string }) => setId(started.operation),
      onFailed: setRefused,
    },
    reset() {
      setRefused(null);
      setId(null);
    },
    run: (isPending: boolean): FollowedRun => ({
      busy: isPending || running !== null || (id !== null && finished === null),
      running,
      progress: running === null ? null : progressOf(running),
      finished,
      problem: refused ?? (finished?.outcome === 'cancelled' ? null : (finished?.error ?? null)),
      cancel: operation === null ? null : () => cancel.mutate({ operation }),
    }),
  };
}
