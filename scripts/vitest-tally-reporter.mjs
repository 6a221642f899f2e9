import { writeFileSync } from 'node:fs';

/**
 * Writes what a Vitest run came to, with the reason of every skipped test, into the file that the environment
 * variable below names. Vitest's own JSON report leaves the reasons out.
 */
export const TALLY_FILE = 'SESSION_LOG_TALLY_FILE';

/**
 * @typedef {{ state: string, note?: string | undefined }} TestResult
 * @typedef {{ fullName: string, result(): TestResult, options: { mode: string } }} TestCase
 * @typedef {{ relativeModuleId: string, errors(): unknown[], children: { allTests(): Iterable<TestCase> } }} TestModule
 */

/**
 * Counts the modules of a run.
 * @param {readonly TestModule[]} modules
 * @param {number} outsideErrors errors that belong to no module
 * @returns {import('./test-tally.mjs').Tally}
 */
export function vitestTally(modules, outsideErrors) {
  const tests = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => ({
      name: `${module.relativeModuleId} › ${test.fullName}`,
      test,
    })),
  );
  /** @param {string} state */
  const inState = (state) => tests.filter(({ test }) => test.result().state === state);
  // A module that does not load, or whose hooks failed, has errors of its own and may have no test at all.
  const broken = modules.filter((module) => module.errors().length > 0).length;
  const unfinished = inState('pending').length;
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + broken + unfinished + outsideErrors,
    skipped: inState('skipped').map(({ name, test }) => ({ name, reason: skipReason(test) })),
  };
}

/** @param {TestCase} test */
function skipReason(test) {
  const { note } = test.result();
  if (note) return note;
  return test.options.mode === 'todo' ? 'still to be written' : 'no reason given';
}

/** The reporter, in the form that Vitest loads by path. */
class VitestTallyReporter {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(modules, errors) {
    const file = process.env[TALLY_FILE];
    if (file) writeFileSync(file, JSON.stringify(vitestTally(modules, errors.length)));
  }
}

// oxlint-disable-next-line import/no-default-export -- Vitest takes a reporter's default export.
export default VitestTallyReporter;
