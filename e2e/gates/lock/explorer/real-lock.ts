import { createLocks } from '../../../../main/adapters/lock/create-locks.ts';
import type { LockDeps } from '../../../../main/adapters/lock/lock-site.ts';
import { LOCK_TIMINGS } from '../../../../main/adapters/lock/lock-timings.ts';
import type { LockTimings } from '../../../../main/adapters/lock/lock-timings.ts';
import { formatRecordName } from '../../../../main/adapters/lock/record-name.ts';
import type { OwnerIdentity } from '../../../../main/adapters/lock/record-name.ts';
import type { Locks } from '../../../../main/core/ports/lock.ts';
import type { Heal } from './explore.ts';
import { EPOCH, LOCK } from './world.ts';
import type { Actor, Program, World } from './world.ts';

export const HOST = { host: '0000000a', boot: '00000000000000b1', pidns: '7' } as const;

/** A nap outlasts the grace, so every nap is also the question whether an empty lock is taken away too early. */
export const QUICK: LockTimings = {
  ...LOCK_TIMINGS,
  graceMs: 50,
  napMinMs: 50,
  napMaxMs: 50,
  courtesyMs: 0,
};

/** What the lock is given in a world: everything that matters happens in turns. */
export function worldDeps(actor: Actor, options: Partial<LockDeps> = {}): LockDeps {
  return {
    fs: actor.fs,
    clock: actor.clock,
    platform: 'posix',
    identity: () => Promise.resolve({ ...HOST, pid: actor.pid, start: actor.start }),
    processes: { look: (pid, start) => actor.look(pid, start) },
    onNetwork: () => Promise.resolve(false),
    nonce: () => actor.nonce(),
    jitter: () => 0.5,
    who: actor.id,
    hostname: 'world',
    timings: QUICK,
    ...options,
  };
}

export interface RealProgram {
  readonly rounds?: number;
  readonly waitMs?: number;
  /** With a lost reply "lost" may be a false alarm; without one it never is. */
  readonly falseAlarms?: boolean;
  readonly deps?: Partial<LockDeps>;
  readonly alsoHonour?: readonly string[];
}

/** Takes the real lock, works, fences, releases: as every run of the product does. */
export function realProgram(options: RealProgram = {}): Program {
  return async (actor, world) => {
    const locks = createLocks(worldDeps(actor, options.deps));
    for (let round = 0; round < (options.rounds ?? 1); round++) {
      await oneRound(locks, actor, world, options);
    }
  };
}

async function oneRound(locks: Locks, actor: Actor, world: World, options: RealProgram): Promise<void> {
  actor.phase = 'acquiring';
  const taken = await locks.acquire({
    path: LOCK,
    command: 'proof',
    waitMs: options.waitMs ?? 50,
    alsoHonour: options.alsoHonour ?? [],
  });
  if (!taken.ok) {
    actor.phase = 'outside';
    actor.outcomes.push(taken.error.code);
    return;
  }
  world.enter(actor);
  // The fence is a turn of its own, so everybody is inside for at least one.
  const fence = await taken.value.fence();
  world.leave(actor);
  const released = await taken.value.release();
  actor.phase = 'outside';
  actor.outcomes.push(fence.ok ? released : fence.error.code);
  const alarm = !fence.ok || released !== 'released';
  if (alarm && options.falseAlarms !== true) world.broken.add('F');
}

/** After everybody is gone a newcomer with a patient wait must get the lock within a grace time and a nap. */
export function healWith(deps: Partial<LockDeps> = {}, alsoHonour: readonly string[] = []): Heal {
  return async (world) => {
    world.crashesLeft = 0;
    world.lossesLeft = 0;
    const before = world.nowMs;
    const timings = { ...QUICK, ...deps.timings };
    const patient = { waitMs: 100_000, falseAlarms: true, deps, alsoHonour };
    const newcomer = await world.spawn('heal', realProgram(patient));
    while (!newcomer.finished) {
      const [choice] = world.choices('heal').filter(({ actor }) => actor === newcomer);
      if (choice === undefined) return false;
      await world.apply(choice);
    }
    const late = world.nowMs - before > timings.graceMs + timings.courtesyMs + 2 * timings.napMaxMs;
    return newcomer.outcomes[0] === 'released' && !late;
  };
}

/** A record of a process that is gone. */
export function deadRecord(change: Partial<OwnerIdentity> = {}): string {
  return formatRecordName({ ...HOST, pid: 99, start: '4000', ...change }, '00000000000000dd');
}

/** What a run may find: nothing, a crashed owner, an old empty folder, a fresh one. */
export const STARTS: Readonly<Record<string, (world: World) => void>> = {
  nothing: () => undefined,
  'dead owner': (world) => {
    world.files.nowMs = EPOCH - 1000;
    world.files.mkdir(LOCK);
    world.files.writeNew(`${LOCK}/${deadRecord()}`, '{}');
  },
  'old empty folder': (world) => {
    world.files.nowMs = EPOCH - 1000;
    world.files.mkdir(LOCK);
  },
  'fresh empty folder': (world) => {
    world.files.nowMs = EPOCH;
    world.files.mkdir(LOCK);
  },
};
