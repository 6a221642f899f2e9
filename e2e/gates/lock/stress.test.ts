import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { PER_COMMIT } from './stress.ts';

const SCRIPT = fileURLToPath(new URL('stress.ts', import.meta.url));

/** Runs the stress as anybody would, for its exit code counts too. */
async function run(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      console.log(stdout.trim());
      resolve({ code, output: stdout + stderr });
    });
  });
}

function figures(output: string): readonly number[] {
  return [...output.matchAll(/(\d+) (?:acquisitions|reclaims|SIGKILLs|violations)/g)].map(([, count]) =>
    Number(count),
  );
}

describe('real processes', () => {
  it('never met inside the lock, whoever was killed', async () => {
    const { code, output } = await run();
    expect(code, output).toBe(0);
    const [acquired = 0, reclaimed = 0, killed = 0, violations] = figures(output);
    expect(acquired).toBeGreaterThanOrEqual(PER_COMMIT.acquisitions);
    expect(reclaimed).toBeGreaterThanOrEqual(PER_COMMIT.reclaims);
    expect(killed).toBeGreaterThanOrEqual(PER_COMMIT.kills);
    expect(violations).toBe(0);
  }, 500_000);

  // A harness that finds nothing in these finds nothing.
  it.each(['v0', 'v1'])(
    'are seen to meet inside the bad lock %s within 30 s',
    async (protocol) => {
      const { code, output } = await run('--protocol', protocol, '--seconds', '30');
      expect(code, output).toBe(1);
      expect(output).toMatch(/inside|mark was gone/);
    },
    60_000,
  );
});
