import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitCause, type GitCall } from '../../core/ports/git.ts';
import { unwrap } from '../../../shared/result.ts';
import { causeOf, refusalOf } from './causes.ts';
import { argumentsOf, environmentOf } from './environment.ts';
import { gitCli } from './git-cli.ts';
import { parseProcessTable } from './processes.ts';
import { hideCredentials } from '../../../shared/domain/hide-credentials.ts';
import { decisiveLine } from './decisive-line.ts';
import { gitContract } from '../../testing/contracts/git-contract.ts';

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-git-cli-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for git that does what a test says. */
function program(text: string): string {
  const path = join(folder, `p${Math.random()}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const call = (more: Partial<GitCall> = {}): GitCall => ({
  cwd: folder,
  args: ['status'],
  deadlineMs: 20_000,
  ...more,
});

describe('redact', () => {
  it.each([
    ['https://mike:hunter2@host/x', 'https://***@host/x'],
    [
      "fatal: unable to access 'https://x-token:a@b@host/x.git/': refused",
      "fatal: unable to access 'https://***@host/x.git/': refused",
    ],
    ['ssh://git@host/x and HTTP://tok@h', 'ssh://***@host/x and HTTP://***@h'],
    ['https://host/x?access_token=abc&y=1', 'https://host/x?access_token=***&y=1'],
    ['Authorization: Basic bWlrZQ==', '***'],
    ['remote: bad token ghp_0123456789abcdefghij in use', 'remote: bad token *** in use'],
    ['git@host:team/x.git at /home/mike', 'git@host:team/x.git at /home/mike'],
  ])('%s', (text, clean) => expect(hideCredentials(text)).toBe(clean));

  it('picks the line that decides, on one line and not too long', () => {
    expect(
      decisiveLine(
        'warning: x\nerror: failed to push some refs\nfatal: the remote end hung up unexpectedly\n',
      ),
    ).toBe('error: failed to push some refs');
    expect(decisiveLine('hint: x\nfatal: no\u001b[2Jpe\n')).toBe('fatal: no<U+001B>[2Jpe');
    expect(decisiveLine(`fatal: ${'x'.repeat(900)}`)).toHaveLength(301);
    expect(decisiveLine('')).toBe('');
  });
});

describe('causeOf, on recorded output', () => {
  it.each([
    ['fetch', "fatal: Authentication failed for 'https://h/x.git/'", 'auth'],
    ['fetch', "fatal: could not read Username for 'https://h': terminal prompts disabled", 'auth'],
    ['fetch', 'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'auth'],
    ['fetch', 'Host key verification failed.\nfatal: Could not read from remote repository.', 'host-key'],
    [
      'push',
      "remote: Permission to a/b.git denied to mike.\nfatal: unable to access 'https://h/': The requested URL returned error: 403",
      'forbidden',
    ],
    ['fetch', "fatal: unable to access 'https://h/': Could not resolve host: h", 'unreachable'],
    ['fetch', 'fatal: the remote end hung up unexpectedly', 'unreachable'],
    ['status', 'fatal: the remote end hung up unexpectedly\n', 'filter'],
    [
      'add',
      "error: external filter 'git-lfs clean' failed 1\nfatal: x.md: clean filter 'lfs' failed",
      'filter',
    ],
    [
      'read-tree',
      'fatal: the remote end hung up unexpectedly\nfatal: could not fetch 1f2e from promisor remote',
      'unreachable',
    ],
    [
      'fetch',
      'ssh: connect to host h port 22: Connection timed out\nfatal: Could not read from remote repository.',
      'unreachable',
    ],
    [
      'fetch',
      "fatal: '/x/gone.git' does not appear to be a git repository\nfatal: Could not read from remote repository.",
      'no-remote-repository',
    ],
    ['fetch', "fatal: couldn't find remote ref refs/heads/main", 'no-remote-branch'],
    ['fetch', ' ! [rejected]        main       -> origin/main  (non-fast-forward)', 'history-rewritten'],
    [
      'commit',
      "fatal: Unable to create '/x/.git/index.lock': File exists.\n\nAnother git process seems to be running",
      'git-lock',
    ],
    ['config', 'error: could not lock config file .git/config: File exists', 'git-lock'],
    [
      'update-ref',
      "fatal: update_ref failed for ref 'HEAD': cannot lock ref 'HEAD': is at 1111111111111111111111111111111111111111 but expected 2222222222222222222222222222222222222222",
      'ref-moved',
    ],
    ['commit', 'error: gpg failed to sign the data\nfatal: failed to write commit object', 'signing'],
    [
      'commit',
      'error: insufficient permission for adding an object to repository database .git/objects',
      'denied',
    ],
    ['commit', 'error: unable to write file .git/objects/aa/bb: No space left on device', 'disk-full'],
    ['read-tree', "error: Entry 'x' not uptodate. Cannot merge.", 'in-the-way'],
    ['read-tree', "error: Untracked working tree file 'x' would be overwritten by merge.", 'in-the-way'],
    ['status', 'error: bad signature 0x44495243\nfatal: index file corrupt', 'corrupt'],
    ['status', "fatal: detected dubious ownership in repository at '/x'", 'unsafe-owner'],
    ['status', 'fatal: not a git repository (or any of the parent directories): .git', 'not-a-repository'],
    ['status', 'fatal: this operation must be run in a work tree', 'no-work-tree'],
    ['gibberish', 'something else', 'other'],
  ] as const)('%s: %s', (subcommand, stderr, cause) => expect(causeOf(subcommand, '', stderr)).toBe(cause));

  it.each([
    ['!\trefs/heads/main:refs/heads/main\t[rejected] (fetch first)\nDone', 'push-race'],
    ['!\tabc:refs/heads/main\t[rejected] (non-fast-forward)\nDone', 'push-race'],
    [
      "!\tabc:refs/heads/main\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)\nDone",
      'push-race',
    ],
    ['!\tabc:refs/heads/main\t[remote rejected] (incorrect old value provided)\nDone', 'push-race'],
    ['!\tabc:refs/heads/main\t[remote rejected] (protected branch hook declined)\nDone', 'remote-declined'],
    ['!\tabc:refs/heads/main\t[remote rejected] (branch is currently checked out)\nDone', 'remote-declined'],
  ] as const)('push --porcelain: %s', (stdout, cause) => {
    expect(causeOf('push', stdout, "error: failed to push some refs to 'x'")).toBe(cause);
  });

  it('takes a refused push without a refused ref for a hook', () => {
    expect(causeOf('push', '', "error: failed to push some refs to 'x'")).toBe('hook-declined');
    expect(refusalOf('!\ta:b\t[remote rejected] (frozen today)\n')).toBe('frozen today');
  });
});

describe('the environment of a call', () => {
  const env = environmentOf(call(), {
    PATH: '/bin',
    GIT_DIR: '/x',
    GIT_INDEX_FILE: '/y',
    GIT_TRACE_CURL: '1',
    GIT_ASKPASS: '/ask',
    GIT_SSL_CAINFO: '/ca',
    GIT_CONFIG_COUNT: '9',
    LANGUAGE: 'de',
  });

  it('cannot ask, and forgets what the caller was doing', () => {
    expect(env).toMatchObject({
      PATH: '/bin',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      SSH_ASKPASS_REQUIRE: 'never',
      GIT_EDITOR: ':',
      LC_ALL: 'C',
      LANGUAGE: '',
      GIT_SSL_CAINFO: '/ca',
    });
    for (const key of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_TRACE_CURL', 'GIT_OPTIONAL_LOCKS'])
      expect(env[key]).toBe(undefined);
    expect(env['GIT_SSH_COMMAND']).toContain('BatchMode=yes');
    expect(Object.values(env)).not.toContain('safe.directory');
  });

  it("keeps the user's own ssh, lets hooks run when asked, takes no lock for reading", () => {
    expect(environmentOf(call(), { GIT_SSH_COMMAND: 'mine' })['GIT_SSH_COMMAND']).toBe('mine');
    expect(environmentOf(call({ ownSsh: true }), {})['GIT_SSH_COMMAND']).toBe(undefined);
    expect(environmentOf(call({ reads: true }), {})['GIT_OPTIONAL_LOCKS']).toBe('0');
    expect(Object.values(env)).toContain('core.hooksPath');
    expect(Object.values(environmentOf(call({ hooks: true }), {}))).not.toContain('core.hooksPath');
  });

  it('shows whose a process is in its arguments', () => {
    expect(argumentsOf(call({ mark: 'abcd' }))).toEqual([
      '--no-pager',
      '--literal-pathspecs',
      '-c',
      'session-log.run=abcd',
      'status',
    ]);
  });
});

describe('a child', () => {
  it('that ends after its deadline is ended, with what it started', async () => {
    const git = gitCli({ program: program('sleep 600 & echo $!; wait'), graceMs: 200 });
    const done = await git.run(call({ deadlineMs: 300 }));
    expect(done.ok).toBe(false);
    if (!done.ok) expect(gitCause(done.error)).toBe('deadline');
  });

  it('that will not hear is killed', async () => {
    const git = gitCli({ program: program('trap "" TERM; while :; do sleep 1; done'), graceMs: 100 });
    const done = await git.run(call({ deadlineMs: 200 }));
    expect(!done.ok && gitCause(done.error)).toBe('deadline');
  });

  it('that is ended leaves its helpers the time to take their lock files away', async () => {
    const lock = join(folder, 'main.lock');
    // As a push into a folder: the receiving end is a helper of its own, and it holds a lock file of the other repository.
    const helper = `trap "sleep 0.3; rm ${lock}; exit" TERM; touch ${lock}; while :; do sleep 0.02; done`;
    // Without its errors, or the shell's word about the sleep that ended with it would meet a closed pipe.
    const git = gitCli({ program: program(`sh -c '${helper}' 2>/dev/null & sleep 600`), graceMs: 5_000 });
    const cancel = new AbortController();
    const running = git.run(call({ signal: cancel.signal }));
    await expect.poll(() => existsSync(lock), { timeout: 10_000 }).toBe(true);
    cancel.abort();
    const done = await running;
    expect(!done.ok && gitCause(done.error)).toBe('cancelled');
    expect(existsSync(lock)).toBe(false);
  });

  it('that goes silent is ended, one that reports is not', async () => {
    const silent = await gitCli({ program: program('exec sleep 600'), graceMs: 100 }).run(
      call({ silenceMs: 200 }),
    );
    expect(!silent.ok && gitCause(silent.error)).toBe('silence');
    const lines: string[] = [];
    const busy = await gitCli({
      program: program('for i in 1 2 3 4 5 6; do echo "at $i" >&2; sleep 0.1; done'),
    }).run(call({ silenceMs: 2_000, onReport: (line) => lines.push(line) }));
    expect(busy.ok).toBe(true);
    expect(lines).toEqual(['at 1', 'at 2', 'at 3', 'at 4', 'at 5', 'at 6']);
  });

  it('that floods is ended', async () => {
    const done = await gitCli({ program: program('exec yes') }).run(call({ outputLimit: 100_000 }));
    expect(!done.ok && gitCause(done.error)).toBe('output-limit');
  });

  it('that is killed by somebody says so', async () => {
    const done = await gitCli({ program: program('kill -9 $$') }).run(call());
    expect(!done.ok && gitCause(done.error)).toBe('killed');
  });

  it('that a caller cancels is ended', async () => {
    const stop = new AbortController();
    const done = await gitCli({ program: program('echo on >&2; exec sleep 600') }).run(
      call({ signal: stop.signal, onReport: () => stop.abort() }),
    );
    expect(!done.ok && gitCause(done.error)).toBe('cancelled');
  });

  it('has no terminal and a closed input', async () => {
    const done = unwrap(
      await gitCli({ program: program('(: </dev/tty) 2>/dev/null && echo tty; cat; echo end') }).run(call()),
    );
    expect(Buffer.from(done.stdout).toString()).toBe('end\n');
  });

  it('gets its input and keeps its bytes', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
    const done = unwrap(await gitCli({ program: program('exec cat') }).run(call({ stdin: bytes })));
    expect(Buffer.compare(done.stdout, bytes)).toBe(0);
  });

  it('whose long chatter is cut in the middle, beginning and end kept', async () => {
    const done = unwrap(
      await gitCli({
        program: program('echo first >&2; yes xxxxxxxx | head -c 300000 >&2; echo last >&2'),
      }).run(call()),
    );
    expect(done.stderr).toMatch(/^first\n/);
    expect(done.stderr).toMatch(/last\n$/);
    expect(done.stderr.length).toBeLessThan(70_000);
  });

  it('that cannot be started says which of the two is missing', async () => {
    const noGit = await gitCli({ program: join(folder, 'none') }).run(call());
    expect(!noGit.ok && gitCause(noGit.error)).toBe('no-git');
    const noFolder = await gitCli().run(call({ cwd: join(folder, 'none') }));
    expect(!noFolder.ok && gitCause(noFolder.error)).toBe('no-folder');
  });
});

it('reads the process tables of other systems', () => {
  expect(
    parseProcessTable('    1 /sbin/launchd\n  4711 git -c session-log.run=ab fetch\r\n\nnonsense\n'),
  ).toEqual([
    { pid: 1, command: '/sbin/launchd', cwd: null },
    { pid: 4711, command: 'git -c session-log.run=ab fetch', cwd: null },
  ]);
});

gitContract('the program', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'git-contract-'));
  const repository = join(elsewhere, 'repository');
  execFileSync('git', ['init', '-q', repository]);
  return {
    git: gitCli(),
    repository,
    elsewhere,
    end: () => rmSync(elsewhere, { recursive: true, force: true }),
  };
});
