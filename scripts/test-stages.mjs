import { filesBelow } from './content-stamp.mjs';

/**
 * The stages of `npm test`, in their order. A stage whose folder holds no test yet is left out.
 * @typedef {object} Stage
 * @property {string} name
 * @property {'build' | 'script' | 'vitest' | 'playwright'} kind
 * @property {string[]} [projects] Vitest projects, or the one Playwright project
 * @property {{ folder: string, suffix: string }} [files] where its tests lie
 * @property {boolean} [needsBuild] whether it runs what the build made
 * @property {number} minutes after which it is ended as hung
 */

/** @type {readonly Stage[]} */
export const STAGES = [
  { name: 'build', kind: 'build', minutes: 5 },
  { name: 'typecheck', kind: 'script', minutes: 5 },
  { name: 'lint', kind: 'script', minutes: 5 },
  { name: 'unit', kind: 'vitest', projects: ['node', 'dom'], minutes: 10 },
  {
    name: 'cli',
    kind: 'vitest',
    projects: ['cli'],
    files: { folder: 'e2e/cli', suffix: '.test.ts' },
    needsBuild: true,
    minutes: 10,
  },
  {
    name: 'gates',
    kind: 'vitest',
    projects: ['gates'],
    files: { folder: 'e2e/gates', suffix: '.test.ts' },
    minutes: 15,
  },
  {
    name: 'electron',
    kind: 'playwright',
    projects: ['electron'],
    files: { folder: 'e2e/electron', suffix: '.spec.ts' },
    needsBuild: true,
    minutes: 12,
  },
  {
    name: 'web',
    kind: 'playwright',
    projects: ['web'],
    files: { folder: 'e2e/web', suffix: '.spec.ts' },
    needsBuild: true,
    minutes: 12,
  },
];

/**
 * Picks the stages to run.
 * @param {readonly string[]} names those asked for; none means all
 * @param {(folder: string, suffix: string) => boolean} hasTests
 * @returns {{ stages: Stage[] } | { problem: string }}
 */
export function pickStages(names, hasTests) {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    return {
      problem: `no such stage: ${unknown.join(', ')}. Stages: ${STAGES.map(({ name }) => name).join(', ')}`,
    };
  }
  const asked = STAGES.filter(({ name }) => names.length === 0 || names.includes(name));
  const present = asked.filter(({ files }) => files === undefined || hasTests(files.folder, files.suffix));
  const building = present.some(({ needsBuild }) => needsBuild === true);
  // The build comes along when something asked for runs what it makes.
  const build = STAGES.filter(({ kind }) => kind === 'build' && building);
  return { stages: present.some(({ kind }) => kind === 'build') ? present : [...build, ...present] };
}

/**
 * Tells whether a folder holds tests.
 * @param {string} root absolute path of the repository
 * @param {string} folder relative to it
 * @param {string} suffix
 */
export function hasTestFiles(root, folder, suffix) {
  return (
    filesBelow(root, folder, (file) => file.endsWith(suffix) && !file.endsWith(`.deep${suffix}`)).length > 0
  );
}
