import { describe, it } from 'vitest';

import { howOften } from '../../../main/testing/how-often.ts';
import { badProgram, plainMkdir } from './explorer/bad-protocols.ts';
import { explore } from './explorer/explore.ts';
import { expectSound } from './explorer/proofs.ts';
import { healWith, QUICK, realProgram } from './explorer/real-lock.ts';
import { LOCK, newWorld } from './explorer/world.ts';

const OLDER = '/d/older.lock';
const LIMIT = 120_000;
const alsoHonour = [OLDER];

describe('an older program that takes another name with mkdir', () => {
  it(
    'and the real lock exclude each other in every order of turns',
    async () => {
      const report = await explore({
        heal: healWith({}, alsoHonour),
        make: async () => {
          const world = newWorld({ quietSides: true, listsMatter: true });
          await world.spawn('script', badProgram(plainMkdir(OLDER)));
          await world.spawn('P1', realProgram({ alsoHonour }));
          return world;
        },
      });
      expectSound(report, ['released', 'lock-held']);
      console.log(`older program beside one of ours: ${report.runs} runs, ${report.states} states`);
    },
    LIMIT,
  );

  it(
    'and two of the real lock exclude each other with at most two pre-emptions',
    async () => {
      const report = await explore({
        preemptions: 2,
        heal: healWith({}, alsoHonour),
        make: async () => {
          const world = newWorld({ quietSides: true, listsMatter: true });
          await world.spawn('script', badProgram(plainMkdir(OLDER)));
          await world.spawn('P1', realProgram({ alsoHonour }));
          await world.spawn('P2', realProgram({ alsoHonour }));
          return world;
        },
      });
      expectSound(report, ['released', 'lock-held']);
      console.log(`older program beside two of ours: ${report.runs} runs, ${report.states} states`);
    },
    LIMIT,
  );

  it(
    'a crash of ours at any step never leaves its name taken for good',
    async () => {
      const report = await explore({
        heal: healWith({ timings: QUICK }, alsoHonour),
        make: async () => {
          const world = newWorld({ crashes: 2, quietSides: true, listsMatter: true, alike: true });
          await world.spawn('P0', realProgram({ alsoHonour }));
          await world.spawn('P1', realProgram({ alsoHonour, falseAlarms: false }));
          return world;
        },
        preemptions: howOften(1, 2),
      });
      expectSound(report, ['released', 'crashed']);
      console.log(`crashes with the older name held: ${report.runs} runs, ${report.states} states`);
    },
    LIMIT,
  );
});

describe('a program that takes our own name with mkdir', () => {
  it(
    'and the real lock exclude each other as long as it is quicker than the grace time',
    async () => {
      const deps = { timings: { ...QUICK, graceMs: 10_000 } };
      const report = await explore({
        heal: healWith(deps),
        make: async () => {
          const world = newWorld({ quietSides: true });
          await world.spawn('script', badProgram(plainMkdir(LOCK)));
          await world.spawn('P1', realProgram({ deps }));
          await world.spawn('P2', realProgram({ deps }));
          return world;
        },
        preemptions: 3,
      });
      expectSound(report, ['released', 'lock-held', 'gave up']);
    },
    LIMIT,
  );
});
