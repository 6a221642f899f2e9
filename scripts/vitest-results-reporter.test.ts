import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESULTS_FILE } from './vitest-results-reporter.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(dirname(here), 'node_modules');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitest-results-'));
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the results reporter', () => {
  it('keeps every test with its result and the figures that it printed, as JSON and as a table', () => {
    writeFileSync(
      join(folder, 'a.test.js'),
      `import { expect, it } from 'vitest';
      it('holds', () => { console.log('12 | kills'); expect(1).toBe(1); });
      it('breaks', () => expect(1).toBe(2));
      it.skip('sleeps', () => {});`,
    );
    const results = join(folder, 'out', 'deep.json');
    spawnSync(
      process.execPath,
      [
        join(modules, 'vitest', 'vitest.mjs'),
        'run',
        '--root',
        folder,
        `--reporter=${join(here, 'vitest-results-reporter.mjs')}`,
      ],
      { env: { ...process.env, [RESULTS_FILE]: results } },
    );
    const { tests, ended } = JSON.parse(readFileSync(results, 'utf8')) as {
      readonly tests: readonly unknown[];
      readonly ended: string;
    };
    expect(tests).toMatchObject([
      { file: 'a.test.js', test: 'holds', state: 'passed', figures: ['12 | kills'] },
      { test: 'breaks', state: 'failed', figures: [] },
      { test: 'sleeps', state: 'skipped' },
    ]);
    expect(Date.parse(ended)).toBeGreaterThan(0);
    const page = readFileSync(join(folder, 'out', 'deep.md'), 'utf8');
    expect(page).toContain('1 passed, 1 failed.');
    expect(page).toMatch(/\| a\.test\.js \| holds \| passed \| [\d.]+ \| 12 \\\| kills \|/);
  });
});
