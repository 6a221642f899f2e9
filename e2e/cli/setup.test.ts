import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { claudeWriter } from '../../main/testing/transcripts/write-claude-code.ts';
import { builtProgram } from './built-cli.ts';

const CLI = builtProgram();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Report {
  readonly steps: readonly { readonly step: string; readonly action: string; readonly undo: string | null }[];
  readonly next: readonly string[];
}

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'session-log-setup-'));
  writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Mike Swanson\n\temail = mike@example.com\n');
  mkdirSync(join(home, '.claude'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Runs a command in a home of its own, with nobody at the terminal. */
function run(...args: readonly string[]): Promise<Ended> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/SESSION|CLAUDE|^LC_|^LANG|^GIT_/.test(key)),
  );
  return new Promise((settle) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: home,
      env: {
        ...clean,
        HOME: home,
        USERPROFILE: home,
        GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
        GIT_CONFIG_NOSYSTEM: '1',
        LANG: 'C.UTF-8',
      },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.once('close', (code) => settle({ code, out, err }));
    child.stdin.end();
  });
}

const reportOf = (ended: Ended): Report => (JSON.parse(ended.out) as { value: Report }).value;
const actions = (ended: Ended): Record<string, string> =>
  Object.fromEntries(reportOf(ended).steps.map(({ step, action }) => [step, action]));

