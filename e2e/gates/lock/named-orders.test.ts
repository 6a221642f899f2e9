import { describe, expect, it } from 'vitest';

import { deadRecord, QUICK, realProgram, STARTS } from './explorer/real-lock.ts';
import { script } from './explorer/script.ts';
import type { Script } from './explorer/script.ts';
import { LOCK, newWorld } from './explorer/world.ts';
import type { Actor, World } from './explorer/world.ts';

/*
 * The orders of turns that broke other locks, or that one has to think about twice. The explorer walks through all of
 * them too; here each has its name and says what exactly has to happen.
 */

const DEAD = `${LOCK}/${deadRecord()}`;
const patient = realProgram({ waitMs: 10_000 });

function led(start = 'nothing'): Script {
  const world = newWorld();
  STARTS[start]?.(world);
  return script(world);
}

/** Who made the record in the lock; the id of the process, `dead` for a planted one, null for an empty lock. */
function holder(world: World): string | null {
  const records = [...world.files.entries].filter(([path]) => path.startsWith(`${LOCK}/`));
  expect(records.length).toBeLessThanOrEqual(1);
  const [record] = records;
  return record === undefined ? null : record[1].owner || 'dead';
}

/** Runs a process until it is inside: its next call is the fence. */
async function enter({ until, world }: Script, actor: Actor): Promise<void> {
  await until(actor, `rename`);
  while (actor.phase !== 'inside') await world.apply({ kind: 'run', actor });
}

function sound(world: World): void {
  expect([...world.broken], world.trace.join('\n')).toEqual([]);
}

describe('two reclaimers', () => {
  it('1 judge the same dead record; the first is inside again before the second removes', async () => {
    const lead = led('dead owner');
    const { world, spawn, until, step, rest, finish } = lead;
    const [a, b] = [await spawn('A', patient), await spawn('B', patient)];
    await until(a, `unlink ${DEAD}`);
    await until(b, `unlink ${DEAD}`);
    await enter(lead, a);
    await step(b);
    await rest(b);
    expect(holder(world)).toBe('A');
    expect(b.sleepingUntil).not.toBeNull();
    await finish(a);
    await finish(b);
    expect([...a.outcomes, ...b.outcomes]).toEqual(['released', 'released']);
    sound(world);
  });

  it('2 the same with a third that arrives in the gap', async () => {
    const lead = led('dead owner');
    const { world, spawn, until, step, rest, finish } = lead;
    const [a, b, c] = [await spawn('A', patient), await spawn('B', patient), await spawn('C', patient)];
    await until(a, `unlink ${DEAD}`);
    await until(b, `unlink ${DEAD}`);
    await step(a);
    // The lock is empty now: C comes, sees the empty folder, and must not take it for its own.
    await rest(c);
    await until(a, `rename`);
    await step(b);
    await step(a);
    await rest(b);
    expect(holder(world)).toBe('A');
    for (const actor of [a, b, c]) await finish(actor);
    expect([a, b, c].map((actor) => actor.outcomes)).toEqual([['released'], ['released'], ['released']]);
    sound(world);
  });
});

