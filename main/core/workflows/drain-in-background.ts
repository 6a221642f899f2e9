import type { Answer } from '../../../shared/app-error.ts';
import { hasNews, type QueueDeps } from '../agent-hooks/queue.ts';
import { isLeft, type QueueActions } from './drain-queue.ts';
import { drainStoreQueue } from './drain-store-queue.ts';
import type { StoreBase } from './store-base.ts';

/** Waits between tries while the store is out of reach or another sync runs; then the next hook, command or timer does it. */
const TRY_AGAIN_MS = [10_000, 30_000, 120_000] as const;
/** How long to wait for another sync of the data folder. */
const LOCK_WAIT_MS = 120_000;

/** Dependencies of draining the queue in the background. */
export interface BackgroundDeps extends QueueDeps {
  readonly paths: QueueDeps['paths'] & {
    /** A folder; creating it takes the lock. */
    readonly drainLock: string;
  };
}

/** What a try works with. */
interface OpenedBase extends Pick<QueueActions, 'capture'> {
  readonly base: StoreBase;
  close(): Promise<void>;
}

export interface BackgroundRequest {
  /** The agent's folder, absolute: its identity says who reads. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Whether a person has paused automatic work. */
  readonly isPaused: () => Promise<boolean>;
  /** Opens what each try closes again: nothing is held while waiting. */
  readonly open: () => Answer<OpenedBase>;
}

/** Drains what agents' sessions queued and retries transient failures. The result is in the journal and the app log. */
export async function drainInBackground(deps: BackgroundDeps, request: BackgroundRequest): Promise<void> {
  // A second process leaves at once; the running one checks again after unlocking, so nothing is missed in between.
  do {
    const lock = await deps.locks.acquire({ path: deps.paths.drainLock, command: 'drain', waitMs: 0 });
    if (!lock.ok) return;
    try {
      if (!(await drainAll(deps, request))) return;
    } finally {
      await lock.value.release();
    }
  } while (await hasNews(deps));
}

/** @returns false when the rest must wait for somebody else */
async function drainAll(deps: BackgroundDeps, request: BackgroundRequest): Promise<boolean> {
  const { signal } = request;
  let tries = 0;
  do {
    if (signal.aborted || (await request.isPaused())) return false;
    const stays = await drainOnce(request);
    if (stays === null) return false;
    if (!stays) {
      tries = 0;
      continue;
    }
    const wait = TRY_AGAIN_MS[tries++];
    if (wait === undefined || !(await deps.clock.sleep(wait, signal))) return false;
  } while (tries > 0 || (await hasNews(deps)));
  return true;
}

/** @returns whether something transient is left; null when another process has the queue, or it cannot be drained at all */
async function drainOnce({ open, folder, signal }: BackgroundRequest): Promise<boolean | null> {
  const opened = await open();
  if (!opened.ok) return null;
  const { base, capture } = opened.value;
  try {
    const drained = await drainStoreQueue(base, {
      signal,
      waitMs: LOCK_WAIT_MS,
      reader: { folder },
      capture,
    });
    if (!drained.ok || drained.value.outcome === 'busy') return null;
    const { problem } = drained.value;
    if (problem !== null)
      base.sync.logger.warn('what an agent’s session has asked for was not all done', {
        code: problem.code,
        message: problem.message,
      });
    return isLeft(drained.value);
  } finally {
    await opened.value.close();
  }
}
