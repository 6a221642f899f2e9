/** Text packs as shipped, by programs that are killed (SIGKILL) while they publish and while they take in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatPlayedMachine } from '../../main/core/demo/played-machine.ts';
import type { SearchAnswer } from '../../shared/domain/search-answer.ts';
import { builtProgram, envelopeOf, runBuilt, type Ended } from './built-cli.ts';

const LOGS = 40;
const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-search-killed-')));
const store = join(root, 'store');
const homeOf = (machine: string): string => join(root, machine);

const run = (machine: string, ...args: string[]): Promise<Ended> =>
  runBuilt('cli.js', args, { cwd: root, env: { SESSION_LOG_HOME: homeOf(machine) } });
const done = async (machine: string, ...args: string[]): Promise<Ended> => {
  const ended = await run(machine, ...args);
  expect(ended, args.join(' ')).toMatchObject({ code: 0 });
  return ended;
};

/** Starts a command and kills it as soon as something is seen on the disk. @returns false when it was through before */
async function killWhen(machine: string, args: readonly string[], seen: () => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [builtProgram('cli.js'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], SESSION_LOG_HOME: homeOf(machine) },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const disk = watch(root, { recursive: true });
  while (child.exitCode === null && child.signalCode === null && !seen())
    await Promise.race([ended, once(disk, 'change')]);
  disk.close();
  child.kill('SIGKILL');
  return (await ended)[1] === 'SIGKILL';
}

/** Paths in the store; what is moved away while one looks is not there. */
function inStore(folder = store): readonly string[] {
  let names: readonly Dirent[] = [];
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return names
    .filter(({ name }) => name !== '.session-log-store')
    .flatMap((one) => (one.isDirectory() ? inStore(join(folder, one.name)) : [join(folder, one.name)]));
}
const logsStored = (): number => inStore().filter((path) => path.endsWith('.md')).length;
/** Another one once a pack was written: that of the day is written again under its name. */
const packsMark = (): string =>
  inStore()
    .filter((path) => /[/\\]text[/\\]/.test(path))
    .map((path) => statSync(path, { throwIfNoEntry: false })?.ino ?? 0)
    .join();

function writeLogs(round: number): void {
  for (let at = 0; at < LOGS; at++)
    writeFileSync(
      join(homeOf('a'), 'session-logs', `2026-06-05-ana-r${round}n${at}.md`),
      `# Gyroscope ${round} ${at}\n\nround${round} ${'It drifts. '.repeat(200)}\n`,
    );
}

async function countOf(machine: string, word: string): Promise<number> {
  const answer = envelopeOf(await done(machine, 'search', word, '--json')).value as SearchAnswer;
  return answer.total.count;
}

afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(async () => {
  for (const machine of ['a', 'b']) {
    mkdirSync(join(homeOf(machine), 'session-logs'), { recursive: true });
    const facts = {
      parts: [{ key: 'hw_uuid' as const, value: `hardware-${machine}` }],
      problems: [],
      hostname: `harbor-${machine}`,
      platform: 'Linux',
      platformVersion: '6.1',
      model: 'test',
    };
    writeFileSync(join(homeOf(machine), 'demo-machine.json'), formatPlayedMachine(facts));
    await done(machine, 'config', 'set', '--create', 'store.url', `file://${store}`);
  }
});

it('a push that is killed anywhere around its packs is made good by the next, and nothing of its text is missing', async () => {
  const steps: readonly ((logs: number, packs: string) => boolean)[] = [
    (logs) => logsStored() > logs,
    (logs) => logsStored() >= logs + LOGS / 2,
    (logs) => logsStored() >= logs + LOGS,
    (_, packs) => packsMark() !== packs,
  ];
  let killed = 0;
  for (const [round, step] of steps.entries()) {
    writeLogs(round);
    const [logs, packs] = [logsStored(), packsMark()];
    killed += (await killWhen('a', ['sync', '--push'], () => step(logs, packs))) ? 1 : 0;
    await done('a', 'sync', '--push');
    await done('a', 'verify', '--deep');
    await done('b', 'sync', '--index');
    expect(await countOf('b', `round${round}`)).toBe(LOGS);
  }
  expect(killed).toBeGreaterThan(0);
});

it('a pull that is killed while texts come in goes on, and has each log once', async () => {
  const state = join(homeOf('c'), 'state');
  mkdirSync(join(homeOf('c'), 'session-logs'), { recursive: true });
  writeFileSync(
    join(homeOf('c'), 'demo-machine.json'),
    formatPlayedMachine({
      parts: [{ key: 'hw_uuid', value: 'hardware-c' }],
      problems: [],
      hostname: 'harbor-c',
      platform: 'Linux',
      platformVersion: '6.1',
      model: 'test',
    }),
  );
  await done('c', 'config', 'set', '--create', 'store.url', `file://${store}`);
  const steps = ['index.db', 'search.db', 'search.db-wal', 'team-texts.json'];
  let killed = 0;
  for (const name of steps)
    killed += (await killWhen('c', ['sync', '--index'], () => existsSync(join(state, name)))) ? 1 : 0;
  expect(killed).toBeGreaterThan(0);
  await done('c', 'sync', '--index');
  const all = readdirSync(join(homeOf('a'), 'session-logs')).length;
  expect(all).toBeGreaterThanOrEqual(LOGS);
  expect(await countOf('c', 'gyroscope')).toBe(all);
  expect(await countOf('c', 'round0')).toBe(LOGS);
});
