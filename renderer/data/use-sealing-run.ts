import { useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import { useAction } from './call.ts';
import { progressOf, useOperation, useOperations } from './use-operation.ts';

/** Sealing or a restore drill, as shown and stopped. */
export interface SealingRun {
  readonly busy: boolean;
  /** The running operation; null until it is known. Includes one started elsewhere. */
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  /** How the operation started here ended. */
  readonly finished: FinishedOperation | null;
  readonly problem: AppError | null;
  /** Null until it has started. */
  readonly cancel: (() => void) | null;
}

/** Starts and follows sealing. */
export function useSeal(): SealingRun & { readonly start: (newRecovery: boolean) => void } {
  const follow = useFollow('seal');
  const seal = useAction('sealing.seal', follow.handlers);
  return {
    ...follow.run(seal.isPending),
    start(newRecovery) {
      follow.reset();
      seal.mutate({ newRecovery });
    },
  };
}

/** Starts and follows unsealing. */
export function useUnseal(): SealingRun & { readonly start: () => void } {
  const follow = useFollow('unseal');
  const unseal = useAction('sealing.unseal', follow.handlers);
  return {
    ...follow.run(unseal.isPending),
    start() {
      follow.reset();
      unseal.mutate({});
    },
  };
}

/** Starts and follows the restore drill. */
export function useDrill(): SealingRun & { readonly start: () => void } {
  const follow = useFollow('drill');
  const drill = useAction('sealing.drill', follow.handlers);
  return {
    ...follow.run(drill.isPending),
    start() {
      follow.reset();
      drill.mutate({});
    },
  };
}

function useFollow(kind: 'seal' | 'unseal' | 'drill') {
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
    handlers: {
      onDone: (started: { readonly operation: string }) => setId(started.operation),
      onFailed: setRefused,
    },
    reset() {
      setRefused(null);
      setId(null);
    },
    run: (isPending: boolean): SealingRun => ({
      busy: isPending || running !== null || (id !== null && finished === null),
      running,
      progress: running === null ? null : progressOf(running),
      finished,
      problem: refused ?? (finished?.outcome === 'cancelled' ? null : (finished?.error ?? null)),
      cancel: operation === null ? null : () => cancel.mutate({ operation }),
    }),
  };
}
