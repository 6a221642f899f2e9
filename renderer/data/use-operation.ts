import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import { useCall } from './call.ts';

/** Running operations and the last finished ones. */
export function useOperations(): {
  readonly running: readonly Operation[];
  readonly finished: readonly FinishedOperation[];
} {
  return useCall('operations.list', {}).data ?? NOTHING;
}

const NOTHING = { running: [], finished: [] };

/** The state of one operation: running, finished, or neither yet. */
export function useOperation(id: string | null): {
  readonly running: Operation | null;
  readonly finished: FinishedOperation | null;
} {
  const { running, finished } = useOperations();
  if (id === null) return { running: null, finished: null };
  return {
    running: running.find((operation) => operation.id === id) ?? null,
    finished: finished.find((operation) => operation.id === id) ?? null,
  };
}

/** An operation's progress, from 0 to 1; null while its size is unknown. Uses bytes rather than counts where both are known. */
export function progressOf(operation: Operation): number | null {
  if (operation.bytesTotal !== null && operation.bytesTotal > 0)
    return operation.bytesDone / operation.bytesTotal;
  if (operation.total !== null && operation.total > 0) return operation.done / operation.total;
  return null;
}
