import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { GitSyncLimits } from './limits.ts';
import type { Upstream } from './upstream.ts';
import { plural } from '../../../shared/format/amount.ts';

/** The parts of a run that it needs. */
interface RaceRun {
  readonly deps: { readonly clock: Clock; readonly random: Pick<Random, 'fraction'> };
  readonly limits: GitSyncLimits;
  readonly repo: { readonly tree: string };
}

/**
 * Decides how a lost push race goes on. Against people who push, it goes on as long as somebody waits for it. A lock file that stays in the
 * remote is no race; it is named soon.
 */
export interface PushRace {
  /**
   * @param last the last push's failure
   * @returns milliseconds to wait before the next one; the final error when the race is given up
   */
  lost(last: AppError): number | AppError;
}

/** Starts counting: how often, since when, by what. */
export function openRace(run: RaceRun, upstream: Pick<Upstream, 'shown' | 'branch'>): PushRace {
  const { pushTries, pushPatienceMs } = run.limits;
  const { clock } = run.deps;
  const began = clock.monotonic();
  let tries = 0;
  let locked = 0;
  return {
    lost(last) {
      tries++;
      const lock = lockFileIn(last);
      locked = lock === null ? 0 : locked + 1;
      if (lock !== null && locked >= pushTries) return lockedOut(run, upstream, tries, lock);
      const waited = clock.monotonic() - began;
      if (lock === null && tries >= pushTries && waited >= pushPatienceMs)
        return outrun(run, upstream, tries);
      return locked > 0 ? growingPause(run, locked) : shrinkingPause(run, tries);
    },
  };
}

/** Time for the lock file's owner to finish: longer each time, and never the same as another machine's. */
function growingPause(run: RaceRun, times: number): number {
  const { pushPauseMinMs, pushPauseMaxMs } = run.limits;
  const most = Math.min(pushPauseMaxMs, pushPauseMinMs * 2 ** times);
  return pushPauseMinMs + run.deps.random.fraction() * Math.max(0, most - pushPauseMinMs);
}

/**
 * Against other pushers: shorter each time, so that who has lost more often goes before who has lost less often. Somebody wins every round,
 * so hurrying stops nobody; longer waits would let newcomers win for ever.
 */
function shrinkingPause(run: RaceRun, losses: number): number {
  return (run.deps.random.fraction() * run.limits.pushPauseMaxMs) / 2 ** losses;
}

/** Displayed characters of a lock file's path: whoever maintains the remote has to find it. */
const LONGEST_PATH = 1_000;

/** Git's message on the remote side when another git works there, or crashed and left its lock file. */
const LOCK_FILE = /Unable to create '([^']+\.lock)': File exists/;

function lockFileIn(error: AppError): string | null {
  const said = error.details?.['stderr'];
  return typeof said === 'string' ? (LOCK_FILE.exec(said)?.[1] ?? null) : null;
}

function outrun(run: RaceRun, upstream: Pick<Upstream, 'shown' | 'branch'>, tries: number): AppError {
  const { tree } = run.repo;
  return appError(
    'lock-held',
    `Deferred: others kept pushing to ${upstream.shown}/${upstream.branch} while ${tree} was synced; ${plural(tries, 'try was', 'tries were')} too late.`,
    'Nothing is lost: it is committed here, and the next sync pushes it.',
    { details: { cause: 'push-race', tree } },
  );
}

function lockedOut(
  run: RaceRun,
  upstream: Pick<Upstream, 'shown' | 'branch'>,
  tries: number,
  lock: string,
): AppError {
  const { tree } = run.repo;
  return appError(
    'lock-held',
    `Deferred: ${plural(tries, 'push', 'pushes')} from ${tree} to ${upstream.shown}/${upstream.branch} met the lock file ${quote(lock, LONGEST_PATH)} in the remote; if no git works there, one that crashed left it.`,
    'Nothing is lost: it is committed here, and the next sync pushes it once whoever keeps the remote has removed that file.',
    { details: { cause: 'push-race', tree, lock } },
  );
}
