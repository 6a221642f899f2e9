import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALONE, DEEP_MINUTES, deepFiles, deepForecast } from './deep-forecast.mjs';

const ROOT = join(import.meta.dirname, '..');

it('every file of a deep run has its minutes, and nothing else has', () => {
  expect(deepFiles(ROOT)).toEqual(Object.keys(DEEP_MINUTES).sort());
  expect(ALONE.filter((file) => !(file in DEEP_MINUTES))).toEqual([]);
});

it('a deep run says how long the chosen files take and when it ends', () => {
  const files = Object.keys(DEEP_MINUTES);
  const [crowd = 0, stress = 0] = ['git/crowd.deep', 'lock/stress.deep'].map(
    (name) => DEEP_MINUTES[`e2e/gates/${name}.test.ts`],
  );
  const end = new Date(Date.UTC(2026, 0, 5, 10, crowd + stress));
  const lines = deepForecast(files, ['crowd.deep', 'stress.deep'], new Date(Date.UTC(2026, 0, 5, 10)));
  expect(lines[0]).toBe(
    `2 files, 2 of them alone; about ${crowd + stress} minutes on two cores, so until 2026-01-05 ${end.toISOString().slice(11, 16)} UTC`,
  );
  expect(lines.slice(1).join('\n')).toMatch(
    /crowd\.deep\.test\.ts {2}\(alone\)\n.*stress\.deep\.test\.ts {2}\(alone\)$/,
  );
  expect(deepForecast(files, [], new Date(0))[0]).toMatch(/^20 files, 6 of them alone; .* hours /);
  expect(
    deepForecast(files, ['folder-crash', 'folder-interleaving'], new Date(0))[0],
    'the longest decides where two run side by side',
  ).toMatch(/^2 files, 0 of them alone; about 4 minutes /);
});
