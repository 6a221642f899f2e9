import type { AppError } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import type { Desk } from '../compose/open-desk.ts';
import type { Drained } from '../core/agent-hooks/queue.ts';
import { receiveFromIndex } from '../core/notes/receive-notes.ts';
import { findReader, knownReaders, type Reader } from '../core/notes/reader.ts';
import { recordRun } from '../core/status/record-run.ts';
import { pullIndex } from '../core/sync/pull-index.ts';
import { push } from '../core/sync/push.ts';
import type { RunOptions } from '../core/sync/sync-deps.ts';
import { drainQueue } from '../core/workflows/drain-queue.ts';
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
    async pullIndex() {
      const pulled = await recordRun(core.sync, core.statusPaths, 'index', () =>
        pullIndex(core.sync, options),
      );
      return pulled.ok ? receiveFromIndex(deps, core.sync.index, core.sync.self.uuid, reader) : pulled;
    },
    push: () => recordRun(core.sync, core.statusPaths, 'push', () => push(core.sync, options)),
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

/** Who reads in a folder, for work that nobody waits for: where the identity there cannot be used it is the system's user. */
export async function readerAt({ files, settings, systemUser }: Desk, folder: string): Promise<Reader> {
  const reader = await findReader(files, folder, knownReaders(settings, systemUser));
  return reader.ok ? reader.value : { user: systemUser, fullName: null };
}
