import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TALLY_FILE } from './vitest-tally-reporter.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(dirname(here), 'node_modules');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitest-tally-'));
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a real Vitest over one test file and reads what the reporter wrote. */
function tallyOf(source: string): unknown {
  writeFileSync(join(folder, 'a.test.js'), `import { expect, it } from 'vitest';\n${source}`);
  const report = join(folder, 'tally.json');
  const vitest = join(modules, 'vitest', 'vitest.mjs');
  const reporter = `--reporter=${join(here, 'vitest-tally-reporter.mjs')}`;
  const env = { ...process.env, [TALLY_FILE]: report };
  spawnSync(process.execPath, [vitest, 'run', '--root', folder, reporter], { env });
  return JSON.parse(readFileSync(report, 'utf8'));
}

describe('the tally reporter', () => {
  it('counts what passed, failed and was skipped, with the reasons', () => {
    const tally = tallyOf(`
      it('holds', () => expect(1).toBe(1));
      it('breaks', () => expect(1).toBe(2));
      it('needs more', ({ skip }) => skip('no server here'));
      it.skip('sleeps', () => {});
      it.todo('is not there yet');
    `);
    expect(tally).toEqual({
      passed: 1,
      failed: 1,
      skipped: [
        { name: 'a.test.js › needs more', reason: 'no server here' },
        { name: 'a.test.js › sleeps', reason: 'no reason given' },
        { name: 'a.test.js › is not there yet', reason: 'still to be written' },
      ],
    });
  });

  it('counts a file that does not load as a failure', () => {
    expect(tallyOf(`import './not-there.js';`)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  it('counts an error outside of every test as a failure', () => {
    const tally = tallyOf(`it('holds', () => { void Promise.reject(new Error('late')); });`);
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: [] });
  });
});
