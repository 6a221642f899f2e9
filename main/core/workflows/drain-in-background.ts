import type { AppError } from '../../../shared/app-error.ts';
import type { Result } from '../../../shared/result.ts';
import { hasNews, type QueueDeps } from '../agent-hooks/queue.ts';
import { isLeft, type QueueActions } from './drain-queue.ts';
import { drainStoreQueue } from './drain-store-queue.ts';
import type { StoreBase } from './store-base.ts';

/** Between tries while the store is out of reach or another sync runs; then it is left to the next hook, command or timer. */
const TRY_AGAIN_MS = [10_000, 30_000, 120_000] as const;
/** How long a run waits for another sync of the data folder. */
const LOCK_WAIT_MS = 120_000;

/** What draining the queue where nobody waits for it takes. */
export interface BackgroundDeps extends QueueDeps {
  readonly paths: QueueDeps['paths'] & {
    /** A folder: the lock is the making of it. */
    readonly drainLock: string;
  };
}

/** What a try works with. */
interface OpenedBase extends Pick<QueueActions, 'capture'> {
  readonly base: StoreBase;
  close(): Promise<void>;
}

export interface BackgroundRequest {
  /** Where the agent works, absolute: whose identity says who reads. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Whether a person has paused what happens by itself. */
  readonly isPaused: () => Promise<boolean>;
  /** Opens what is closed again after each try: nothing is held while it waits. */
  readonly open: () => Promise<Result<OpenedBase, AppError>>;
}

/** Does what agents' sessions have queued, and tries again what passes by itself. How it went is in the journal and in the app log. */
export async function drainInBackground(deps: BackgroundDeps, request: BackgroundRequest): Promise<void> {
  // Whoever comes while another is at it leaves; that one looks once more after it has let go, so nothing is left between the two.
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

/** @returns false when what is left must wait for somebody else */
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

/** @returns whether something stays that passes by itself; null when another process is at the queue, or it cannot be worked on at all */
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