describe('session-log setup without anybody at the terminal', () => {
  it('says what it would ask, and changes nothing', async () => {
    expect(await run('setup')).toMatchObject({
      code: 64,
      out: '',
      err: expect.stringContaining('session-log setup --yes'),
    });
    expect(await run('setup', '--json')).toMatchObject({ code: 64, err: '' });
    expect(await run('setup', '--agent', 'vim')).toMatchObject({ code: 64 });
    expect(existsSync(join(home, '.coditect-data'))).toBe(false);
  });

  it('takes the invitation of a colleague, and nothing else that looks like one', async () => {
    mkdirSync(join(home, 'share'));
    const store = encodeURIComponent(`file://${join(home, 'share')}`);
    const link = `session-log://join?store=${store}&tenant=harbor`;
    const done = await run('setup', link, '--no-push', '--json');
    expect(done).toMatchObject({ code: 0, err: '' });
    const settings = JSON.parse(readFileSync(join(home, '.coditect-data/settings.json'), 'utf8')) as object;
    expect(settings).toMatchObject({ store: { url: `file://${join(home, 'share')}`, tenant: 'harbor' } });
    expect(await run('setup', 'gs://team-logs')).toMatchObject({ code: 64 });
    expect(await run('setup', link, '--tenant', 'other')).toMatchObject({ code: 64 });
    expect(await run('invite')).toMatchObject({ code: 0, out: expect.stringContaining(link) });
  });

  it('sets up what the options say, says how to undo each part, and may be repeated', async () => {
    const tree = join(home, 'code/harbor');
    mkdirSync(join(tree, 'session-logs'), { recursive: true });
    writeFileSync(join(tree, 'session-logs/2026-06-05-mike-dns.md'), '# DNS\n');
    execFileSync('git', ['init', '-q', tree]);
    mkdirSync(join(home, 'share'));
    const flags = `--store ${join(home, 'share')} --agent claude-code --workspace ${tree} --json`;
    const words = ['setup', '--tenant', 'Acme Team', '--name', 'Eve Ng', ...flags.split(' ')];
    const first = await run(...words);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(actions(first)).toEqual({
      store: 'changed',
      author: 'changed',
      agent: 'changed',
      workspaces: 'changed',
      sessions: 'skipped',
      push: 'changed',
    });
    const changed = reportOf(first).steps.filter(
      ({ step, action }) => action === 'changed' && step !== 'push',
    );
    expect(changed.map(({ undo }) => undo)).toEqual([
      'session-log setup --no-push --store - --tenant default',
      'session-log config set author.name ""',
      'session-log hooks remove',
      'session-log config set git.workspaces ""',
    ]);
    expect(reportOf(first).next[0]).toContain('/save');
    expect(reportOf(first).next.join('\n')).toContain('session-log store seal');
    expect(JSON.parse(readFileSync(join(home, '.coditect-data/settings.json'), 'utf8'))).toMatchObject({
      store: { url: expect.stringContaining('/share'), tenant: 'acme-team' },
      author: { name: 'Eve Ng', user: 'eve', email: '' },
      git: { workspaces: [tree] },
      app: { firstRunDone: true },
    });
    expect(existsSync(join(home, '.claude/commands/sync.md'))).toBe(true);
    expect(actions(await run(...words))).toMatchObject({
      store: 'unchanged',
      author: 'unchanged',
      agent: 'unchanged',
      workspaces: 'unchanged',
    });
  });

  it('with --yes takes what git knows and connects the agents found, and no store', async () => {
    const ended = await run('setup', '--yes', '--json');
    expect(ended).toMatchObject({ code: 0 });
    expect(actions(ended)).toMatchObject({ store: 'unchanged', author: 'changed', agent: 'changed' });
    expect((await run('whoami')).out).toContain('Mike Swanson (mike)');
  });

  it('copies logs that no workspace lists when it is told to, names them else, and leaves git alone', async () => {
    const tree = join(home, 'code/dunes');
    mkdirSync(join(tree, 'docs/session-logs'), { recursive: true });
    writeFileSync(join(tree, 'docs/session-logs/2026-01-05-mike-tides.md'), '# Tide tables\n');
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', tree, '-c', 'user.name=M', '-c', 'user.email=m@example.com', ...args], {
        encoding: 'utf8',
      });
    execFileSync('git', ['init', '-q', tree]);
    git('add', '.');
    git('commit', '-q', '-m', 'logs');
    const copy = join(home, '.coditect-data/session-logs/2026-01-05-mike-tides.md');
    expect((await run('setup', '--yes', '--no-push')).out).toContain(`--copy-logs ${tree}`);
    expect((await run('setup', '--copy-logs', tree, '--no-push')).out).toContain(
      'name no machine and were left',
    );
    expect(existsSync(copy)).toBe(false);
    const copied = await run('setup', '--copy-logs', tree, '--yes', '--no-push', '--json');
    expect(reportOf(copied).steps.find(({ step }) => step === 'workspaces')).toMatchObject({
      action: 'changed',
      undo: `session-log migrate "${tree}" --undo`,
    });
    expect(readFileSync(copy, 'utf8')).toBe('# Tide tables\n');
    expect(await run('migrate', tree, '--undo')).toMatchObject({ code: 0 });
    expect(existsSync(copy)).toBe(false);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('names agent sessions, and keeps them and every new one when it is told to', async () => {
    const writer = claudeWriter(createSeededRandom(1), '2.1.284', { cwd: '/home/ada/harbour' });
    writer.prompt('Fix the lookup of internal names.');
    writer.command('npm test', 'ok');
    writer.reply('The lookup works.');
    const transcript = join(home, `.claude/projects/-home-ada-harbour/${writer.session}.jsonl`);
    mkdirSync(dirname(transcript), { recursive: true });
    writeFileSync(transcript, writer.text());
    const logs = join(home, '.coditect-data/session-logs/captured');
    const told = await run('setup', '--yes', '--no-push');
    expect(told.out).toContain('Found 1 session of Claude Code on this machine.');
    expect(told.out).toContain('session-log setup --capture');
    expect(existsSync(logs)).toBe(false);
    expect((await run('status')).out).toMatch(
      /\nSessions +1 session of agents: 0 logs, 0 kept here; the next is deleted in \d+ days\n.*session-log config set capture\.mode on\n/,
    );
    const kept = await run('setup', '--yes', '--capture', '--no-push', '--json');
    expect(reportOf(kept).steps.find(({ step }) => step === 'sessions')).toMatchObject({
      action: 'changed',
      undo: 'session-log config set capture.mode off',
    });
    expect(readdirSync(logs, { recursive: true }).join(' ')).toContain('fix-the-lookup-of-internal-names.md');
    expect((await run('show', writer.session.slice(0, 8))).out).toContain('npm test');
    expect((await run('list', '--captured')).out).toContain('Claude Code');
    expect((await run('list', '--no-captured')).out).not.toContain('lookup');
    expect((await run('config', 'get', 'capture.mode')).out.trim()).toBe('on');
    expect((await run('status')).out).toMatch(/\nSessions +1 session of agents: 1 log, 1 kept here;/);
    expect(actions(await run('setup', '--yes', '--no-push', '--json'))).toMatchObject({
      sessions: 'unchanged',
    });
    expect(actions(await run('setup', '--no-capture', '--no-push', '--json'))).toMatchObject({
      sessions: 'skipped',
    });
  });

  it('finds the sessions of a further account in the folders of capture.roots', async () => {
    const writer = claudeWriter(createSeededRandom(2), '2.1.284');
    writer.prompt('Move the build to the new runner.');
    const other = join(home, 'claude-work');
    mkdirSync(join(other, 'projects/-x'), { recursive: true });
    writeFileSync(join(other, 'projects/-x', `${writer.session}.jsonl`), writer.text());
    const listed = async (): Promise<string> => (await run('sessions')).out;
    expect(await listed()).toContain('No session of an agent was found');
    expect(await run('config', 'set', 'capture.roots', other)).toMatchObject({ code: 0 });
    expect(await listed()).toContain('Move the build to the new runner.');
  });

  it('goes on after a step that fails, and ends with its exit code', async () => {
    const ended = await run('setup', '--store', join(home, 'not-mounted'), '--name', 'Eve Ng', '--json');
    expect(ended.code).not.toBe(0);
    const { error } = JSON.parse(ended.out) as { error: { details: { report: Report } } };
    expect(error.details.report.steps).toMatchObject([
      { action: 'failed' },
      { action: 'changed' },
      {},
      {},
      {},
      {},
    ]);
    expect(existsSync(join(home, 'not-mounted'))).toBe(false);
    expect((await run('whoami')).out).toContain('Eve Ng (eve)');
  });

  it('leaves an agent alone that is not there, or was not wanted', async () => {
    expect(actions(await run('setup', '--agent', 'none', '--name', 'Eve Ng', '--json'))['agent']).toBe(
      'skipped',
    );
    rmSync(join(home, '.claude'), { recursive: true });
    expect(actions(await run('setup', '--yes', '--json'))['agent']).toBe('skipped');
    expect(existsSync(join(home, '.claude'))).toBe(false);
  });
});
