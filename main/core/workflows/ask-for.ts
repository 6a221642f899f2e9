import type { Answer } from '../../../shared/app-error.ts';
import { enqueue, type QueuePaths } from '../agent-hooks/queue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';

export interface AskDeps {
  readonly files: Files;
  readonly clock: Pick<Clock, 'now'>;
  readonly paths: Pick<QueuePaths, 'queue'>;
}

/** Queues a push or an index pull for the next drain. Touches nothing but one file. */
export function askFor(deps: AskDeps, kind: 'push' | 'index-pull'): Answer<void> {
  return enqueue(deps, { kind, at: deps.clock.now() });
}
