import { setPriority } from 'node:os';
import { openLocal, type LocalContext } from '../../compose/open-local.ts';
import { hasNews } from '../../core/agent-hooks/queue.ts';
import { readPause } from '../../core/app/schedule/pause-file.ts';
import type { CliContext } from '../cli-context.ts';
import { openProcess } from '../cli-process.ts';
import { isLeft } from '../../core/workflows/drain-queue.ts';
import { drainStoreQueue } from '../../core/workflows/drain-store-queue.ts';

/** Between tries while the store is out of reach or another sync runs; then it is left to the next hook, command or timer. */
const TRY_AGAIN_MS = [10_000, 30_000, 120_000] as const;
/** How long a run waits for another sync of the data folder. */
const LOCK_WAIT_MS = 120_000;
/** Behind everything that somebody waits for. */
const BACKGROUND = 10;

/**
 * Does what agents' sessions have queued, in a process that a hook has started and that nobody waits for: prints nothing, ends with 0. How
 * it went is in the journal (`status`) and in the app log.
 * @param sessionFolder where the agent works
 */
export async function runDrain(sessionFolder: string): Promise<void> {
  const context = openProcess();
  lowerPriority();
  const local = openLocal();
  if (!local.ok) return;
  const { locks, paths } = local.value;
  // Whoever comes while another is at it leaves; that one looks once more after it has let go, so nothing is left between the two.
  do {
    const lock = await locks.acquire({ path: paths.drainLock, command: 'drain', waitMs: 0 });
    if (!lock.ok) return;
    try {
      if (!(await drainAll(context, local.value, sessionFolder))) return;
    } finally {
      await lock.value.release();
    }
  } while (await hasNews(local.value));
}

/** @returns false when what is left must wait for somebody else */
async function drainAll(context: CliContext, local: LocalContext, sessionFolder: string): Promise<boolean> {
  let tries = 0;
  do {
    if (context.signal.aborted || (await isPaused(local))) return false;
    const stays = await drainOnce(context, sessionFolder);
    if (stays === null) return false;
    if (!stays) {
      tries = 0;
      continue;
    }
    const wait = TRY_AGAIN_MS[tries++];
    if (wait === undefined || !(await local.clock.sleep(wait, context.signal))) return false;
  } while (tries > 0 || (await hasNews(local)));
  return true;
}

/** @returns whether something stays that passes by itself; null when another process is at the queue, or it cannot be worked on at all */
async function drainOnce(context: CliContext, sessionFolder: string): Promise<boolean | null> {
  const core = await context.core();
  if (!core.ok) return null;
  try {
    const drained = await drainStoreQueue(core.value, {
      signal: context.signal,
      waitMs: LOCK_WAIT_MS,
      reader: { folder: sessionFolder },
    });
    if (!drained.ok || drained.value.outcome === 'busy') return null;
    const { problem } = drained.value;
    if (problem !== null)
      core.value.sync.logger.warn('what an agent’s session has asked for was not all done', {
        code: problem.code,
        message: problem.message,
      });
    return isLeft(drained.value);
  } finally {
    await core.value.close();
  }
}

/** A pause that a person asked for in the app holds for everything that happens by itself. */
async function isPaused({ files, paths, clock }: LocalContext): Promise<boolean> {
  return (await readPause(files, paths.pause, clock.now())) !== null;
}

function lowerPriority(): void {
  try {
    setPriority(BACKGROUND);
  } catch {
    // Where that is not allowed it runs as it is.
  }
}
