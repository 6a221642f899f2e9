import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from './built-cli.ts';

const CLI = builtProgram();
const root = mkdtempSync(join(tmpdir(), 'session-log-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A person with a clone and a data folder of their own. */
interface Person {
  readonly tree: string;
  readonly home: string;
  run(args: readonly string[], input?: string, env?: Record<string, string>): Promise<Ended>;
}

const GIT_ENV = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...GIT_ENV },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

function createPerson(name: string, remote: string | null, user: string, fullName: string): Person {
  const [tree, home] = [join(root, name), join(root, `${name}-home`)];
  if (remote === null) {
    mkdirSync(tree);
    git(tree, 'init', '-q', '-b', 'main');
  } else git(root, 'clone', '-q', remote, tree);
  mkdirSync(join(tree, '.claude'), { recursive: true });
  writeFileSync(
    join(tree, '.claude/identity.json'),
    JSON.stringify({ user, full_name: fullName, email: `${user}@example.com`, machine: hostname() }),
  );
  return {
    tree,
    home,
    run: (args, input = '', env = {}) =>
      runCli(tree, args, input, { SESSION_LOG_HOME: home, LANG: 'C.UTF-8', ...env }),
  };
}

function runCli(
  cwd: string,
  args: readonly string[],
  input: string,
  env: Record<string, string>,
): Promise<Ended> {
  return new Promise((settle) => {
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/SESSION|^LC_|^LANG/.test(key)),
    );
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: { ...clean, ...GIT_ENV, ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.once('close', (code) => settle({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

interface Envelope {
  readonly ok: boolean;
  readonly value?: Record<string, never>;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly details?: Record<string, never>;
  };
}
const envelope = (ended: Ended): Envelope => JSON.parse(ended.out) as Envelope;

let mike: Person;
let howard: Person;
beforeAll(() => {
  const seed = join(root, 'seed');
  mkdirSync(join(seed, '.claude'), { recursive: true });
  writeFileSync(join(seed, '.gitignore'), '.claude/identity.json\n');
  writeFileSync(
    join(seed, '.claude/users.json'),
    JSON.stringify({ mike: { role: 'admin' }, howard: { role: 'tech' } }),
  );
  git(seed, 'init', '-q', '-b', 'main');
  git(seed, 'add', '.');
  git(seed, 'commit', '-q', '-m', 'seed');
  git(root, 'clone', '-q', '--bare', seed, 'remote.git');
  mike = createPerson('mike', join(root, 'remote.git'), 'mike', 'Mike Swanson');
  howard = createPerson('howard', join(root, 'remote.git'), 'howard', 'Howard Enos');
});

describe('session-log save', () => {
  it('takes standard input, saves, and prints one envelope', async () => {
    const ended = await mike.run(
      ['save', '--no-sync', '--topic', 'First words', '--session', 's-1', '--json'],
      'Done.',
    );
    expect(ended).toMatchObject({ code: 0, err: '' });
    const { ok, value } = envelope(ended);
    expect(ok).toBe(true);
    expect(value).toMatchObject({
      save: {
        action: 'created',
        session: 's-1',
        path: expect.stringMatching(/^session-logs\/\d{4}-\d{2}-\d{2}-mike-first-words\.md$/),
      },
      wiki: null,
      sync: null,
    });
  });

  it('knows the session from the environment of the agent', async () => {
    const env = { CLAUDE_CODE_SESSION_ID: 'from-env' };
    const first = await mike.run(['save', '--no-sync', '--topic', 'Env', '--json'], 'One.', env);
    const second = await mike.run(
      ['save', '--no-sync', '--topic', 'Other', '--session', '', '--json'],
      'Two.',
      env,
    );
    expect([envelope(first).value, envelope(second).value]).toMatchObject([
      { save: { action: 'created' } },
      { save: { action: 'appended', session: 'from-env' } },
    ]);
  });

  it('opens the editor, keeps the draft when it fails, and removes it when it is saved', async () => {
    const editor = join(root, 'editor.sh');
    writeFileSync(
      editor,
      '#!/bin/sh\nprintf "# Session Log\\n\\n## Session Summary\\n\\nFrom the editor.\\n" > "$2"\n',
    );
    chmodSync(editor, 0o755);
    const env = { EDITOR: `${editor} --flag` };
    const refused = await mike.run(['save', '--edit', '--no-sync', '--topic', '///'], '', env);
    expect(refused).toMatchObject({ code: 64 });
    const [draft] = readdirSync(join(mike.home, 'unsaved'));
    expect(refused.err).toContain(join(mike.home, 'unsaved', draft!));
    rmSync(join(mike.home, 'unsaved', draft!));
    const saved = await mike.run(['save', '--edit', '--no-sync', '--topic', 'Edited'], '', env);
    expect(saved).toMatchObject({ code: 0 });
    expect(readFileSync(join(mike.tree, /File: (\S+)/.exec(saved.out)![1]!), 'utf8')).toContain(
      'From the editor.',
    );
    expect(readdirSync(join(mike.home, 'unsaved'))).toEqual([]);
    expect(await mike.run(['save', '--edit', '--no-sync'], '', { EDITOR: 'true' })).toMatchObject({
      code: 130,
      err: expect.stringContaining('Nothing was written'),
    });
    expect(await mike.run(['save', '--edit', '--no-sync'], '', { EDITOR: 'exit 3;' })).toMatchObject({
      code: 78,
    });
  });

  it('ends with the exit code of the failure, and shows the text when it could not be kept', async () => {
    expect(await mike.run(['save', '--no-sync'], '')).toMatchObject({
      code: 64,
      err: expect.stringContaining('nothing to save'),
    });
    expect(await mike.run(['save', '--no-sync', '--topic', 'x', '--project', 'nope'], 'words')).toMatchObject(
      { code: 65 },
    );
    expect(await mike.run(['save', '--no-sync', '--wait', 'long'], 'words')).toMatchObject({ code: 64 });
    expect(await mike.run(['save', '--no-sync', '--file', 'gone.md'])).toMatchObject({ code: 65 });
    expect((await mike.run(['save', '--no-sync', '--file', root])).err).toContain('Give a file with --file');
    writeFileSync(join(root, 'huge.md'), new Uint8Array(32 * 1024 * 1024 + 1));
    const huge = await mike.run(['save', '--no-sync', '--topic', 'x', '--file', join(root, 'huge.md')]);
    expect([huge.code, huge.err]).toEqual([64, expect.stringContaining('The text is larger than')]);
    const nowhere = await mike.run(['save', '--no-sync', '--topic', '///'], 'precious words', {
      SESSION_LOG_HOME: '/dev/null/x',
    });
    expect(nowhere.code).not.toBe(0);
    expect(nowhere.err).toContain('precious words');
  });

  it('with four sessions saving at once in processes of their own loses and mixes nothing', async () => {
    const busy = createPerson('busy', null, 'mike', 'Mike Swanson');
    const session = async (s: number): Promise<void> => {
      for (let n = 0; n < 4; n++) {
        const ended = await busy.run(
          ['save', '--no-sync', '--topic', 'Same topic', '--session', `s-${s}`],
          `Words ${s}.${n}.`,
        );
        expect(ended).toMatchObject({ code: 0 });
      }
    };
    await Promise.all([1, 2, 3, 4].map(session));
    const logs = readdirSync(join(busy.tree, 'session-logs')).map((name) =>
      readFileSync(join(busy.tree, 'session-logs', name), 'utf8'),
    );
    const [dailyName] = readdirSync(join(busy.home, 'session-logs'));
    const daily = readFileSync(join(busy.home, 'session-logs', dailyName!), 'utf8');
    expect(logs).toHaveLength(4);
    for (const s of [1, 2, 3, 4]) {
      const own = logs.find((log) => log.includes(`session=s-${s} `))!;
      for (let n = 0; n < 4; n++) {
        expect(logs.filter((log) => log.includes(`Words ${s}.${n}.`))).toEqual([own]);
        expect(daily.split(`Words ${s}.${n}.`)).toHaveLength(2);
      }
    }
  });
});

describe('save and sync', () => {
  it('carries a log and its note from one person to the other, who sees the note first and once', async () => {
    const saved = await mike.run(
      ['save', '--topic', 'Handover'],
      'Moved.\n\n## Note for Howard\n\nPlease check mx2.\n',
    );
    expect(saved).toMatchObject({ code: 0, err: '' });
    expect(saved.out).toMatch(/^Daily log: SESSION-LOG-\S+\.md \(appended\)\n## Post-commit Summary\n/);
    expect(
      saved.out.match(/^File: session-logs\/\S+-mike-handover\.md \(\+\d+ lines, created\)$/gm),
    ).toHaveLength(1);
    expect(git(mike.tree, 'status', '--porcelain', 'session-logs')).not.toContain('handover');
    // The store has the daily log too, and nothing waits any more.
    expect(readdirSync(join(mike.home, 'state')).filter((name) => /^queue.*jsonl$/.test(name))).toEqual([]);
    expect((await mike.run(['list', '--json'])).out).toContain('"backedUp":true');

    const other = await howard.run(['save', '--topic', 'Own work'], 'Mine.');
    expect(other).toMatchObject({ code: 0 });
    const rule = '='.repeat(60);
    expect(other.out.startsWith(`${rule}\nMESSAGE FROM Mike Swanson (`)).toBe(true);
    expect(other.out).toContain(`)\n${rule}\nPlease check mx2.\n${rule}\n`);
    expect((await howard.run(['notes'])).out).toBe('No unread notes for howard.\n');
    const listed = await howard.run(['notes', '--all']);
    expect(listed.out).toMatch(
      /^1 {3}[0-9a-f]{8} {2}\d{4}-\d{2}-\d{2} {2}git {2}Mike Swanson: Please check mx2\.\n$/,
    );
    expect((await howard.run(['notes', 'show', '1', '--json'])).out).toContain('"text":"Please check mx2."');
    expect(await howard.run(['notes', 'done', '1'])).toMatchObject({
      code: 0,
      out: '1 note marked as done.\n',
    });
    const again = await howard.run(['notes', 'done', '1', '1']);
    expect(again).toMatchObject({ code: 0, out: 'Already marked as done.\n' });
    expect((await howard.run(['notes', '--all'])).out).toMatch(/^1 - /);
    expect(await howard.run(['notes', 'show', '7', '--json'])).toMatchObject({ code: 65 });
    expect(JSON.parse(readFileSync(join(howard.home, 'state/receipts.json'), 'utf8'))).toMatchObject([
      { reader: 'howard', state: 'done' },
    ]);
  });

  it('git-sync alone commits what is named, leaves the rest, and brings notes', async () => {
    writeFileSync(join(mike.tree, 'mine.txt'), 'mine\n');
    writeFileSync(join(mike.tree, 'other.txt'), 'of another session\n');
    writeFileSync(
      join(mike.tree, 'session-logs/2026-06-05-mike-by-hand.md'),
      '## Note for all\n\nBy hand.\n',
    );
    const ended = await mike.run(['git-sync', 'mine.txt', 'session-logs/2026-06-05-mike-by-hand.md']);
    expect(ended).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('\nFile: mine.txt (+1 line, created)\n'),
    });
    expect(git(mike.tree, 'status', '--porcelain', '--', '*.txt')).toBe('?? other.txt\n');
    const json = await howard.run(['git-sync', '--json']);
    expect(envelope(json)).toMatchObject({
      ok: true,
      value: { trees: [{ state: 'synced', notes: [{ text: 'By hand.' }] }] },
    });
    const again = await howard.run(['notes']);
    expect(again.out).toContain('MESSAGE FROM mike (2026-06-05)');
    expect(await howard.run(['git-sync'])).toMatchObject({ code: 0, out: 'Nothing to sync.\n' });
    expect(await howard.run(['git-sync', '--all', 'x'])).toMatchObject({ code: 64 });
    rmSync(join(mike.tree, 'other.txt'));
  });

  it('that is deferred says so with 75 and no summary; the log is written', async () => {
    const lock = spawn(process.execPath, [CLI, 'lock', '--', 'sh', '-c', 'echo held; read done'], {
      cwd: mike.tree,
      env: { ...process.env, ...GIT_ENV, SESSION_LOG_HOME: mike.home },
    });
    await new Promise((held) => lock.stdout.once('data', held));
    const [plain, json] = [
      await mike.run(['save', '--topic', 'Late', '--wait', '0'], 'Words.'),
      await mike.run(['save', '--topic', 'Late json', '--wait', '0', '--json'], 'More words.'),
    ];
    lock.stdin.end();
    await new Promise((ended) => lock.once('close', ended));
    expect(plain).toMatchObject({
      code: 75,
      out: expect.stringMatching(
        /^Sync deferred - another sync is running; your session log is written locally/,
      ),
    });
    expect(plain.out).not.toContain('Post-commit');
    expect(json.code).toBe(75);
    expect(envelope(json)).toMatchObject({
      ok: false,
      error: { code: 'lock-held', details: { report: { save: { action: 'created' }, sync: null } } },
    });
  });
});

describe('session-log lint, whoami, hooks, hook', () => {
  it('lint ends with 65 when a log is wrong, and keeps the report', async () => {
    writeFileSync(join(mike.tree, 'session-logs/2026-06-05-session.md'), '# x\n');
    const ended = await mike.run(['lint', 'session-logs/2026-06-05-session.md', '--json']);
    expect(ended.code).toBe(65);
    expect(envelope(ended)).toMatchObject({
      ok: false,
      error: {
        code: 'attention',
        details: { report: { logs: [{ path: 'session-logs/2026-06-05-session.md' }] } },
      },
    });
    rmSync(join(mike.tree, 'session-logs/2026-06-05-session.md'));
  });

  it('whoami prints the block, and a warning with 65 for another host', async () => {
    expect(await mike.run(['whoami'])).toMatchObject({
      code: 0,
      out: `## User\n\n- **User:** Mike Swanson (mike)\n- **Machine:** ${hostname()}\n- **Role:** admin\n`,
    });
    const stale = createPerson('stale', null, 'mike', 'Mike Swanson');
    writeFileSync(
      join(stale.tree, '.claude/identity.json'),
      JSON.stringify({ user: 'mike', full_name: 'Mike Swanson', machine: 'ELSEWHERE' }),
    );
    expect(await stale.run(['whoami'])).toMatchObject({
      code: 65,
      out: expect.stringMatching(/^## User\n[^]*\n\[WARNING\] .*"ELSEWHERE"/),
    });
  });

  it('tools are registered with nobody who was not named, and stay up to date where they are', async () => {
    const folder = join(root, 'claude tools');
    const servers = join(folder, '.claude.json');
    const first = await mike.run(['hooks', 'install', '--folder', folder]);
    expect([first.code, existsSync(servers)]).toEqual([0, false]);
    expect(first.out).toContain('session-log hooks install --mcp claude-code');
    expect(await mike.run(['hooks', 'install', '--folder', folder, '--mcp', 'claude-code'])).toMatchObject({
      code: 0,
    });
    const registered = readFileSync(servers, 'utf8');
    expect(registered).toContain('"mcp"');
    writeFileSync(servers, registered.replace('cli.js', 'old/cli.js'));
    const again = await mike.run(['hooks', 'install', '--folder', folder]);
    expect([again.code, JSON.parse(readFileSync(servers, 'utf8'))]).toEqual([0, JSON.parse(registered)]);
    expect(again.out).not.toContain('--mcp');
    expect(await mike.run(['hooks', 'remove', '--folder', folder])).toMatchObject({ code: 0 });
    expect(readFileSync(servers, 'utf8')).not.toContain('session-log');
  });

  it('hooks are installed with absolute paths that start, and a hook is quick, silent and always 0', async () => {
    const folder = join(root, 'claude config');
    expect(await mike.run(['hooks', 'install', '--folder', folder])).toMatchObject({ code: 0 });
    expect(await mike.run(['hooks', 'status', '--folder', folder])).toMatchObject({
      code: 0,
      out: expect.stringContaining(': installed\n'),
    });
    const settings = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as {
      hooks: Record<string, { hooks: { command: string }[] }[]>;
    };
    const command = settings.hooks['SessionEnd']![0]!.hooks[0]!.command;
    // What a hook asks for would be done a moment later; a pause leaves it in the queue.
    writeFileSync(join(mike.home, 'state/pause.json'), JSON.stringify({ schema: 1, until: null }));
    execFileSync('/bin/sh', ['-c', command], {
      cwd: '/',
      env: { PATH: '/nonexistent', SESSION_LOG_HOME: mike.home },
      input: '{}',
    });
    expect(readFileSync(join(mike.home, 'state/queue.jsonl'), 'utf8')).toContain('"kind":"push"');
    for (const args of [
      ['hook', 'session-start'],
      ['hook', 'nonsense'],
      ['hook', 'session-end'],
    ])
      expect(await mike.run(args, '{"cwd":"/nonexistent"}', { SESSION_LOG_HOME: '/dev/null/x' })).toEqual({
        code: 0,
        out: '',
        err: '',
      });
    expect(await mike.run(['hooks', 'remove', '--folder', folder])).toMatchObject({ code: 0 });
  });
});
