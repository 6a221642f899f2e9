import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { largestResidentSet } from '../../largest-resident-set.mjs';
import { onLinux } from '../../../main/testing/only.ts';

const MEBIBYTE = 1024;

onLinux.it('a small process is small, however large the one that started it', () => {
  const large = Buffer.alloc(300 * MEBIBYTE * 1024, 1);
  const script = new URL('../../largest-resident-set.mjs', import.meta.url).href;
  const child = `import { largestResidentSet } from '${script}'; console.log(largestResidentSet());`;
  const kibibytes = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', child], { encoding: 'utf8' }),
  );
  expect(large.at(-1)).toBe(1);
  expect(largestResidentSet()).toBeGreaterThan(300 * MEBIBYTE);
  expect(kibibytes).toBeGreaterThan(10 * MEBIBYTE);
  expect(kibibytes).toBeLessThan(150 * MEBIBYTE);
});
