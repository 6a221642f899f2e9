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
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram } from './built-cli.ts';

const CLI = builtProgram();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let root: string;
let home: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'session-log-author-'));
  [home, folder] = [join(root, 'data'), join(root, 'somewhere')];
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs the CLI where git knows `name` (nobody for null), away from any work tree. */
function run(
  args: readonly string[],
  { input = '', name = null, cwd = folder }: { input?: string; name?: string | null; cwd?: string } = {},
): Promise<Ended> {
  const config = join(root, 'gitconfig');
  writeFileSync(config, name === null ? '' : `[user]\n\tname = ${name}\n\temail = mike@example.com\n`);
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/SESSION|^LC_|^LANG|^GIT_/.test(key)),
  );
  return new Promise((settle) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: {
        ...clean,
        SESSION_LOG_HOME: home,
        GIT_CONFIG_GLOBAL: config,
        GIT_CONFIG_NOSYSTEM: '1',
        LANG: 'C.UTF-8',
      },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.once('close', (code) => settle({ code, out, err }));
    child.stdin.end(input);
  });
}

const settings = (): { author?: unknown } =>
  JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')) as { author?: unknown };

describe('session-log whoami --set', () => {
  it('writes who somebody is, says so, and whoami shows it and where it stands', async () => {
    const set = await run(['whoami', '--set', 'Mike Swanson'], { name: 'Mike Swanson' });
    expect(set).toMatchObject({
      code: 0,
      err: '',
      out: `Logs saved here are signed by Mike Swanson (mike) <mike@example.com>.\nWritten to ${join(home, 'settings.json')}.\n`,
    });
    expect(settings().author).toEqual({ name: 'Mike Swanson', user: 'mike', email: 'mike@example.com' });
    expect(await run(['whoami'])).toEqual({
      code: 0,
      out: `## User\n\n- **User:** Mike Swanson (mike)\n- **Machine:** ${hostname()}\n`,
      err: `(from ${join(home, 'settings.json')})\n`,
    });
  });

  it('does not give somebody the address of another person whom git knows', async () => {
    await run(['whoami', '--set', 'Eve Ng', '--user', 'eve'], { name: 'Mike Swanson' });
    expect(settings().author).toEqual({ name: 'Eve Ng', user: 'eve', email: '' });
  });

  it('takes nothing from git unasked: without a terminal and --yes it prints the command and changes nothing', async () => {
    const ended = await run(['whoami', '--set'], { name: 'Mike Swanson' });
    expect(ended).toMatchObject({
      code: 64,
      err: expect.stringContaining(
        'session-log whoami --set "Mike Swanson" --user mike --email mike@example.com',
      ),
    });
    expect(existsSync(home)).toBe(false);
    expect(await run(['whoami', '--set', '--yes'], { name: 'Mike Swanson' })).toMatchObject({ code: 0 });
    expect(settings().author).toMatchObject({ user: 'mike' });
  });

  it.each([
    [['--set', 'Mike\nSwanson']],
    [['--set', 'Mike', '--user', 'a b']],
    [['--set', 'Mike', '--email', 'nowhere']],
    [['--set', '']],
    [['--set', '🎉']],
    [['--set', '--yes']],
  ])('refuses %j and changes nothing', async (words) => {
    expect(await run(['whoami', ...words])).toMatchObject({ code: 64 });
    expect(existsSync(home)).toBe(false);
  });

  it('with --workspace writes the identity.json of that work tree, once', async () => {
    const tree = join(root, 'tree');
    execFileSync('git', ['init', '-q', tree]);
    const set = await run(['whoami', '--set', 'Mike Swanson', '--workspace', tree]);
    expect(set).toMatchObject({ code: 0, out: expect.stringContaining('git does not ignore') });
    expect(JSON.parse(readFileSync(join(tree, '.claude/identity.json'), 'utf8'))).toEqual({
      user: 'mike',
      full_name: 'Mike Swanson',
      machine: hostname(),
    });
    expect(await run(['whoami'], { cwd: tree })).toMatchObject({
      code: 0,
      err: `(from ${join(tree, '.claude/identity.json')})\n`,
    });
    expect(await run(['whoami', '--set', 'Eve Ng', '--workspace', tree])).toMatchObject({ code: 65 });
    expect(existsSync(home)).toBe(false);
  });

  it('with --workspace refuses somebody whom the team does not know', async () => {
    const tree = join(root, 'tree');
    execFileSync('git', ['init', '-q', tree]);
    mkdirSync(join(tree, '.claude'));
    writeFileSync(join(tree, '.claude/users.json'), '{"howard": {}}');
    expect(await run(['whoami', '--set', 'Mike Swanson', '--workspace', tree])).toMatchObject({
      code: 65,
      err: expect.stringContaining('howard'),
    });
    expect(existsSync(join(tree, '.claude/identity.json'))).toBe(false);
  });
});

describe('session-log save away from any work tree', () => {
  it('stops with 78 and the exact command while nobody is named, then saves the text it kept', async () => {
    const refused = await run(['save', '--topic', 'Tax return'], { input: 'Sent it.', name: 'Mike Swanson' });
    expect(refused.code).toBe(78);
    expect(refused.err).toContain('session-log whoami --set "Mike Swanson" --user mike');
    const [kept] = readdirSync(join(home, 'unsaved'));
    await run(['whoami', '--set', 'Mike Swanson']);
    const saved = await run([
      'save',
      '--topic',
      'Tax return',
      '--project',
      'home',
      '--file',
      join(home, 'unsaved', kept!),
    ]);
    expect(saved).toMatchObject({ code: 0, err: '' });
    const file = /^File: (\S+) \(\+\d+ lines, created\)$/m.exec(saved.out)?.[1] ?? '';
    expect(file).toMatch(
      /\/session-logs\/projects\/home\/\d{4}-\d{2}\/\d{4}-\d{2}-\d{2}-mike-tax-return\.md$/,
    );
    expect(readFileSync(file, 'utf8')).toContain('Sent it.');
    expect(readdirSync(join(home, 'unsaved'))).toEqual([]);
    // It is in the store and in the list, under its own name.
    const listed = JSON.parse((await run(['list', '--json', '--project', 'home'])).out) as {
      value: { rows: { user: string; backedUp: boolean }[] };
    };
    expect(listed.value.rows).toMatchObject([{ user: 'mike', backedUp: true }]);
  });

  it('with --edit hears what is wrong before the editor opens', async () => {
    const refused = await run(['save', '--edit', '--topic', 'x']);
    expect(refused).toMatchObject({ code: 78, out: '' });
    expect(existsSync(join(home, 'unsaved'))).toBe(false);
  });
});