describe('the empty folder', () => {
  it('3 of a gate is seen by another before the rename, and left alone', async () => {
    const lead = led();
    const { world, spawn, until, rest, finish } = lead;
    const [a, b] = [await spawn('A', patient), await spawn('B', patient)];
    await until(a, `rename`);
    await rest(b);
    expect(b.sleepingUntil).not.toBeNull();
    expect(world.files.entries.has(LOCK)).toBe(true);
    await enter(lead, a);
    expect(holder(world)).toBe('A');
    await finish(a);
    await finish(b);
    sound(world);
  });

  it('4 outlives the grace time; the gate is taken over, and both rename', async () => {
    const { world, spawn, until, step, rest, wake, finish } = led();
    const [a, b] = [await spawn('A', patient), await spawn('B', patient)];
    await until(a, `rename`);
    await rest(b);
    await wake(b);
    await until(b, `rename`);
    await step(a);
    expect(holder(world)).toBe('A');
    await step(b);
    expect(holder(world)).toBe('A');
    await rest(b);
    await finish(a);
    await finish(b);
    expect([...a.outcomes, ...b.outcomes]).toEqual(['released', 'released']);
    sound(world);
  });

  it('6 left by a crash between unlink and rmdir is healed by two helpers at once', async () => {
    const lead = led('dead owner');
    const { world, spawn, until, step, crash, rest, wake, finish } = lead;
    const [a, b, c] = [await spawn('A', patient), await spawn('B', patient), await spawn('C', patient)];
    await until(a, `rmdir ${LOCK}`);
    await crash(a);
    await rest(b);
    await rest(c);
    await wake(b);
    await wake(c);
    await until(b, `rmdir ${LOCK}`);
    await until(c, `rmdir ${LOCK}`);
    // B removes the litter and makes its gate; C, acting late, removes B's gate.
    await until(b, `rename`);
    await step(c);
    expect(world.files.entries.has(LOCK)).toBe(false);
    await step(b);
    expect(holder(world)).toBe('B');
    await rest(c);
    await finish(b);
    await finish(c);
    expect([...b.outcomes, ...c.outcomes]).toEqual(['released', 'released']);
    sound(world);
  });
});

describe('an owner', () => {
  it('5 releases while another is judging it', async () => {
    const lead = led();
    const { world, spawn, until, rest, finish } = lead;
    const [a, b] = [await spawn('A', patient), await spawn('B', patient)];
    await enter(lead, a);
    await until(b, `look`);
    await finish(a);
    await rest(b);
    expect(b.sleepingUntil).not.toBeNull();
    await finish(b);
    expect(b.outcomes).toEqual(['released']);
    sound(world);
  });

  it('7 that was evicted does not touch its successor when it releases', async () => {
    const far = { host: 'ffffffff', boot: '00000000000000b1', pidns: '7', pid: 100, start: '1' };
    const lead = led();
    const { world, spawn, rest, until, finish } = lead;
    const foreign = realProgram({ falseAlarms: true, deps: { identity: () => Promise.resolve(far) } });
    const timings = { ...QUICK, unknownAgeMs: 500, unknownWatchMs: 200 };
    const [a, b] = [
      await spawn('A', foreign),
      await spawn('B', realProgram({ waitMs: 60_000, deps: { timings } })),
    ];
    await enter(lead, a);
    // A neither runs nor touches its record for longer than the age rule allows.
    while (b.phase !== 'inside') await world.apply({ kind: b.pending === null ? 'wake' : 'run', actor: b });
    expect(world.nowMs).toBeGreaterThan(500);
    world.broken.clear();
    await finish(a);
    expect(a.outcomes).toEqual(['lock-lost']);
    expect(holder(world)).toBe('B');
    await rest(b);
    expect(b.outcomes).toEqual(['released']);
    await until(await spawn('C', patient), 'rename');
    sound(world);
  });
});

describe('a reply that was lost', () => {
  it('8 of the rename: the lock is held', async () => {
    const { world, spawn, until, loseReply, finish } = led();
    const a = await spawn('A', patient);
    await until(a, `rename`);
    await loseReply(a);
    await finish(a);
    expect(a.outcomes).toEqual(['released']);
    sound(world);
  });

  it('9 of the mkdir: its own gate is healed after the grace time', async () => {
    const { world, spawn, until, loseReply, rest, finish } = led();
    const a = await spawn('A', patient);
    await until(a, `mkdir ${LOCK}`);
    await loseReply(a);
    await rest(a);
    expect(a.sleepingUntil).toBe(QUICK.graceMs);
    await finish(a);
    expect(a.outcomes).toEqual(['released']);
    sound(world);
  });
});
