import type { AppError } from '../../shared/app-error.ts';
import type { Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import type { Desk } from '../compose/open-desk.ts';
import { drainQueue, type QueueActions } from '../core/agent-hooks/drain-queue.ts';
import type { Drained } from '../core/agent-hooks/queue.ts';
import { markNotes } from '../core/notes/inbox.ts';
import { receiveFromIndex } from '../core/notes/receive-notes.ts';
import { findReader, knownReaders, type Reader } from '../core/notes/reader.ts';
import { recordRun } from '../core/status/record-run.ts';
import { pullIndex } from '../core/sync/pull-index.ts';
import { push } from '../core/sync/push.ts';
import type { RunOptions } from '../core/sync/sync-deps.ts';

/**
 * Does what hooks and saves have queued, over a core of this process.
 * @param options how long the runs wait for another sync, and how they are stopped
 */
export function drainQueueOf(
  core: Core,
  reader: Reader,
  options: RunOptions,
): Promise<Result<Drained, AppError>> {
  const { files, locks, clock, random, bytes } = core.sync;
  const deps = { files, locks, clock, random, bytes, paths: core.paths };
  const actions: QueueActions = {
    markShown: (user, notes) => markNotes(deps, { user, fullName: null }, notes, 'read'),
    async pullIndex() {
      const pulled = await recordRun(core.sync, core.statusPaths, 'index', () =>
        pullIndex(core.sync, options),
      );
      return pulled.ok ? receiveFromIndex(deps, core.sync.index, core.sync.self.uuid, reader) : pulled;
    },
    push: () => recordRun(core.sync, core.statusPaths, 'push', () => push(core.sync, options)),
  };
  return drainQueue(deps, actions);
}

/** Who reads in a folder, for work that nobody waits for: where the identity there cannot be used it is the system's user. */
export async function readerAt({ files, settings, systemUser }: Desk, folder: string): Promise<Reader> {
  const reader = await findReader(files, folder, knownReaders(settings, systemUser));
  return reader.ok ? reader.value : { user: systemUser, fullName: null };
}
