import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { AppError } from '../../shared/app-error.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallInput, CallOutput } from '../../shared/ipc/contract.ts';
import { useApi } from './api-context.tsx';
import { ask, keyOf, type CallFailure } from './ask.ts';

export interface CallOptions {
  readonly enabled?: boolean;
  /** Shows the last answer while the next one, for another input, is pending. */
  readonly keepPrevious?: boolean;
  /** Refetches on every mount: for answers that no event updates. */
  readonly fresh?: boolean;
}

/** The answer of a channel, cached and kept up to date. */
export function useCall<N extends CallName>(
  channel: N,
  input: CallInput<N>,
  options: CallOptions = {},
): UseQueryResult<CallOutput<N>, CallFailure> {
  const api = useApi();
  return useQuery<CallOutput<N>, CallFailure>({
    queryKey: keyOf(channel, input),
    queryFn: () => ask(api, channel, input),
    enabled: options.enabled ?? true,
    ...(options.fresh === true ? { staleTime: 0, gcTime: 0 } : {}),
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  } as Parameters<typeof useQuery<CallOutput<N>, CallFailure>>[0]);
}

/** A channel with side effects. */
export function useAction<N extends CallName>(
  channel: N,
  handlers: {
    readonly onDone?: (value: CallOutput<N>, input: CallInput<N>) => void;
    readonly onFailed?: (error: AppError, input: CallInput<N>) => void;
  } = {},
): UseMutationResult<CallOutput<N>, CallFailure, CallInput<N>> {
  const api = useApi();
  return useMutation<CallOutput<N>, CallFailure, CallInput<N>>({
    mutationFn: (input) => ask(api, channel, input),
    onSuccess: (value, input) => handlers.onDone?.(value, input),
    onError: (failure, input) => handlers.onFailed?.(failure.error, input),
  });
}
