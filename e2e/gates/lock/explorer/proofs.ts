import { expect } from 'vitest';

import { howFar } from '../../../../main/testing/how-far.ts';
import { explore, exploreRandomly } from './explore.ts';
import type { Report } from './explore.ts';
import { healWith, QUICK, realProgram, STARTS } from './real-lock.ts';
import type { RealProgram } from './real-lock.ts';
import { newWorld } from './world.ts';
import type { World, WorldOptions } from './world.ts';

/** One configuration of the proof of the real lock. */
export interface Proof extends WorldOptions {
  readonly processes: number;
  readonly start: string;
  readonly preemptions?: number;
  readonly courtesyMs?: number;
  readonly rounds?: number;
  /** How long each waits; a nap is 50 ms. */
  readonly waitMs?: number;
}

/** Explores the real lock through every order of turns that the configuration allows. */
export async function prove(proof: Proof): Promise<Report> {
  const { preemptions } = proof;
  const report = await explore({
    ...worldOf(proof),
    ...(preemptions === undefined ? {} : { preemptions }),
    onRun: howFar(`${nameOf(proof)}, runs`),
  });
  show(proof, report);
  return report;
}

/** The same with random orders, one per seed. */
export async function proveRandomly(proof: Proof, seeds: readonly number[]): Promise<Report> {
  const report = await exploreRandomly({
    ...worldOf(proof),
    seeds,
    onRun: howFar(`${nameOf(proof)}, random orders`, seeds.length),
  });
  show(proof, report);
  return report;
}

function worldOf(proof: Proof): Pick<Parameters<typeof explore>[0], 'make' | 'heal'> {
  const deps = {
    platform: proof.platform ?? 'posix',
    timings: { ...QUICK, courtesyMs: proof.courtesyMs ?? 0 },
  } as const;
  const program: RealProgram = {
    deps,
    falseAlarms: (proof.losses ?? 0) > 0,
    rounds: proof.rounds ?? 1,
    waitMs: proof.waitMs ?? 50,
  };
  return {
    make: async () => {
      const world = newWorld(proof);
      plant(world, proof.start);
      for (let n = 0; n < proof.processes; n++) await world.spawn(`P${n}`, realProgram(program));
      return world;
    },
    heal: healWith(deps),
  };
}

function plant(world: World, start: string): void {
  const found = STARTS[start];
  if (found === undefined) throw new Error(`no start named ${start}`);
  found(world);
}

/** Nothing may be broken, and the exploration must have met what it is there for. */
export function expectSound(report: Report, met: readonly string[]): void {
  expect([...report.broken], report.witness.join('\n')).toEqual([]);
  for (const outcome of met) expect(report.outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(0);
}

function nameOf(proof: Proof): string {
  return `${proof.platform ?? 'posix'} ${proof.processes} processes, ${proof.start}`;
}

function show(proof: Proof, report: Report): void {
  const outcomes = [...report.outcomes].map(([name, count]) => `${name} ${count}`).join(', ');
  const bound = proof.preemptions === undefined ? '' : ` <=${proof.preemptions} pre-emptions`;
  const faults = `${proof.crashes ?? 0} crashes, ${proof.losses ?? 0} lost replies`;
  console.log(
    `${nameOf(proof)}, ${faults}${bound}: ` +
      `${report.runs} runs, ${report.states} states, ${report.ends} ends (${outcomes})`,
  );
}
