import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtProgram } from './built-cli.ts';

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'session-log-loaded-'));
const [tree, home, text] = [join(root, 'tree'), join(root, 'home'), join(root, 'text.md')];
const SAVE = ['save', '--no-sync', '--workspace', tree, '--file', text, '--topic', 'loaded'];

/** Writes the address of every module into a file of this process, as Node loads it: a hook starts another one, which is not counted. */
const LISTING = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(process.env.LOADED_LIST + process.pid, url + '\\n');
    return next(url, context);
  },
});`;

interface Loaded {
  readonly kB: number;
  /** Names of the chunks, without their digests. */
  readonly chunks: readonly string[];
}

async function loadedBy(args: readonly string[], program = builtProgram()): Promise<Loaded> {
  const list = join(root, 'list-');
  const preload = `data:text/javascript,${encodeURIComponent(LISTING)}`;
  const running = run(process.execPath, ['--import', preload, program, ...args], {
    cwd: root,
    env: { ...process.env, HOME: root, SESSION_LOG_HOME: home, LOADED_LIST: list },
  });
  running.child.stdin?.end();
  await running;
  const files = [...new Set(readFileSync(`${list}${running.child.pid}`, 'utf8').trim().split('\n'))].map(
    (url) => fileURLToPath(url),
  );
  return {
    kB: Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000),
    chunks: files.flatMap((file) => /^chunk-(.+)-.{8}\.mjs$/.exec(basename(file))?.[1] ?? []),
  };
}

beforeAll(() => {
  for (const folder of [join(tree, '.git'), join(tree, '.claude'), home])
    mkdirSync(folder, { recursive: true });
  const identity = {
    user: 'mike',
    full_name: 'Mike Swanson',
    email: 'mike@example.com',
    machine: hostname(),
  };
  writeFileSync(join(tree, '.claude/identity.json'), JSON.stringify(identity));
  writeFileSync(join(tree, '.claude/users.json'), JSON.stringify({ mike: { role: 'admin' } }));
  writeFileSync(text, '## Session Summary\n\nThe harbour page was repaired.\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

// An agent waits for these. Each 100 kB costs about a millisecond on a fast machine and three on a slow one (docs/benchmarks.md).
it('loads for a save only what a save needs', async () => {
  const save = await loadedBy(SAVE);
  expect(save.chunks).toContain('saves');
  for (const other of ['core', 'status', 'transcripts', 'sync', 'run-cli', 'index-engine'])
    expect(save.chunks).not.toContain(other);
  expect(save.kB).toBeLessThanOrEqual(360);
}, 60_000);

it('loads for a status neither git, the index nor the parser of the command line', async () => {
  const status = await loadedBy(['status']);
  expect(status.chunks).toContain('status');
  for (const other of ['git-tools', 'sync', 'run-cli', 'index-engine'])
    expect(status.chunks).not.toContain(other);
  expect(status.kB).toBeLessThanOrEqual(500);
}, 60_000);

it('loads for a hook what a save needs and no more', async () => {
  const hook = await loadedBy(['hook', 'session-start', '--agent', 'claude-code']);
  for (const other of ['core', 'status', 'transcripts', 'sync', 'run-cli', 'index-engine'])
    expect(hook.chunks).not.toContain(other);
  expect(hook.kB).toBeLessThanOrEqual(320);
}, 60_000);
