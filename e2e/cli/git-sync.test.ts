import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-git-sync-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A person with a clone and a data folder of their own. */
interface Person {
  readonly tree: string;
  readonly home: string;
  run(...args: string[]): Promise<Ended>;
  save(topic: string, text: string): Promise<Ended>;
}

function person(name: string, fullName: string): Person {
  const [tree, home] = [join(root, name), join(root, `${name}-home`)];
  git(root, 'clone', '-q', 'remote.git', tree);
  mkdirSync(join(tree, '.claude'), { recursive: true });
  writeFileSync(
    join(tree, '.claude/identity.json'),
    JSON.stringify({ user: name, full_name: fullName, email: `${name}@example.com`, machine: hostname() }),
  );
  const env = { SESSION_LOG_HOME: home };
  return {
    tree,
    home,
    run: (...args) => runBuilt('cli.js', args, { cwd: tree, env }),
    save: (topic, text) =>
      runBuilt('cli.js', ['save', '--no-sync', '--topic', topic], { cwd: tree, env, input: text }),
  };
}

let mike: Person;
let howard: Person;

beforeAll(() => {
  const seed = join(root, 'seed');
  mkdirSync(seed);
  git(seed, 'init', '-q', '-b', 'main');
  writeFileSync(join(seed, '.gitignore'), '.claude/identity.json\n');
  writeFileSync(join(seed, 'shared.txt'), 'one\n');
  git(seed, 'add', '.');
  git(seed, 'commit', '-q', '-m', 'seed');
  git(root, 'clone', '-q', '--bare', 'seed', 'remote.git');
  mike = person('mike', 'Mike Swanson');
  howard = person('howard', 'Howard Enos');
});

const onRemote = (): readonly string[] =>
  git(join(root, 'remote.git'), 'ls-tree', '-r', '--name-only', 'main').trim().split('\n');

