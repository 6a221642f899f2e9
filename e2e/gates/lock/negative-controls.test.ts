import { describe, expect, it } from 'vitest';

import { BAD_PROTOCOLS, badProgram, plainMkdir } from './explorer/bad-protocols.ts';
import type { BadProtocol } from './explorer/bad-protocols.ts';
import { explore, exploreRandomly } from './explorer/explore.ts';
import type { Heal, Report } from './explorer/explore.ts';
import { healWith, realProgram, STARTS } from './explorer/real-lock.ts';
import { LOCK, newWorld } from './explorer/world.ts';
import type { Program, Property, World, WorldOptions } from './explorer/world.ts';

/*
 * An explorer that cannot tell a bad lock from a good one proves nothing, so here it has to name what is wrong with
 * twelve bad ones, and with the real one when its world lies to it.
 */

interface Control {
  readonly name: keyof typeof BAD_PROTOCOLS;
  readonly property: Property;
  readonly processes: number;
  readonly crashes?: number;
  readonly plant?: (world: World) => void;
  /** Runs beside the others as the first process. */
  readonly peer?: BadProtocol;
  /** Three processes are too many to try every order; the dice find these within a few hundred throws. */
  readonly random?: boolean;
}

function deadOwner(world: World): void {
  world.files.mkdir(LOCK);
  world.files.writeNew(`${LOCK}/owner`, '99');
}

function deadOwnerAndBreaker(world: World): void {
  deadOwner(world);
  world.files.mkdir(`${LOCK}.break`);
  world.files.writeNew(`${LOCK}.break/owner`, '98');
}

const CONTROLS: readonly Control[] = [
  { name: 'V0 dead owner, so remove the tree', property: 'S1', processes: 2, plant: deadOwner },
  { name: 'V1 verify again just before removing', property: 'S1', processes: 2, plant: deadOwner },
  { name: 'V2 rename aside, verify, put back', property: 'S1', processes: 3, plant: deadOwner, random: true },
  { name: 'V0a as V0 with an atomic record', property: 'S1', processes: 2, plant: deadOwner },
  { name: 'V1a as V1 with an atomic record', property: 'S1', processes: 2, plant: deadOwner },
  { name: 'V2a as V2 with an atomic record', property: 'S1', processes: 3, plant: deadOwner, random: true },
  { name: 'V3a break lock, verify inside it', property: 'L1', processes: 2, crashes: 1, plant: deadOwner },
  // Three processes and a crash: the one that crashed is the dead breaker found here.
  {
    name: 'V3b break lock, a dead breaker is cleared',
    property: 'S2',
    processes: 2,
    plant: deadOwnerAndBreaker,
  },
  { name: 'V3c break lock without verifying inside it', property: 'S1', processes: 2, plant: deadOwner },
  {
    name: 'V4 rename without a gate, beside a plain mkdir',
    property: 'S1',
    processes: 2,
    peer: plainMkdir(LOCK),
  },
  { name: 'V5 evict by age, release whatever is there', property: 'S3', processes: 2 },
  { name: 'V6 a lock without an owner file is stale', property: 'S1', processes: 2 },
];

async function findOut(control: Control): Promise<Report> {
  const bad = BAD_PROTOCOLS[control.name];
  const heal: Heal = async (world) => {
    world.crashesLeft = 0;
    const newcomer = await world.spawn('heal', badProgram(bad));
    return finishes(world, newcomer.id);
  };
  const options = {
    until: control.property,
    heal,
    make: async () => {
      const world = newWorld({ crashes: control.crashes ?? 0, quietSides: true });
      control.plant?.(world);
      for (let n = 0; n < control.processes; n++) {
        await world.spawn(`P${n}`, badProgram(n === 0 ? (control.peer ?? bad) : bad));
      }
      return world;
    },
  };
  if (control.random !== true) return explore(options);
  return exploreRandomly({ ...options, seeds: Array.from({ length: 20_000 }, (_, n) => n + 1) });
}

/** Lets only this process run. @returns true when it took the lock and gave it back */
async function finishes(world: World, id: string): Promise<boolean> {
  for (;;) {
    const choice = world.choices(id).find(({ actor }) => actor.id === id);
    if (choice === undefined) break;
    await world.apply(choice);
  }
  return world.actors.find((actor) => actor.id === id)?.outcomes[0] === 'released';
}

describe('bad locks are found out', () => {
  it.each(CONTROLS)(
    '$name breaks $property',
    async (control) => {
      const report = await findOut(control);
      console.log(
        `${control.name}: ${control.property} in ${report.witness.length} steps, ${report.runs} runs`,
      );
      expect([...report.broken]).toContain(control.property);
      expect(report.witness.at(-1)).toBe(`broken: ${control.property}`);
    },
    120_000,
  );
});

describe('the real lock is found out when its world lies', () => {
  const proof = async (property: Property, options: WorldOptions, programs: readonly Program[]) =>
    explore({
      until: property,
      heal: healWith(),
      make: async () => {
        const world = newWorld(options);
        STARTS['nothing']?.(world);
        for (const [n, program] of programs.entries()) await world.spawn(`P${n}`, program);
        return world;
      },
    });

  it('when everybody is said to be dead', async () => {
    const processes = { look: () => Promise.resolve({ kind: 'absent' as const }) };
    const program = realProgram({ falseAlarms: true, deps: { processes } });
    const report = await proof('S1', { quietSides: true }, [program, program]);
    expect([...report.broken]).toEqual(expect.arrayContaining(['S2', 'S1']));
  });

  it('when it skips its gate beside a plain mkdir', async () => {
    const program = realProgram({ falseAlarms: true, deps: { platform: 'windows' } });
    const peer = badProgram(plainMkdir(LOCK));
    const report = await proof('S1', { quietSides: true }, [peer, program]);
    expect([...report.broken]).toContain('S1');
  });

  it('when nobody ever looks at an empty lock again', async () => {
    const { QUICK } = await import('./explorer/real-lock.ts');
    const program = realProgram({ deps: { timings: { ...QUICK, graceMs: 1e9 } } });
    const report = await explore({
      until: 'L1',
      heal: healWith({ timings: { ...QUICK, graceMs: 1e9 } }),
      make: async () => {
        const world = newWorld({ crashes: 1, quietSides: true });
        await world.spawn('P0', program);
        return world;
      },
    });
    expect([...report.broken]).toContain('L1');
  });
});
