import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, ensureBuild, runPrepared, say } from './bootstrap.mjs';
import { chooseInterface, cliRuns, displayProblem } from './choose-interface.mjs';
import { downloadElectron, findElectron } from './official-electron.mjs';
import { handOver } from './run-command.mjs';

const CLI = join(ROOT, 'out', 'main', 'cli.js');
const DESKTOP = join(ROOT, 'out', 'main', 'index.js');

/**
 * Shows the desktop app.
 * @param {string} electron program
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
function startDesktop(electron, args) {
  // Chromium refuses to run its sandbox as root, and only root may disable it.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const env = { ...process.env };
  // Editors that are Electron apps set this in their terminals; with it Electron would run as plain Node.
  delete env['ELECTRON_RUN_AS_NODE'];
  return handOver(electron, [ROOT, ...(asRoot ? ['--no-sandbox'] : []), ...args], { cwd: ROOT, env });
}

/**
 * Runs commands of the CLI one after another.
 * @param {string} node program
 * @param {import('./choose-interface.mjs').Run[]} runs
 * @returns {Promise<number>} exit code of the last one
 */
async function runCli(node, runs) {
  let code = 0;
  for (const run of runs) {
    code = await handOver(node, [CLI, ...run.args], { stdoutTo: run.quiet ? 'stderr' : 'stdout' });
    // After Ctrl+C the next command is not wanted either.
    if (code >= 128) break;
  }
  return code;
}

await runPrepared(import.meta.url, async (node) => {
  const args = process.argv.slice(2);
  await ensureBuild(node);
  // The demo runs in the terminal, whatever interface this machine can show.
  if (args.includes('--demo')) return runCli(node, cliRuns('status', args));
  const choice = await chooseInterface({
    desktopBuilt: existsSync(DESKTOP),
    displayProblem: displayProblem(process.platform, process.env),
    findElectron: async () =>
      findElectron(ROOT) ?? downloadElectron({ root: ROOT, node, connectMs: 3000, deadlineMs: 300_000, say }),
  });
  if (choice.reason !== undefined) say(`starting the browser view: ${choice.reason}`);
  if (choice.shown === 'desktop' && choice.electron !== undefined) return startDesktop(choice.electron, args);
  return runCli(node, cliRuns(choice.shown === 'browser' ? 'browser' : 'status', args));
});
