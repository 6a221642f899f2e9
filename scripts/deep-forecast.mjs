import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './content-stamp.mjs';

/**
 * Duration of each file of `npm run test:deep` in minutes, alone on two cores: what the run of docs/reliability.md took, less what the
 * programs beside it had of the machine. The limit that ends a hung file is in its tests.
 * @type {Readonly<Record<string, number>>}
 */
export const DEEP_MINUTES = {
  'e2e/gates/disk/corrupt-state.test.ts': 1,
  'e2e/gates/disk/kill-points.deep.test.ts': 1,
  'e2e/gates/disk/kill-points.test.ts': 1,
  'e2e/gates/disk/large-file.deep.test.ts': 1,
  'e2e/gates/git/conflicts.test.ts': 12,
  'e2e/gates/git/crowd.deep.test.ts': 2,
  'e2e/gates/git/kill-points-conflict.deep.test.ts': 30,
  'e2e/gates/git/kill-points-moving.deep.test.ts': 8,
  'e2e/gates/git/kill-points-rebased.deep.test.ts': 26,
  'e2e/gates/git/sessions.deep.test.ts': 12,
  'e2e/gates/lock/exhaustive.deep.test.ts': 25,
  'e2e/gates/lock/kill-steps.test.ts': 1,
  'e2e/gates/lock/older-names.test.ts': 1,
  'e2e/gates/lock/stress.deep.test.ts': 25,
  'e2e/gates/lock/three-processes.test.ts': 2,
  'main/adapters/folder-store/folder-crash.test.ts': 1,
  'main/adapters/folder-store/folder-interleaving.test.ts': 4,
  'main/adapters/folder-store/folder-names.test.ts': 1,
  'main/core/workflows/struck-team.test.ts': 3,
  'main/testing/large-objects.deep.test.ts': 1,
};

/** Files that measure time or memory, or keep every core busy themselves: each runs alone, after the others, which run side by side. */
export const ALONE = [
  'e2e/gates/disk/large-file.deep.test.ts',
  'e2e/gates/git/crowd.deep.test.ts',
  'e2e/gates/git/sessions.deep.test.ts',
  'e2e/gates/lock/kill-steps.test.ts',
  'e2e/gates/lock/stress.deep.test.ts',
  'main/testing/large-objects.deep.test.ts',
];

/** Cores of the machine that the minutes are for, and so the files that run side by side there. */
const CORES = 2;

/**
 * The test files of a deep run, by the rule of vitest.deep.config.ts.
 * @param {string} root absolute path of the repository
 * @returns {string[]} relative to it, `/`-separated, sorted
 */
export function deepFiles(root) {
  const isDeep = (/** @type {string} */ file) =>
    file.endsWith('.deep.test.ts') ||
    (file.endsWith('.test.ts') && readFileSync(join(root, file), 'utf8').includes('howOften('));
  return ['e2e', 'main', 'shared'].flatMap((folder) => filesBelow(root, folder, isDeep)).sort();
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/**
 * Returns the forecast of a deep run.
 * @param {readonly string[]} files of all deep runs
 * @param {readonly string[]} words that choose among them, as Vitest takes them; none for all
 * @param {Date} now
 * @returns {string[]} lines
 */
export function deepForecast(files, words, now) {
  const chosen =
    words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
  const of = (/** @type {boolean} */ isAlone) =>
    chosen.filter((file) => ALONE.includes(file) === isAlone).map((file) => DEEP_MINUTES[file] ?? 0);
  const alone = of(true);
  const beside = of(false);
  const minutes = sum(alone) + Math.max(0, ...beside, Math.ceil(sum(beside) / CORES));
  const end = new Date(now.getTime() + minutes * 60_000);
  const hours = minutes < 90 ? `${minutes} minutes` : `${(minutes / 60).toFixed(1)} hours`;
  const lines = chosen.map(
    (file) =>
      `  ${String(DEEP_MINUTES[file] ?? '?').padStart(3)} min  ${file}${ALONE.includes(file) ? '  (alone)' : ''}`,
  );
  return [
    `${chosen.length} files, ${alone.length} of them alone; about ${hours} on two cores, so until ${end.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ...lines,
  ];
}
