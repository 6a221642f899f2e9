import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conflictTemplate, randomPair } from './conflicts.ts';
import { dropWorld, type World } from './world.ts';

let template: World;
beforeAll(() => {
  template = conflictTemplate();
});
afterAll(() => dropWorld(template));

test(
  'thirty random pairs of edits come together or leave the tree as it was',
  { timeout: 300_000 },
  async () => {
    const head = spawnSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    }).stdout;
    const first = Number.parseInt(head.slice(0, 7), 16) || 1;
    const seen = { together: 0, conflict: 0 };
    for (let seed = first; seed < first + 30; seed++) seen[await randomPair(template, seed)]++;
    console.log(`from seed ${first}: ${JSON.stringify(seen)}`);
    expect(seen.together).toBeGreaterThan(0);
    expect(seen.conflict).toBeGreaterThan(0);
  },
);