/** Runs `work` while a process of its own holds the lock of a tree. */
async function whileHeld<T>(tree: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn(process.execPath, [builtProgram(), 'lock', '--', 'sh', '-c', 'echo held; read end'], {
    cwd: tree,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((held) => holder.stdout.once('data', held));
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await new Promise((ended) => holder.once('close', ended));
  }
}

describe('session-log git-sync', () => {
  it('commits the logs that saves wrote and nothing else, and prints the receipt', async () => {
    expect(await mike.save('Vault work', '# Work\n\n## Note for Howard\n\nThe key moved.\n')).toMatchObject({
      code: 0,
    });
    writeFileSync(join(mike.tree, 'shared.txt'), 'half an edit\n');
    writeFileSync(join(mike.tree, 'session-logs/2026-06-05-mike-by-hand.md'), '# Not finished\n');
    const ended = await mike.run('git-sync');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(
      /^## Post-commit Summary\nCommit: [0-9a-f]{10} sync: .+\nAuthor: Mike Swanson <mike@example\.com>\nPush: [0-9a-f]{10}\.\.[0-9a-f]{10} main -> main \(origin\)\nFile: session-logs\/\S+-mike-vault-work\.md \(\+\d+ lines, created\)\n/,
    );
    expect(ended.out).toContain(
      'Not committed, of another session: session-logs/2026-06-05-mike-by-hand.md\n',
    );
    expect(git(mike.tree, 'status', '--porcelain')).toBe(
      ' M shared.txt\n?? session-logs/2026-06-05-mike-by-hand.md\n',
    );
    const body = git(mike.tree, 'log', '-1', '--format=%B');
    for (const line of ['Author: ', `Machine: ${hostname()}`, 'Timestamp: ']) expect(body).toContain(line);
  });

  it('shows the colleague the note first, with the banner, once', async () => {
    const ended = await howard.run('git-sync');
    expect(ended.code).toBe(0);
    const bar = '='.repeat(60);
    expect(ended.out.startsWith(`${bar}\n`)).toBe(true);
    expect(ended.out).toMatch(/MESSAGE FROM Mike Swanson \(\d{4}-\d{2}-\d{2}\)/);
    expect(ended.out.indexOf('The key moved.')).toBeLessThan(ended.out.indexOf('Up to date with'));
    expect(await howard.run('git-sync')).toMatchObject({ code: 0, out: 'Nothing to sync.\n', err: '' });
    expect(await mike.run('git-sync')).toMatchObject({ code: 0, err: '' });
  });

  it('makes the logs found from any folder, without the workspace being registered', async () => {
    for (const { home } of [mike, howard]) {
      const anywhere = { cwd: root, env: { SESSION_LOG_HOME: home } };
      const { value } = envelopeOf(await runBuilt('cli.js', ['list', '--json'], anywhere));
      expect(value).toMatchObject({
        rows: expect.arrayContaining([expect.objectContaining({ place: 'workspace' })]),
      });
    }
  });

  it('is deferred by a held lock: 75, the one sentence with the owner, and nothing committed', async () => {
    await howard.save('Late', 'Words.');
    const before = git(howard.tree, 'rev-parse', 'HEAD');
    const [plain, json] = await whileHeld(howard.tree, async () => [
      await howard.run('git-sync', '--wait', '0'),
      await howard.run('git-sync', '--wait', '0', '--json'),
    ]);
    expect(plain.code).toBe(75);
    expect(plain.out).toMatch(/^Sync deferred - another sync is running; [^\n]+\n$/);
    expect(plain.out).toContain(userInfo().username);
    expect(json.code).toBe(75);
    expect(envelopeOf(json)).toMatchObject({
      ok: false,
      error: { code: 'lock-held', details: { report: { trees: [{ state: 'deferred', commit: null }] } } },
    });
    expect(git(howard.tree, 'rev-parse', 'HEAD')).toBe(before);
    // And later it happens, by itself.
    expect(await howard.run('git-sync')).toMatchObject({
      code: 0,
      out: expect.stringContaining('-howard-late.md'),
    });
    expect(onRemote().some((path) => path.endsWith('-howard-late.md'))).toBe(true);
  });

  it('ends at Ctrl+C while it waits, with 130 and nothing changed', async () => {
    const before = git(mike.tree, 'rev-parse', 'HEAD');
    await whileHeld(mike.tree, async () => {
      const child = spawn(process.execPath, [builtProgram(), 'git-sync', '--wait', '60'], {
        cwd: mike.tree,
        env: { ...process.env, SESSION_LOG_HOME: mike.home },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (part: Buffer) => (out += part.toString()));
      child.stderr.on('data', (part: Buffer) => {
        if (!err.includes('Waiting') && part.includes('Waiting')) child.kill('SIGINT');
        err += part.toString();
      });
      const code = await new Promise((ended) => child.once('close', ended));
      expect({ code, out }).toEqual({ code: 130, out: '' });
      expect(err).toMatch(/^Waiting for the sync of \S+ on \S+ \(process \d+\)\.\n/);
    });
    expect(git(mike.tree, 'rev-parse', 'HEAD')).toBe(before);
  });

  it('commits what is named, by argument or --own, and sweeps only when told', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(mike.tree, name), 'x\n');
    expect(await mike.run('git-sync', 'a.txt', '--own', 'b.txt')).toMatchObject({ code: 0 });
    expect(onRemote()).toEqual(expect.arrayContaining(['a.txt', 'b.txt']));
    expect(onRemote()).not.toContain('c.txt');
    expect(await mike.run('git-sync', '--all')).toMatchObject({ code: 0 });
    expect(git(mike.tree, 'status', '--porcelain')).toBe('');
    expect(onRemote()).toContain('c.txt');
  });

  it('syncs a vault, and every registered work tree with what each came to', async () => {
    git(root, 'init', '-q', '--bare', '-b', 'main', 'vault.git');
    git(root, 'clone', '-q', 'vault.git', 'vault');
    git(join(root, 'vault'), 'commit', '-q', '--allow-empty', '-m', 'seed');
    git(join(root, 'vault'), 'push', '-q', 'origin', 'main');
    writeFileSync(join(root, 'vault/secret.txt'), 'x\n');
    const named = await mike.run('git-sync', '--vault', '../vault', '../vault/secret.txt', '--json');
    expect(envelopeOf(named)).toMatchObject({
      ok: true,
      value: {
        trees: [
          { role: 'workspace', state: 'nothing' },
          { role: 'vault', state: 'synced', files: [{ path: 'secret.txt' }] },
        ],
      },
    });
    expect(await mike.run('git-sync', '--registered')).toMatchObject({ code: 78 });
    const gone = join(root, 'gone');
    await mike.run('config', 'set', 'git.workspaces', `${gone},${mike.tree}`);
    const ended = await runBuilt('cli.js', ['git-sync', '--registered', '--json'], {
      cwd: '/',
      env: { SESSION_LOG_HOME: mike.home },
    });
    expect(ended.code).toBe(78);
    expect(envelopeOf(ended)).toMatchObject({
      ok: false,
      error: {
        details: {
          report: {
            trees: [
              { tree: gone, state: 'attention', problem: { code: 'not-configured' } },
              { tree: mike.tree, state: expect.stringMatching(/^(?:nothing|synced)$/) },
            ],
          },
        },
      },
    });
  });

  it('refuses what cannot be, and changes nothing', async () => {
    const before = git(mike.tree, 'rev-parse', 'HEAD');
    for (const [args, code] of [
      [['--all', 'a.txt'], 64],
      [['--registered', '--workspace', '.'], 64],
      [['--wait', 'long'], 64],
      [['no-such-file.md'], 65],
      [['--own', '.'], 64],
      [['--own', join(root, 'seed/shared.txt')], 64],
    ] as const) {
      const ended = await mike.run('git-sync', ...args, '--json');
      expect(ended.code, args.join(' ')).toBe(code);
      expect(envelopeOf(ended), args.join(' ')).toMatchObject({ ok: false });
    }
    const outside = await runBuilt('cli.js', ['git-sync'], {
      cwd: root,
      env: { SESSION_LOG_HOME: '/nonexistent' },
    });
    expect(outside).toMatchObject({
      code: 78,
      out: '',
      err: expect.stringContaining('not inside a git repository'),
    });
    expect(git(mike.tree, 'rev-parse', 'HEAD')).toBe(before);
    git(mike.tree, 'checkout', '-q', '--detach');
    expect(await mike.run('git-sync')).toMatchObject({
      code: 65,
      out: expect.stringContaining('[ATTENTION]'),
    });
    git(mike.tree, 'checkout', '-q', 'main');
  });

  it('keeps work, branch and index as they were in a conflict: 65', async () => {
    for (const who of [mike, howard]) await who.run('git-sync');
    writeFileSync(join(mike.tree, 'shared.txt'), 'of mike\n');
    writeFileSync(join(howard.tree, 'shared.txt'), 'of howard\n');
    expect(await mike.run('git-sync', 'shared.txt')).toMatchObject({ code: 0 });
    expect(await howard.run('git-sync', 'shared.txt')).toMatchObject({ code: 65 });
    expect(git(howard.tree, 'show', 'HEAD:shared.txt')).toBe('of howard\n');
    expect(git(howard.tree, 'status', '--porcelain')).toBe('');
    expect(git(howard.tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
  });
});
