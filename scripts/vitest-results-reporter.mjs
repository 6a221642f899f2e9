import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Keeps what a long Vitest run came to in the file that the environment variable below names, and beside it the same as a table in
 * Markdown. Both are written anew whenever a test ends, so that a run that is ended early leaves what it knows.
 */
export const RESULTS_FILE = 'SESSION_LOG_RESULTS_FILE';

/**
 * One test that has ended.
 * @typedef {object} Row
 * @property {string} file relative to the root
 * @property {string} test
 * @property {string} state passed, failed or skipped
 * @property {number} seconds
 * @property {string[]} figures lines that the test printed
 */

/**
 * @param {readonly Row[]} rows
 * @param {{ began: string, ended: string | null }} run times as ISO 8601
 * @returns {string} a page of Markdown
 */
export function resultsPage(rows, { began, ended }) {
  /** @param {string} text */
  const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = rows.map(
    ({ file, test, state, seconds, figures }) =>
      `| ${cell(file)} | ${cell(test)} | ${state} | ${seconds} | ${figures.map(cell).join('<br>')} |`,
  );
  const passed = rows.filter(({ state }) => state === 'passed').length;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  return [
    `Began ${began}, ${ended === null ? 'not ended yet' : `ended ${ended}`}: ${passed} passed, ${failed} failed.`,
    '',
    '| file | test | result | seconds | figures |',
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

/**
 * @typedef {{ id: string, fullName: string, module: { relativeModuleId: string }, result(): { state: string },
 *   diagnostic(): { duration: number } | undefined }} TestCase
 */

/** The reporter, in the form that Vitest loads by path. */
class VitestResultsReporter {
  #began = new Date().toISOString();
  /** @type {Row[]} */
  #rows = [];
  /** @type {Map<string, string[]>} */
  #printed = new Map();

  /** @param {{ taskId?: string, content: string }} log */
  onUserConsoleLog({ taskId = '', content }) {
    const before = this.#printed.get(taskId) ?? [];
    this.#printed.set(taskId, [...before, ...content.split('\n').filter((line) => line !== '')]);
  }

  /** @param {TestCase} test */
  onTestCaseResult(test) {
    this.#rows.push({
      file: test.module.relativeModuleId,
      test: test.fullName,
      state: test.result().state,
      seconds: Math.round((test.diagnostic()?.duration ?? 0) / 100) / 10,
      figures: this.#printed.get(test.id) ?? [],
    });
    this.#write(null);
  }

  onTestRunEnd() {
    this.#write(new Date().toISOString());
  }

  /** @param {string | null} ended */
  #write(ended) {
    const file = process.env[RESULTS_FILE];
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    const run = { began: this.#began, ended };
    writeFileSync(file, `${JSON.stringify({ ...run, tests: this.#rows }, null, 2)}\n`);
    writeFileSync(file.replace(/\.json$/, '.md'), resultsPage(this.#rows, run));
  }
}

// oxlint-disable-next-line import/no-default-export -- Vitest takes a reporter's default export.
export default VitestResultsReporter;
