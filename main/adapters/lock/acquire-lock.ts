import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { HeldLock, LockOwner, LockRequest } from '../../core/ports/lock.ts';
import { contend } from './contend.ts';
import type { Blocked } from './contend.ts';
import { holdLock, release } from './held-lock.ts';
import { cancelledError, failureError, heldError } from './lock-errors.ts';
import type { LockSite } from './lock-site.ts';
import { holdOlder, olderInTheWay } from './older-lock.ts';
import { dropSideFolder, makeSideFolder } from './side-folder.ts';
import type { SideFolder } from './side-folder.ts';
import { takeLock } from './take-lock.ts';
import { findElder, otherSideFolders, sweepSideFolders } from './waiters.ts';

/** State of one acquisition between attempts. */
interface Progress {
  /** Our place in the queue, kept while we wait; its record was never in the lock while it is here. */
  side: SideFolder | null;
  /** The name was in use at the last attempt, so examine it before the next. */
  contended: boolean;
  /** Since when, by the monotonic clock, the lock has been free but left to an earlier waiter; null otherwise. */
  freeSince: number | null;
  /** After this moment, no more courtesy. */
  readonly deadline: number;
}

type Pass =
  | { readonly kind: 'taken'; readonly record: string }
  /** Something changed: try again at once. */
  | { readonly kind: 'again' }
  | Blocked
  | { readonly kind: 'failed'; readonly error: AppError };

// Every `again` means that another process made progress. If that continues, give way: sleep briefly.
const SPINS_MAX = 20;

/** Acquires the lock, waiting for live owners as long as the request allows. */
export async function acquireLock(site: LockSite, request: LockRequest): Answer<HeldLock> {
  const { clock } = site.deps;
  const deadline = clock.now() + request.waitMs;
  const progress: Progress = { side: null, contended: false, freeSince: null, deadline };
  const napLength = napper(site);
  const report = reporter(site, request.onWait);
  const giveUp = async (error: AppError): Answer<HeldLock> => {
    if (progress.side !== null) await dropSideFolder(site, progress.side);
    return err(error);
  };
  for (let spins = 0; ;) {
    if (request.signal?.aborted === true) return giveUp(cancelledError(site.path));
    const pass = await tryOnce(site, request, progress);
    if (pass.kind === 'failed') return giveUp(pass.error);
    if (pass.kind === 'taken') return hold(site, request, pass.record);
    if (pass.kind === 'again' && ++spins < SPINS_MAX) continue;
    spins = 0;
    if (pass.kind === 'blocked') {
      if (clock.now() >= deadline) return giveUp(heldError(site.path, pass.owner, pass.older ?? null));
      report(pass.owner);
    }
    const nap =
      pass.kind === 'blocked' ? napLength(pass.generation, pass.napMs) : napLength('again', Infinity);
    await clock.sleep(Math.min(nap, Math.max(1, deadline - clock.now())), request.signal);
  }
}

async function hold(site: LockSite, request: LockRequest, record: string): Answer<HeldLock> {
  const olders = request.alsoHonour ?? [];
  if (request.signal?.aborted !== true) return ok(await holdLock(site, record, olders));
  await release(site, record, olders);
  return err(cancelledError(site.path));
}

/** One round of the protocol: older names, C1 to C3, A0, the queue, A1 to A3, older names again. */
async function tryOnce(site: LockSite, request: LockRequest, progress: Progress): Promise<Pass> {
  for (const older of request.alsoHonour ?? []) {
    const inTheWay = await olderInTheWay(site, older);
    if (inTheWay.kind !== 'clear') return inTheWay;
  }
  if (progress.contended) {
    const contention = await contend(site);
    if (contention.kind === 'blocked') progress.freeSince = null;
    if (contention.kind !== 'clear') return contention;
  }
  if (progress.side === null) {
    const made = await makeSideFolder(site, request.command);
    if (!made.ok) return { kind: 'failed', error: failureError(site.path, 'preparing the lock', made.error) };
    progress.side = made.value;
  }
  const { side } = progress;
  const others = await otherSideFolders(site, side);
  const elder = await letElderGo(site, progress, side, others);
  if (elder !== null) return elder;
  const taking = await takeLock(site, side);
  progress.side = taking.kind === 'busy' ? side : null;
  progress.contended = true;
  if (taking.kind === 'failed') {
    return { kind: 'failed', error: failureError(site.path, taking.doing, taking.failure) };
  }
  if (taking.kind !== 'taken') return { kind: 'again' };
  progress.freeSince = null;
  const blocked = await holdOlders(site, request, side.record);
  if (blocked !== null) return blocked;
  await sweepSideFolders(site, side.record, others);
  return { kind: 'taken', record: side.record };
}

/** The queue's courtesy, bounded so that a suspended waiter cannot hold anybody up for longer. */
async function letElderGo(
  site: LockSite,
  progress: Progress,
  side: SideFolder,
  others: readonly string[],
): Promise<Blocked | null> {
  const { clock, timings } = site.deps;
  const now = clock.now();
  const courteousUntil = (progress.freeSince ?? now) + timings.courtesyMs;
  const end = Math.min(courteousUntil, progress.deadline);
  // A caller whose time is up takes the free lock rather than failing out of courtesy.
  if (timings.courtesyMs === 0 || now >= progress.deadline) return null;
  const elder = await findElder(site, side, others);
  if (elder === null) {
    progress.freeSince = null;
    return null;
  }
  if (now >= courteousUntil) {
    site.memory.sleepers.add(elder.folder);
    return null;
  }
  progress.freeSince ??= now;
  return { kind: 'blocked', owner: elder.owner, generation: `free ${elder.folder}`, napMs: end - now };
}

/** @returns null when every older name is held; otherwise nothing is held any more */
async function holdOlders(site: LockSite, request: LockRequest, record: string): Promise<Pass | null> {
  const held: string[] = [];
  for (const older of request.alsoHonour ?? []) {
    const outcome = await holdOlder(site, older, record);
    if (outcome.kind !== 'clear') {
      await release(site, record, held);
      return outcome;
    }
    held.push(older);
  }
  return null;
}

/** C4: naps that grow while nothing changes and restart short when something does. */
function napper(site: LockSite): (generation: string, atMostMs: number) => number {
  const { timings, jitter } = site.deps;
  let last = '';
  let length = timings.napMinMs;
  return (generation, atMostMs) => {
    length = generation === last ? Math.min(length * 2, timings.napMaxMs) : timings.napMinMs;
    last = generation;
    return Math.min(length * (0.75 + jitter() / 2), atMostMs);
  };
}

function reporter(site: LockSite, onWait: LockRequest['onWait']): (owner: LockOwner) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (owner) => {
    const now = site.deps.clock.now();
    if (onWait === undefined || now - last < 1000) return;
    last = now;
    onWait(owner);
  };
}
