import type { QueryKey } from '@tanstack/react-query';
import type { AppError } from '../../shared/app-error.ts';
import type { Api } from '../../shared/ipc/api.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallInput, CallOutput } from '../../shared/ipc/contract.ts';

/** Passes an expected failure to react-query, which supports only rejections. Leaves renderer/data only as `error.error`. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.message);
    this.error = error;
  }
}

/** Calls once and returns the value. @throws CallFailure with the core's error */
export async function ask<N extends CallName>(
  api: Api,
  channel: N,
  input: CallInput<N>,
): Promise<CallOutput<N>> {
  const envelope = await api.invoke(channel, input);
  if (!envelope.ok) throw new CallFailure(envelope.error);
  return envelope.value;
}

/** The cache key of a call's answer: events invalidate by channel. */
export function keyOf<N extends CallName>(channel: N, input: CallInput<N>): QueryKey {
  return [channel, input];
}
