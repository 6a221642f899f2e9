import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError, ROOT, ensureBuild, runPrepared, say, toolEnvironment } from './bootstrap.mjs';
import { forwardSignals, npmCommand, runCommand } from './run-command.mjs';
import { ensureTestPackages } from './system-packages.mjs';
import { quickEnvironment } from './quick-folder.mjs';
import { hasTestFiles, pickStages } from './test-stages.mjs';
import { isGreen, playwrightTally, reconcile, total, totalLine } from './test-tally.mjs';
import { TALLY_FILE } from './vitest-tally-reporter.mjs';

/**
 * @typedef {import('./test-tally.mjs').Tally} Tally
 * @typedef {import('./test-stages.mjs').Stage} Stage
 */

const REPORTS = join(ROOT, 'test-results', 'reports');

/**
 * Runs one program of a stage.
 * @param {Stage} stage
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code
 */
async function runTool(stage, command, args, env) {
  const result = await runCommand(command, args, {
    cwd: ROOT,
    env,
    deadlineMs: stage.minutes * 60_000,
    silenceMs: 60_000,
    onSilence: (elapsed) => console.log(`… ${stage.name} is still running (${Math.round(elapsed / 1000)} s)`),
  });
  if (result.timedOut) console.log(`${stage.name} was ended: it ran longer than ${stage.minutes} minutes`);
  if (result.code === 127) console.log(result.tail);
  return result.code;
}

const quick = quickEnvironment();

/**
 * Reads a runner's report.
 * @param {string} file
 * @returns {any} undefined if there is none
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @type {Record<Stage['kind'], (stage: Stage, node: string) => Promise<Tally>>} */
const RUNNERS = {
  build: async (_stage, node) => {
    try {
      const { built } = await ensureBuild(node);
      if (!built) console.log('out/ is up to date');
      return { passed: 1, failed: 0, skipped: [] };
    } catch (error) {
      if (!(error instanceof BootstrapError)) throw error;
      console.log(error.message);
      return { passed: 0, failed: 1, skipped: [] };
    }
  },
  script: async (stage, node) => {
    const npm = npmCommand(toolEnvironment(node));
    const code = await runTool(stage, npm.command, [...npm.args, 'run', '--silent', stage.name], npm.env);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
  },
  vitest: async (stage, node) => {
    const report = join(REPORTS, `${stage.name}.json`);
    rmSync(report, { force: true });
    const projects = (stage.projects ?? []).flatMap((project) => ['--project', project]);
    const reporters = ['--reporter=default', '--reporter=./scripts/vitest-tally-reporter.mjs'];
    const tool = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const env = { ...toolEnvironment(node), ...quick, [TALLY_FILE]: report };
    const code = await runTool(stage, node, [tool, 'run', ...projects, ...reporters], env);
    return reconcile(code, readReport(report));
  },
  playwright: async (stage, node) => {
    const report = join(REPORTS, `${stage.name}.json`);
    rmSync(report, { force: true });
    const tool = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
    const projects = (stage.projects ?? []).flatMap((project) => ['--project', project]);
    const args = [tool, 'test', '--config', 'e2e/playwright.config.ts', ...projects];
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...toolEnvironment(node), ...quick, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    // Playwright detects a pipe by itself; its workers set FORCE_COLOR, and Node warns about the contradiction.
    if (process.env['NO_COLOR'] === undefined) delete env['NO_COLOR'];
    const code = await runTool(stage, node, args, env);
    const json = readReport(report);
    return reconcile(code, json === undefined ? undefined : playwrightTally(json));
  },
};

/**
 * Runs one stage and prints its name, result and duration.
 * @param {Stage} stage
 * @param {string} node
 * @param {string | undefined} blocked why it cannot run here
 * @returns {Promise<Tally>}
 */
async function runStage(stage, node, blocked) {
  console.log(`\n── ${stage.name} ──`);
  const started = process.uptime();
  const tally =
    blocked === undefined
      ? await RUNNERS[stage.kind](stage, node)
      : { passed: 0, failed: 0, skipped: [{ name: `stage ${stage.name}`, reason: blocked }] };
  console.log(`── ${stage.name}: ${totalLine(tally)} (${(process.uptime() - started).toFixed(1)} s)`);
  return tally;
}

await runPrepared(import.meta.url, async (node) => {
  const picked = pickStages(process.argv.slice(2), (folder, suffix) => hasTestFiles(ROOT, folder, suffix));
  if ('problem' in picked) {
    console.error(picked.problem);
    return 64;
  }
  forwardSignals();
  mkdirSync(REPORTS, { recursive: true });
  const blocked = await ensureTestPackages({
    stages: picked.stages.map(({ name }) => name),
    root: ROOT,
    say,
  });
  /** @type {Tally[]} */
  const tallies = [];
  /** @type {string[]} */
  const times = [];
  let buildFailed = false;
  for (const stage of picked.stages) {
    const reason = stage.needsBuild && buildFailed ? 'the build failed' : blocked.get(stage.name);
    const started = process.uptime();
    const tally = await runStage(stage, node, reason);
    times.push(`${stage.name} ${(process.uptime() - started).toFixed(0)} s`);
    if (stage.kind === 'build') buildFailed = tally.failed > 0;
    tallies.push(tally);
    if (process.exitCode !== undefined) return Number(process.exitCode);
  }
  const sum = total(tallies);
  console.log(`\nstages: ${times.join(', ')}; in all ${process.uptime().toFixed(0)} s`);
  for (const { name, reason } of sum.skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(totalLine(sum));
  return isGreen(sum) ? 0 : 1;
});
