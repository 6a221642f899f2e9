import { attempt } from '../../../../main/adapters/lock/lock-fs.ts';
import { LOCK } from './world.ts';
import type { Actor, Program } from './world.ts';

/**
 * Locks that look right and are not. Each is what a well-known program does or did, or what one writes first. The
 * explorer has to find every one of them out; an explorer that cannot proves nothing about ours.
 */
export interface BadProtocol {
  /** @returns true when the lock was taken, false when the caller gave up waiting */
  acquire(actor: Actor): Promise<boolean>;
  release(actor: Actor): Promise<void>;
}

const NAPS_MAX = 2;
const OWNER = `${LOCK}/owner`;
const BREAK = `${LOCK}.break`;

/** Runs a bad lock as the product runs the real one: take, work, give back. */
export function badProgram(protocol: BadProtocol, rounds = 1): Program {
  return async (actor, world) => {
    for (let round = 0; round < rounds; round++) {
      actor.phase = 'acquiring';
      if (await protocol.acquire(actor)) {
        world.enter(actor);
        await actor.work('under the lock');
        world.leave(actor);
        await protocol.release(actor);
        actor.outcomes.push('released');
      } else {
        actor.outcomes.push('gave up');
      }
      actor.phase = 'outside';
    }
  };
}

type Take = (actor: Actor) => Promise<boolean>;
/** Deals with a lock in the way whose owner file says `pid`. */
type Reclaim = (actor: Actor, pid: number) => Promise<void>;

function protocol(take: Take, reclaim: Reclaim, release: BadProtocol['release'] = removeAll): BadProtocol {
  return {
    acquire: async (actor) => {
      for (let naps = 0; naps <= NAPS_MAX;) {
        if (await take(actor)) return true;
        const pid = await ownerOf(actor, OWNER);
        if (pid !== null && (await isDead(actor, pid))) {
          await reclaim(actor, pid);
          // A breaker that gives way must not spin.
          if (!(await attempt(actor.fs.lstat(LOCK))).ok) continue;
        }
        naps++;
        await actor.clock.sleep(50);
      }
      return false;
    },
    release,
  };
}

/** mkdir, then a file that says who: two steps. */
const takeInTwoSteps: Take = async (actor) => {
  if (!(await attempt(actor.fs.mkdir(LOCK))).ok) return false;
  await attempt(actor.fs.writeNew(OWNER, String(actor.pid)));
  return true;
};

/** The same with the record in it from the first moment. */
const takeAtOnce: Take = async (actor) => {
  const side = `${LOCK}.t-${actor.nonce()}`;
  await actor.fs.mkdir(side);
  await actor.fs.writeNew(`${side}/owner`, String(actor.pid));
  if ((await attempt(actor.fs.rename(side, LOCK))).ok) return true;
  await removeTree(actor, side);
  return false;
};

const removeDeadTree: Reclaim = (actor) => removeTree(actor, LOCK);

const verifyThenRemoveTree: Reclaim = async (actor, pid) => {
  if ((await ownerOf(actor, OWNER)) !== pid || !(await isDead(actor, pid))) return;
  await removeTree(actor, LOCK);
};

const renameAsideAndVerify: Reclaim = async (actor, pid) => {
  const aside = `${LOCK}.a-${actor.nonce()}`;
  if (!(await attempt(actor.fs.rename(LOCK, aside))).ok) return;
  if ((await ownerOf(actor, `${aside}/owner`)) === pid) return removeTree(actor, aside);
  await attempt(actor.fs.rename(aside, LOCK));
};

/** Only the holder of a second lock may remove; what it does with that second lock is the question. */
function underBreakLock(reverify: boolean, clearsDeadBreaker: boolean): Reclaim {
  return async (actor, pid) => {
    if (!(await attempt(actor.fs.mkdir(BREAK))).ok) {
      const breaker = clearsDeadBreaker ? await ownerOf(actor, `${BREAK}/owner`) : null;
      if (breaker !== null && (await isDead(actor, breaker))) await removeTree(actor, BREAK);
      return;
    }
    await attempt(actor.fs.writeNew(`${BREAK}/owner`, String(actor.pid)));
    const still = !reverify || (await ownerOf(actor, OWNER)) === pid;
    if (still) await removeTree(actor, LOCK);
    await removeTree(actor, BREAK);
  };
}

async function removeAll(actor: Actor): Promise<void> {
  await removeTree(actor, LOCK);
}

