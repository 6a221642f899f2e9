import type { AppError } from '../../shared/app-error.ts';
import type { Core } from '../compose/core.ts';
import { captureHere } from '../compose/capture-here.ts';
import type { Reader } from '../core/notes/reader.ts';
import { captureAsked } from '../core/workflows/capture-asked.ts';
import type { QueueActions } from '../core/workflows/drain-queue.ts';
import { drainStoreQueue } from '../core/workflows/drain-store-queue.ts';
import type { CliContext } from './cli-context.ts';

/** What a drain does with sessions reported by hooks. */
export function capturing(core: Core, signal: AbortSignal): QueueActions['capture'] {
  return async (asked) => captureAsked(await captureHere(core), asked, signal);
}

/**
 * Does what hooks and saves have queued, for at most this many milliseconds.
 * @returns why not all of it is done; null when it is
 */
export async function drainWithin(context: CliContext, reader: Reader, ms: number): Promise<AppError | null> {
  const core = await context.core();
  if (!core.ok) return core.error;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(ms)]);
  const drained = await drainStoreQueue(core.value, {
    signal,
    reader,
    capture: capturing(core.value, signal),
  });
  await core.value.close();
  return drained.ok ? drained.value.problem : drained.error;
}
