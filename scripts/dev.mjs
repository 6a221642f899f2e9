import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  BootstrapError,
  ROOT,
  dropBuild,
  ensureBuild,
  runPrepared,
  say,
  toolEnvironment,
} from './bootstrap.mjs';
import { displayProblem } from './choose-interface.mjs';
import { downloadElectron, findElectron } from './official-electron.mjs';
import { handOver } from './run-command.mjs';

/**
 * `npm run dev`: the app with hot reload. A changed page is updated at once; a change of the main process or the preload script
 * rebuilds them and restarts the app.
 * @param {string} node program
 * @param {readonly string[]} args for the app
 * @returns {Promise<number>} exit code
 */
async function developApp(node, args) {
  const problem = displayProblem(process.platform, process.env);
  if (problem !== undefined) throw new BootstrapError(`${problem}; \`npm run dev:web\` needs none`);
  const electron =
    findElectron(ROOT) ??
    (await downloadElectron({ root: ROOT, node, connectMs: 3000, deadlineMs: 300_000, say }));
  if ('reason' in electron) throw new BootstrapError(`${electron.reason}; \`npm run dev:web\` needs none`);
  // From now on out/ contains a development build, which must not be taken for the product.
  dropBuild();
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...toolEnvironment(node), ELECTRON_EXEC_PATH: electron.path };
  delete env['ELECTRON_RUN_AS_NODE'];
  const tool = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const flags = ['--watch', '--ignoreConfigWarning', ...(asRoot ? ['--noSandbox'] : [])];
  return handOver(node, [tool, 'dev', ...flags, ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: ROOT,
    env,
  });
}

/**
 * `npm run dev:web`: the browser view with hot reload of its pages, over the API of a `session-log browse` with its token and key.
 * @param {string} node program
 * @param {readonly string[]} args for `session-log browse`
 * @returns {Promise<number>} exit code
 */
async function developWeb(node, args) {
  await ensureBuild(node);
  const cli = join(ROOT, 'out', 'main', 'cli.js');
  const browse = spawn(node, [cli, 'browse', '--no-open', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    browse.once('close', (code) => resolve(code ?? 1));
  });
  process.on('SIGINT', () => browse.kill('SIGINT'));
  process.on('SIGTERM', () => browse.kill('SIGINT'));
  const line = await Promise.race([firstLine(browse.stdout), ended.then(() => undefined)]);
  const envelope = line === undefined ? undefined : JSON.parse(line);
  if (envelope?.ok !== true)
    throw new BootstrapError(envelope?.error?.message ?? '`session-log browse` ended at once');
  // Not before packages are installed.
  const { developmentPages } = await import('./development-pages.mjs');
  const server = await developmentPages(ROOT, envelope.value.port);
  const { search, hash } = new URL(envelope.value.url);
  say(
    `the browser view is at http://127.0.0.1:${server.port}/${search}${hash} (the address works once); Ctrl+C ends it`,
  );
  const code = await ended;
  await server.close();
  return code;
}

/**
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<string>} never resolves if there is none
 */
function firstLine(stream) {
  return new Promise((resolve) => {
    createInterface({ input: stream }).once('line', resolve);
  });
}

await runPrepared(import.meta.url, async (node) => {
  const args = process.argv.slice(2);
  if (args.includes('--web'))
    return developWeb(
      node,
      args.filter((arg) => arg !== '--web'),
    );
  return developApp(node, args);
});