async function removeTree(actor: Actor, folder: string): Promise<void> {
  const names = await attempt(actor.fs.readdir(folder));
  for (const name of names.ok ? names.value : []) await attempt(actor.fs.unlink(`${folder}/${name}`));
  await attempt(actor.fs.rmdir(folder));
}

async function ownerOf(actor: Actor, file: string): Promise<number | null> {
  const text = await attempt(actor.fs.read(file));
  return text.ok ? Number(text.value) : null;
}

async function isDead(actor: Actor, pid: number): Promise<boolean> {
  return (await actor.look(pid, '')).kind === 'absent';
}

/** Mkdir of a name and rmdir of it, and nothing else: what an old shell script does. */
export function plainMkdir(path: string): BadProtocol {
  return {
    acquire: async (actor) => {
      for (let naps = 0; naps <= NAPS_MAX; naps++) {
        if ((await attempt(actor.fs.mkdir(path))).ok) return true;
        await actor.clock.sleep(50);
      }
      return false;
    },
    release: async (actor) => {
      await attempt(actor.fs.rmdir(path));
    },
  };
}

/** A record named after its owner and renamed into place without a gate, removed by that name. */
const renameWithoutGate: BadProtocol = {
  acquire: async (actor) => {
    const record = `p${actor.pid}`;
    const side = `${LOCK}.t-${actor.nonce()}`;
    await actor.fs.mkdir(side);
    await actor.fs.writeNew(`${side}/${record}`, String(actor.pid));
    for (let naps = 0; naps <= NAPS_MAX; naps++) {
      if ((await attempt(actor.fs.rename(side, LOCK))).ok) return true;
      await actor.clock.sleep(50);
    }
    await removeTree(actor, side);
    return false;
  },
  release: async (actor) => {
    await attempt(actor.fs.unlink(`${LOCK}/p${actor.pid}`));
    await attempt(actor.fs.rmdir(LOCK));
  },
};

/** Whoever has not touched the lock for a while is thrown out, dead or not; a release removes whatever is there. */
const evictByAge: BadProtocol = {
  acquire: async (actor) => {
    for (let naps = 0; naps <= NAPS_MAX; naps++) {
      if ((await attempt(actor.fs.mkdir(LOCK))).ok) return true;
      const entry = await attempt(actor.fs.lstat(LOCK));
      const now = entry.ok ? actor.clock.wall() - entry.value.mtimeMs : 0;
      if (now > 40) await attempt(actor.fs.rmdir(LOCK));
      else await actor.clock.sleep(50);
    }
    return false;
  },
  release: async (actor) => {
    await attempt(actor.fs.rmdir(LOCK));
  },
};

/** An owner file that is missing is taken for a crash: it may be the step between mkdir and write. */
const noOwnerIsStale: BadProtocol = {
  acquire: async (actor) => {
    for (let naps = 0; naps <= NAPS_MAX; naps++) {
      if (await takeInTwoSteps(actor)) return true;
      const pid = await ownerOf(actor, OWNER);
      if (pid === null || (await isDead(actor, pid))) await removeTree(actor, LOCK);
      else await actor.clock.sleep(50);
    }
    return false;
  },
  release: removeAll,
};

export const BAD_PROTOCOLS = {
  'V0 dead owner, so remove the tree': protocol(takeInTwoSteps, removeDeadTree),
  'V1 verify again just before removing': protocol(takeInTwoSteps, verifyThenRemoveTree),
  'V2 rename aside, verify, put back': protocol(takeInTwoSteps, renameAsideAndVerify),
  'V0a as V0 with an atomic record': protocol(takeAtOnce, removeDeadTree),
  'V1a as V1 with an atomic record': protocol(takeAtOnce, verifyThenRemoveTree),
  'V2a as V2 with an atomic record': protocol(takeAtOnce, renameAsideAndVerify),
  'V3a break lock, verify inside it': protocol(takeAtOnce, underBreakLock(true, false)),
  'V3b break lock, a dead breaker is cleared': protocol(takeAtOnce, underBreakLock(true, true)),
  'V3c break lock without verifying inside it': protocol(takeAtOnce, underBreakLock(false, false)),
  'V4 rename without a gate, beside a plain mkdir': renameWithoutGate,
  'V5 evict by age, release whatever is there': evictByAge,
  'V6 a lock without an owner file is stale': noOwnerIsStale,
} as const satisfies Readonly<Record<string, BadProtocol>>;
