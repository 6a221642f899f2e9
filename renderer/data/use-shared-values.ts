import { useQueryClient } from '@tanstack/react-query';
import type { AppError } from '../../shared/app-error.ts';
import type { SharedWith } from '../../shared/ipc/payloads.ts';
import { keyOf } from './ask.ts';
import { useAction, useCall } from './call.ts';

/** Which other machines of this person can read the values kept here. */
export interface SharingOfValues {
  /** Undefined until it is known. */
  readonly shared: SharedWith | undefined;
  readonly busy: boolean;
  /** Why it is not known, or why the last change was refused. */
  readonly error: AppError | null;
  readonly change: (key: string, how: 'share' | 'end') => void;
}

/**
 * Reads and changes it.
 * @param onChanged called once it is so, even if the page was left; `undo` takes it back
 */
export function useSharedValues(
  onChanged: (how: 'share' | 'end', undo: () => void) => void,
): SharingOfValues {
  const client = useQueryClient();
  const { data: shared, error, refetch } = useCall('secrets.shared', {}, { fresh: true });
  const change = useAction('secrets.share', {
    onDone(after, { key, how }) {
      client.setQueryData(keyOf('secrets.shared', {}), after);
      onChanged(how, () => change.mutate({ key, how: how === 'share' ? 'end' : 'share' }));
    },
    // A key is known although the store did not answer: it follows with the next push.
    onFailed: () => void refetch(),
  });
  return {
    shared,
    busy: change.isPending,
    error: change.error?.error ?? (shared === undefined ? (error?.error ?? null) : null),
    change: (key, how) => change.mutate({ key, how }),
  };
}
