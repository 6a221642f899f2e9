import type { AppError } from '../../shared/app-error.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import type { Desk } from '../compose/open-desk.ts';
import type { Drained } from '../core/agent-hooks/queue.ts';
import { findReader, knownReaders, type Reader } from '../core/notes/reader.ts';
import type { RunOptions } from '../core/sync/sync-deps.ts';
import { drainQueue } from '../core/workflows/drain-queue.ts';
import { problemOf, type Outcome } from '../core/workflows/outcome.ts';
import { pullIndex } from '../core/workflows/pull-index.ts';
import { push } from '../core/workflows/push.ts';
import type { CliContext } from './cli-context.ts';

/**
 * Does what hooks and saves have queued, over a core of this process.
 * @param options how long the runs wait for another sync, and how they are stopped
 */
export function drainQueueOf(
  core: Core,
  reader: Reader,
  options: RunOptions,
): Promise<Result<Drained, AppError>> {
  const deps = { ...core.sync, paths: core.paths };
  return drainQueue(deps, {
    pullIndex: async () => allDone(await pullIndex(core, { ...options, reader })),
    push: async () => allDone(await push(core, options)),
  });
}

/**
 * The same, for at most so many milliseconds.
 * @returns why not all of it is done; null when it is
 */
export async function drainWithin(context: CliContext, reader: Reader, ms: number): Promise<AppError | null> {
  const core = await context.core();
  if (!core.ok) return core.error;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(ms)]);
  const drained = await drainQueueOf(core.value, reader, { signal });
  await core.value.close();
  return drained.ok ? drained.value.problem : drained.error;
}

function allDone(result: Result<Outcome<unknown>, AppError>): Result<void, AppError> {
  const problem = problemOf(result);
  return problem === null ? ok(undefined) : err(problem);
}

/** Who reads in a folder, for work that nobody waits for: where the identity there cannot be used it is the system's user. */
export async function readerAt({ files, settings, systemUser }: Desk, folder: string): Promise<Reader> {
  const reader = await findReader(files, folder, knownReaders(settings, systemUser));
  return reader.ok ? reader.value : { user: systemUser, fullName: null };
}
