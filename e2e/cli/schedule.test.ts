import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';
import { fakeCron } from './fake-cron.ts';

const OTHERS = 'MAILTO=ops@example.com\n*/5 * * * *\t/opt/ops/bin/check "a\\%b"\n';

let root: string;
let home: string;
let store: string;
let bin: string;
let path: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'schedule-cli-'));
  [home, store, bin] = [join(root, 'home'), join(root, 'store'), join(root, 'bin')];
  for (const folder of [join(home, 'session-logs'), store]) mkdirSync(folder, { recursive: true });
  path = fakeCron(bin);
  writeFileSync(join(bin, 'table'), OTHERS);
  await cli('config', 'set', 'store.tenant', 'team');
  await cli('config', 'set', 'store.url', pathToFileURL(store).href);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function cli(...args: string[]): Promise<Ended> {
  return runBuilt('cli.js', args, { cwd: root, env: { SESSION_LOG_HOME: home, PATH: path } });
}

const table = (): string => readFileSync(join(bin, 'table'), 'utf8');

/** Runs a line of the table as cron does: `sh -c`, no environment to speak of, from the user's home. */
function runLine(task: string): void {
  const line =
    table()
      .split('\n')
      .find((one) => one.includes(` run ${task} `) && !one.startsWith('#')) ?? '';
  const command = line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');
  execFileSync('/bin/sh', ['-c', command], { cwd: '/', env: { HOME: root, PATH: '/usr/bin:/bin' } });
}

describe('session-log schedule', () => {
  it('writes lines that cron can run and that do what they say, and takes them back', async () => {
    const dry = await cli('schedule', 'install', '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('schedule run push') });
    expect(table()).toBe(OTHERS);
    expect(await cli('schedule', 'install')).toMatchObject({ code: 0, err: '' });
    expect(table().startsWith(OTHERS)).toBe(true);
    const status = envelopeOf(await cli('schedule', 'status', '--json')).value;
    expect(status).toMatchObject({
      kind: 'cron',
      timers: [{ task: 'push' }, { task: 'full' }, { task: 'index' }],
    });
    writeFileSync(join(home, 'session-logs', '2026-01-06-hal-timer.md'), '# Timer\n');
    runLine('push');
    expect(
      readdirSync(store, { recursive: true }).some((path) =>
        String(path).endsWith('2026-01-06-hal-timer.md'),
      ),
    ).toBe(true);
    runLine('index');
    runLine('full');
    expect(envelopeOf(await cli('status', '--json')).value).toMatchObject({
      local: { unsynced: 0 },
      queued: 0,
    });
    expect((await cli('schedule', 'install')).out).toContain('Nothing to change');
    expect(await cli('schedule', 'remove')).toMatchObject({ code: 0 });
    expect(table()).toBe(OTHERS);
  });

  it('syncs registered workspaces as git.schedule says for each', async () => {
    git(root, 'init', '-q', '--bare', '-b', 'main', 'remote.git');
    const names = ['logs', 'notes', 'off'] as const;
    const trees = Object.fromEntries(names.map((name) => [name, join(root, name)])) as Record<
      (typeof names)[number],
      string
    >;
    git(root, 'clone', '-q', 'remote.git', 'logs');
    writeFileSync(join(trees.logs, '.gitignore'), '.claude/identity.json\n');
    git(trees.logs, 'add', '.');
    git(trees.logs, 'commit', '-q', '-m', 'Begin');
    git(trees.logs, 'push', '-q', '-u', 'origin', 'HEAD:main');
    for (const name of ['notes', 'off']) git(root, 'clone', '-q', '-b', 'main', 'remote.git', name);
    const identity = { user: 'hal', full_name: 'Hal Casteel', email: 'h@example.com', machine: hostname() };
    const today = new Date().toISOString().slice(0, 10);
    const log = `session-logs/${today}-hal-topic.md`;
    for (const tree of Object.values(trees)) {
      mkdirSync(join(tree, '.claude'), { recursive: true });
      writeFileSync(join(tree, '.claude', 'identity.json'), JSON.stringify(identity));
    }
    await cli('config', 'set', 'git.workspaces', Object.values(trees).join(','));
    const schedule = {
      [trees.notes]: { mode: 'notes', minutes: 15 },
      [trees.off]: { mode: 'off', minutes: 15 },
    };
    expect((await cli('config', 'set', 'git.schedule', JSON.stringify(schedule))).code).toBe(0);
    for (const bad of [
      '{"relative":{"mode":"logs","minutes":15}}',
      `{"${trees.logs}":{"mode":"logs","minutes":7}}`,
    ])
      expect(await cli('config', 'set', 'git.schedule', bad)).toMatchObject({ code: 64 });
    await cli('schedule', 'install');
    expect(table()).toMatch(/^\d+,\d+,\d+,\d+ \* \* \* \* .* run git /m);

    const mark = `<!-- session-log: session=s1 saved=${today}T09:00+00:00 text=0123456789abcdef -->`;
    const text = `# Topic\n${mark}\n\n## Note for hal\n\nThe build is red.\n`;
    for (const tree of [trees.logs, trees.off]) {
      mkdirSync(join(tree, 'session-logs'), { recursive: true });
      writeFileSync(join(tree, log), text);
    }
    expect(await cli('schedule', 'run', 'git')).toEqual({ code: 0, out: '', err: '' });
    // Committed and pushed; fetched aside with its note; left alone.
    expect(git(root, '--git-dir', 'remote.git', 'ls-tree', '-r', '--name-only', 'main')).toContain(log);
    expect(git(trees.notes, 'status', '--porcelain', '--branch')).toBe('## main...origin/main\n');
    expect(existsSync(join(trees.notes, log))).toBe(false);
    expect(git(trees.off, 'status', '--porcelain')).toContain('?? session-logs/');
    expect(envelopeOf(await cli('notes', '--json')).value).toMatchObject({
      notes: [{ text: expect.stringContaining('The build is red.') }],
    });
  });

  it('does nothing while a person has paused, and is silent', async () => {
    await cli('schedule', 'install');
    writeFileSync(join(home, 'session-logs', '2026-01-06-hal-paused.md'), '# Paused\n');
    writeFileSync(join(home, 'state', 'pause.json'), JSON.stringify({ schema: 1, until: null }));
    for (const task of ['push', 'full', 'index', 'git'])
      expect(await cli('schedule', 'run', task)).toEqual({ code: 0, out: '', err: '' });
    expect(readdirSync(store, { recursive: true }).some((path) => String(path).includes('hal-paused'))).toBe(
      false,
    );
  });

  it('says what needs a person, passes over what does not, and doctor notices a launcher that is gone', async () => {
    await cli('schedule', 'install');
    rmSync(store, { recursive: true });
    expect((await cli('schedule', 'run', 'push')).code).toBe(0);
    writeFileSync(join(bin, 'table'), table().replaceAll('/cli.js', '/gone/cli.js'));
    const doctor = await cli('doctor');
    expect(doctor.out).toContain('which no longer exists');
    expect((await cli('schedule', 'status')).code).toBe(65);
    expect((await cli('schedule', 'run', 'nonsense')).code).toBe(64);
    expect(existsSync(join(home, 'state'))).toBe(true);
  });
});
