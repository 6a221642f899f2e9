/**
 * What a run of checks came to.
 * @typedef {{ name: string, reason: string }} Skip
 * @typedef {{ passed: number, failed: number, skipped: readonly Skip[] }} Tally
 */

/** @type {Tally} */
export const EMPTY = { passed: 0, failed: 0, skipped: [] };

/**
 * Adds tallies up.
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function total(tallies) {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: [...sum.skipped, ...tally.skipped],
    }),
    EMPTY,
  );
}

/**
 * The last line of a run.
 * @param {Tally} tally
 * @returns {string} `N passed, N failed`, and `, N skipped` where some were
 */
export function totalLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`;
}

/**
 * Tells whether a run may call itself green: something ran and nothing failed.
 * @param {Tally} tally
 */
export function isGreen({ passed, failed }) {
  return failed === 0 && passed > 0;
}

/**
 * Makes a runner's exit code and its report agree: a runner that failed without a failed test (a file that does not
 * load, a crash, a lost report) has failed all the same.
 * @param {number} code exit code of the runner
 * @param {Tally | undefined} tally what its report says; undefined where it wrote none
 * @returns {Tally}
 */
export function reconcile(code, tally) {
  const known = tally ?? EMPTY;
  const lost = tally === undefined && code === 0;
  return (code !== 0 || lost) && known.failed === 0 ? { ...known, failed: 1 } : known;
}

/**
 * The part of Playwright's JSON report that is read.
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ status: string, annotations?: Annotation[], results?: unknown[], projectName?: string }} PlaywrightTest
 * @typedef {{ title: string, tests: PlaywrightTest[] }} PlaywrightSpec
 * @typedef {{ title: string, specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 * @typedef {{ suites?: PlaywrightSuite[], errors?: unknown[] }} PlaywrightReport
 */

/**
 * Counts Playwright's JSON report. A flaky test has failed once and counts as failed.
 * @param {PlaywrightReport} report
 * @returns {Tally}
 */
export function playwrightTally(report) {
  const tests = (report.suites ?? []).flatMap((suite) => testsOf(suite, ''));
  // Errors outside of any test (a file that does not load, a failed set-up) are failures of their own.
  const outside = report.errors?.length ?? 0;
  return {
    passed: tests.filter(({ test }) => test.status === 'expected').length,
    failed:
      outside + tests.filter(({ test }) => test.status === 'unexpected' || test.status === 'flaky').length,
    skipped: tests
      .filter(({ test }) => test.status === 'skipped')
      .map(({ name, test }) => ({ name, reason: skipReason(test) })),
  };
}

/**
 * @param {PlaywrightSuite} suite
 * @param {string} path titles of the suites around it
 * @returns {{ name: string, test: PlaywrightTest }[]}
 */
function testsOf(suite, path) {
  const here = path === '' ? suite.title : `${path} › ${suite.title}`;
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ name: `${here} › ${spec.title}`, test })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, here))];
}

/** @param {PlaywrightTest} test */
function skipReason(test) {
  const mark = test.annotations?.find(({ type }) => type === 'skip' || type === 'fixme');
  if (mark?.description) return mark.description;
  return mark ? 'no reason given' : 'did not run, because a check before it failed';
}
