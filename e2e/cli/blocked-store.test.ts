/** A store on a mount whose server is gone: calls to it never end. A pipe that nobody writes to blocks a thread of Node just so. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { only } from '../../main/testing/only.ts';
import { builtProgram, runBuilt } from './built-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'session-log-blocked-'));
const [home, store, pipe, reached] = ['home', 'store', 'pipe', 'reached'].map((name) => join(root, name)) as [
  string,
  string,
  string,
  string,
];
const children: ChildProcess[] = [];

beforeAll(async () => {
  mkdirSync(join(home, 'session-logs'), { recursive: true });
  for (let day = 10; day < 30; day++)
    writeFileSync(join(home, 'session-logs', `2026-06-${day}-mike-topic.md`), `# Topic ${day}\n`);
  const env = { SESSION_LOG_HOME: home };
  await runBuilt('cli.js', ['config', 'set', '--create', 'store.url', `file://${store}`], { env });
  expect((await runBuilt('cli.js', ['sync', '--push'], { env })).code).toBe(0);
  spawnSync('mkfifo', [pipe]);
  writeFileSync(
    join(root, 'dead-mount.mjs'),
    `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { open } = fs;
fs.open = (path, flags, ...more) => {
  if (!String(path).startsWith(${JSON.stringify(store)})) return open(path, flags, ...more);
  fs.writeFileSync(${JSON.stringify(reached)}, '');
  open(${JSON.stringify(pipe)}, 'r', ...more);
};
syncBuiltinESMExports();
`,
  );
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

interface Stopped {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** Runs a command and sends it a signal once it has reached the store. */
async function stopped(signal: NodeJS.Signals, words: readonly string[], times = 1): Promise<Stopped> {
  rmSync(reached, { force: true });
  writeFileSync(join(home, 'session-logs', '2026-06-30-mike-new.md'), `# New ${words.join(' ')}\n`);
  const node = ['--import', join(root, 'dead-mount.mjs'), builtProgram(), ...words];
  const started = spawn(process.execPath, node, { env: { ...process.env, SESSION_LOG_HOME: home } });
  children.push(started);
  let err = '';
  started.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const ended = new Promise<Stopped>((settle) =>
    started.once('close', (code, by) => settle({ code, signal: by, err })),
  );
  await expect.poll(() => existsSync(reached)).toBe(true);
  started.kill(signal);
  for (let more = 1; more < times; more++) {
    await expect.poll(() => err).toContain('once more to end at once');
    started.kill(signal);
  }
  return ended;
}

describe('a command whose store never answers', () => {
  const pipes = only(spawnSync('mkfifo', ['--version']).status === 0, 'needs mkfifo');

  for (const [signal, words] of [
    ['SIGINT', ['sync', '--index']],
    ['SIGTERM', ['sync', '--index']],
    ['SIGINT', ['sync', '--push', '--json']],
    ['SIGINT', ['sync', '--full']],
    ['SIGINT', ['verify']],
    ['SIGINT', ['machines', 'requests']],
  ] as const)
    pipes.it(
      `ends after one ${signal}, with its sentence and 130: ${words.join(' ')}`,
      async () => {
        const ended = await stopped(signal, words);
        expect(ended).toMatchObject({ code: 130, signal: null });
        expect(ended.err).not.toMatch(/warning/i);
      },
      20_000,
    );

  pipes.it(
    'ends at the second one without a word more',
    async () => {
      expect(await stopped('SIGINT', ['sync', '--index'], 2)).toMatchObject({ code: null, signal: 'SIGINT' });
    },
    20_000,
  );
});
