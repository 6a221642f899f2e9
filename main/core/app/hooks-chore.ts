import { appError, type AppError } from '../../../shared/app-error.ts';
import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { drain, type Drained, type QueueWork } from '../agent-hooks/queue.ts';
import { markNotes } from '../notes/inbox.ts';
import type { AppCore } from './app-core.ts';
import { notesDepsOf } from './inbox-notes.ts';
import type { SyncRuns } from './sync-runs.ts';

/** Does what agents' hooks have queued; what fails stays in the queue for the next time. */
export function drainHooks(core: AppCore, runs: SyncRuns): Promise<Result<Drained, AppError>> {
  const { files, locks, clock, random } = core.sync;
  return drain({ files, locks, clock, random, paths: core.paths }, (work) => perform(core, runs, work));
}

async function perform(core: AppCore, runs: SyncRuns, work: QueueWork): Promise<Result<void, AppError>> {
  for (const { reader, notes } of work.shown) {
    const marked = await markNotes(notesDepsOf(core), { user: reader, fullName: null }, notes, 'read');
    if (!marked.ok) return marked;
  }
  const ends: FinishedOperation[] = [];
  // Notes first: somebody has just begun to work and wants to see them.
  if (work.indexPull) ends.push(await runs.index('hook').ended);
  if (work.push) ends.push(await runs.push('hook').ended);
  const open = ends.find(
    ({ outcome }) => outcome === 'deferred' || outcome === 'failed' || outcome === 'cancelled',
  );
  if (open === undefined) return ok(undefined);
  const error = open.error ?? appError('server', 'The queued work was not done.', 'It is tried again.');
  // A request that cannot succeed without a person would be repeated for ever; the person has been told by the run itself.
  return error.transient || error.code === 'cancelled' ? err(error) : ok(undefined);
}
