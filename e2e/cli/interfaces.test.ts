import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../main/cli/command-table.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { writeClaudeSession } from '../../main/testing/transcripts/write-claude-code.ts';
import { writeSessions } from '../../main/testing/transcripts/written-session.ts';
import { ERROR_CODES, EXIT, appError, exitCodeOf } from '../../shared/app-error.ts';
import { builtProgram, envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';
import { checkValue, FAILURE, VALUES } from './envelopes.ts';
import { fakeCron } from './fake-cron.ts';

/** docs/interfaces.md is held against the program: its lists of commands, codes and exit codes, and what each command really prints. */
const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/interfaces.md'), 'utf8');
const root = mkdtempSync(join(tmpdir(), 'session-log-interfaces-'));
const home = join(root, 'team', 'machines', 'jonas-studio');
const workspace = join(root, 'workspace');
const env = { SESSION_LOG_HOME: home, HOME: join(root, 'home'), PATH: fakeCron(join(root, 'bin')) };
const run = (args: readonly string[], input = ''): Promise<Ended> =>
  runBuilt('cli.js', args, { cwd: workspace, env, input });

/** The first cells of the table rows under a heading, without their backquotes. */
function column(heading: string): readonly string[] {
  const [, after = ''] = PAGE.split(`## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell);
}

beforeAll(async () => {
  mkdirSync(join(root, 'home'));
  mkdirSync(workspace);
  git(root, 'init', '-q', '--bare', '-b', 'main', join(root, 'remote.git'));
  git(workspace, 'init', '-q', '-b', 'main');
  mkdirSync(join(workspace, '.claude'));
  mkdirSync(join(workspace, 'session-logs'));
  const author = {
    user: 'jonas',
    full_name: 'Jonas Weber',
    email: 'jonas@example.com',
    machine: 'jonas-studio',
  };
  writeFileSync(join(workspace, '.claude', 'identity.json'), JSON.stringify(author));
  writeFileSync(join(workspace, '.gitignore'), '.claude\n');
  git(workspace, 'add', '.gitignore');
  git(workspace, 'commit', '-q', '-m', 'seed');
  git(workspace, 'remote', 'add', 'origin', join(root, 'remote.git'));
  git(workspace, 'push', '-q', '-u', 'origin', 'main');
  writeFileSync(join(workspace, 'session-logs', '2026-06-06-jonas-t.md'), '# T\n');
  const demo = await runBuilt('cli.js', ['demo', '--home', join(root, 'team'), '--json'], { env });
  checkValue('demo', envelopeOf(demo).value);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the page of interfaces', () => {
  it('lists every command that takes --json, and no other', async () => {
    // The manual page has the options of every command, from one run of the program.
    const commands = (await run(['man'])).out
      .replaceAll('\\-', '-')
      .split('\n.SS "')
      .slice(1)
      .map((part) => ({ name: /^[a-z -]+/.exec(part)?.[0] ?? '', part }));
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(COMMANDS.map(({ names }) => names[0])),
    );
    const found = commands.filter(({ part }) => part.includes('\n.B --json\n')).map(({ name }) => name);
    expect([...column('Commands')].sort()).toEqual(found.sort());
    expect(Object.keys(VALUES).sort()).toEqual(found.sort());
  });

  it('lists every error code with its exit code', () => {
    const rows = [...PAGE.matchAll(/^\| (\d+) \| ([^|]*) \|/gm)].flatMap(([, exit, codes = '']) =>
      [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => `${code} ${exit}`),
    );
    const real = ERROR_CODES.map((code) => `${code} ${exitCodeOf(appError(code, '', ''))}`);
    expect(rows.sort()).toEqual(real.sort());
    for (const exit of Object.values(EXIT)) expect(PAGE).toContain(`| ${exit} |`);
  });
});

describe('the envelope', () => {
  const LOG = 'session-logs/2026-06-06-jonas-t.md';
  it.each([
    ['status', []],
    ['status', ['--check']],
    ['list', ['--limit', '3']],
    ['search', ['bundle', '--limit', '3']],
    ['pending', ['--all']],
    ['since', ['--mark']],
    ['show', ['ledger', 'retries']],
    ['machines', []],
    ['sync', ['--index']],
    ['sync', ['--pull', '--all', '--dry-run']],
    ['sync', ['--push']],
    ['sync', ['--full']],
    ['git-sync', [LOG]],
    ['secrets scan', []],
    ['secrets list', []],
    ['secrets share', []],
    ['secrets withhold', [LOG]],
    ['secrets clean', []],
    ['forget', []],
    ['notes', []],
    ['lint', ['.']],
    ['whoami', []],
    ['hooks install', ['--dry-run']],
    ['hooks status', []],
    ['hooks remove', ['--dry-run']],
    ['hooks plugin', [join(root, 'plugin')]],
    ['schedule install', ['--dry-run']],
    ['schedule status', []],
    ['schedule remove', []],
    ['restore', ['--all', '--dry-run']],
    ['verify', []],
    ['doctor', []],
    ['init', []],
    ['machine', []],
    ['config list', []],
    ['config get', ['app.theme']],
    ['config set', ['app.theme', 'dark']],
    ['config path', []],
    ['migrate', ['.']],
    ['lock status', []],
    ['setup', ['--name', 'Jonas Weber', '--user', 'jonas', '--email', 'jonas@example.com']],
    ['uninstall', ['--dry-run']],
  ] as const)('of `%s %s` has what the page promises', async (command, args) => {
    const ended = await run([...command.split(' '), ...args, '--json']);
    const envelope = envelopeOf(ended);
    // What lint finds is a failure whose details hold the report.
    if (envelope.ok) checkValue(command, envelope.value);
    else {
      v.parse(FAILURE, envelope);
      expect(`${command}: ${envelope.error?.message}`).toMatch(/^lint: /);
      checkValue(command, envelope.error?.details?.['report']);
    }
  });

  it('of `save` has what the page promises', async () => {
    const ended = await run(
      ['save', '--topic', 'interfaces', '--no-sync', '--json'],
      '## Session Summary\n\nDone.\n',
    );
    checkValue('save', envelopeOf(ended).value);
  });

  it('of `notes show` and `notes done` has what the page promises', async () => {
    const { notes } = envelopeOf(await run(['notes', '--all', '--json'])).value as {
      readonly notes: readonly { readonly hash: string }[];
    };
    const hash = notes[0]?.hash ?? '';
    for (const command of ['notes show', 'notes done'])
      checkValue(command, envelopeOf(await run([...command.split(' '), hash, '--json'])).value);
  });

  it('of `pending done` and `pending undo` has what the page promises', async () => {
    const { threads } = envelopeOf(await run(['pending', '--json'])).value as {
      readonly threads: readonly { readonly tasks: readonly { readonly id: string }[] }[];
    };
    const id = threads[0]?.tasks[0]?.id ?? '';
    for (const command of ['pending done', 'pending undo'])
      checkValue(command, envelopeOf(await run([...command.split(' '), id, '--json'])).value);
  });

  it('of every command around a sealed store has what the page promises', async () => {
    const other = join(root, 'team', 'machines', 'mara-mbp');
    const on = async (where: string, command: string, args: readonly string[] = [], input = '') => {
      const words = [...command.split(' '), ...args, '--json'];
      const ended = await runBuilt('cli.js', words, {
        cwd: workspace,
        env: { ...env, SESSION_LOG_HOME: where },
        input,
      });
      const { value, error } = envelopeOf(ended);
      expect(error).toBeUndefined();
      checkValue(command, value);
      return value as Record<string, never>;
    };
    await on(home, 'store policy', ['--bucket', 'gs://a-bucket/logs']);
    await on(home, 'invite');
    const { recovery } = await on(home, 'store seal');
    const { words } = await on(other, 'machines join');
    const { key } = await on(other, 'secrets share');
    for (const command of ['secrets share', 'secrets unshare'] as const)
      expect(await on(home, command, [String(key)])).toMatchObject({
        with: command === 'secrets share' ? [key] : [],
      });
    const { requests } = await on(home, 'machines requests');
    expect(requests).toMatchObject([{ name: 'mara-mbp', words }]);
    await on(home, 'machines admit', [
      'mara-mbp',
      '--words',
      (words as unknown as readonly string[]).join(' '),
    ]);
    await on(other, 'store seal');
    await on(home, 'audit');
    await on(home, 'drill', ['--count', '3']);
    await on(home, 'machines remove', ['mara-mbp']);
    expect(await on(home, 'store unseal', ['--yes'])).toMatchObject({ waiting: 0, former: ['mara-mbp'] });
    await on(other, 'recover', [], recovery);
  });

  it('of `sessions` and what is below it has what the page promises', async () => {
    const session = writeClaudeSession(createSeededRandom(7), '2.1.284');
    // A machine of the demo has agents of its own.
    const agents = join(home, 'agents', '.claude');
    writeSessions(agents, [session]);
    const value = async (command: string, ...args: string[]): Promise<unknown> => {
      const ended = await run([...command.split(' '), ...args, '--json']);
      const found = envelopeOf(ended).value;
      checkValue(command, found);
      return found;
    };
    const { rows } = (await value('sessions')) as { readonly rows: readonly { readonly id: string }[] };
    expect(rows.find(({ id }) => id === session.id)).toMatchObject({ copy: 'none' });
    expect(await value('sessions capture', session.id)).toMatchObject({ rescued: 1, failedTotal: 0 });
    expect(await value('sessions show', session.id)).toMatchObject({ from: 'agent' });
    rmSync(join(agents, session.main));
    const { files } = (await value('sessions restore', session.id)) as {
      readonly files: readonly { readonly action: string }[];
    };
    expect(files.map(({ action }) => action).sort()).toEqual(['restored', 'there']);
  });

  it('of `browse` comes in one line while it serves', async () => {
    const child = spawn(process.execPath, [builtProgram(), 'browse', '--no-open', '--json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const line = await new Promise<string>((settle) => {
      createInterface({ input: child.stdout }).once('line', settle);
    });
    child.kill('SIGINT');
    checkValue('browse', (JSON.parse(line) as { readonly value: unknown }).value);
  });

  it.each([
    ['an option that does not exist', ['status', '--nonsense', '--json'], 'usage', 64],
    ['a log that does not exist', ['show', 'nothing-like-this', '--json'], 'not-found', 65],
    ['an ambiguous word', ['show', 'the', '--json'], 'ambiguous', 65],
  ] as const)('of a failure tells code, sentence and remedy: %s', async (_, args, code, exit) => {
    const ended = await run(args);
    expect(v.parse(FAILURE, envelopeOf(ended)).error.code).toBe(code);
    expect(ended.code).toBe(exit);
  });
});
