import type { AppError } from '../../shared/app-error.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { drain, type QueueWork } from '../core/agent-hooks/queue.ts';
import { markNotes } from '../core/notes/inbox.ts';
import type { NotesDeps } from '../core/notes/inbox-file.ts';
import { receiveFromIndex } from '../core/notes/receive-notes.ts';
import type { Reader } from '../core/notes/reader.ts';
import { recordRun } from '../core/status/record-run.ts';
import { pullIndex } from '../core/sync/pull-index.ts';
import { push } from '../core/sync/push.ts';

/**
 * Does what hooks and saves have queued: receipts of shown notes, a push, a look at the index with the notes it brings. What fails stays in the
 * queue; another process that is at it already is left to it.
 */
export async function drainQueue(
  core: Core,
  reader: Reader,
  signal: AbortSignal,
): Promise<Result<void, AppError>> {
  const { files, locks, clock, random } = core.sync;
  const deps = { files, locks, clock, random, paths: core.paths };
  const drained = await drain(deps, (work) => perform(core, deps, reader, work, signal));
  return drained.ok ? ok(undefined) : err(drained.error);
}

async function perform(
  core: Core,
  deps: NotesDeps,
  reader: Reader,
  work: QueueWork,
  signal: AbortSignal,
): Promise<Result<void, AppError>> {
  for (const { reader: user, notes } of work.shown) {
    const marked = await markNotes(deps, { user, fullName: null }, notes, 'read');
    if (!marked.ok) return marked;
  }
  if (work.push) {
    const pushed = await recordRun(core.sync, core.statusPaths, 'push', () => push(core.sync, { signal }));
    if (!pushed.ok) return pushed;
  }
  if (!work.indexPull) return ok(undefined);
  const pulled = await recordRun(core.sync, core.statusPaths, 'index', () =>
    pullIndex(core.sync, { signal }),
  );
  if (!pulled.ok) return pulled;
  const received = await receiveFromIndex(deps, core.sync.index, core.sync.self.uuid, reader);
  return received.ok ? ok(undefined) : received;
}
