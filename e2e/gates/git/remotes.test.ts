import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import type { Git, GitCall } from '../../../main/core/ports/git.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, gitTry, mateCommits, onRemote, put, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const FIRST = 'session-logs/2026-06-01-mike-first.md';

/** The real git, with something that happens just before a call of a kind. */
function before(world: World, subcommand: string, happen: (call: GitCall, count: number) => void): Git {
  const real = gitCli({ env: world.env, graceMs: 300 });
  let count = 0;
  return {
    ...real,
    run: (call) => {
      if (call.args[0] === subcommand) happen(call, ++count);
      return real.run(call);
    },
  };
}

function remoteHook(world: World, name: string, text: string): void {
  put(world.remote, { [`hooks/${name}`]: text });
  chmodSync(join(world.remote, 'hooks', name), 0o755);
}

describe('a push race', () => {
  scenario('that is lost once is won the second time', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const racing = before(world, 'push', (_, count) => {
      if (count === 1) mateCommits(world, { 'README.md': '# Anna was faster\n' });
    });
    const done = await sync([LOG], { deps: { git: racing } });
    expectSynced(done);
    expect(readFileSync(join(world.tree, 'README.md'), 'utf8')).toBe('# Anna was faster\n');
    expect(git(world, world.remote, 'log', '--format=%s', 'main').split('\n').slice(0, 2)).toEqual([
      'sync: HAL 2026-06-06-mike-topic.md',
      'from anna',
    ]);
  });

  scenario('against a lock file that a crash left in the remote names that file', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const lock = join(world.remote, 'refs/heads/main.lock');
    put(world.remote, { 'refs/heads/main.lock': '' });
    const stopped = await sync([LOG], { limits: { pushTries: 2 } });
    expectProblem(
      stopped,
      75,
      /2 pushes from .* met the lock file ".*refs\/heads\/main\.lock" in the remote/,
    );
    expect(stopped.text).toMatch(/committed here as .* if no git works there, one that crashed left it/);
    expect(git(world, world.tree, 'show', `HEAD:${LOG}`)).toBe('x');
    rmSync(lock);
    expectSynced(await sync([LOG]));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('that is lost every time is deferred, with the log committed here', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    let pushes = 0;
    const racing = before(world, 'push', (_, count) => {
      pushes = count;
      mateCommits(world, { 'README.md': `# ${count}\n` });
    });
    const done = await sync([LOG], { deps: { git: racing }, limits: { pushTries: 3 } });
    expectProblem(done, 75, /others kept pushing to origin\/main .* 3 tries were too late/);
    expect(pushes).toBe(3);
    expect(done.text).toMatch(
      /^Sync deferred; what you saved is committed here as [0-9a-f]{10} and will sync on the next run/,
    );
    expectSynced(await sync([]));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('that others win for a while goes on for as long as somebody waits', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    let pushes = 0;
    const racing = before(world, 'push', (_, count) => {
      pushes = count;
      if (count <= 8) mateCommits(world, { 'README.md': `# ${count}\n` });
    });
    expectSynced(await sync([LOG], { deps: { git: racing }, limits: { pushPatienceMs: 60_000 } }));
    expect(pushes).toBe(9);
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('whose winner changed the same place is a conflict', async ({ world, sync }) => {
    put(world.tree, { [FIRST]: '# First\n\nby mike\n' });
    const racing = before(world, 'push', (_, count) => {
      if (count === 1) mateCommits(world, { [FIRST]: '# First\n\nby anna\n' });
    });
    expectProblem(await sync([FIRST], { deps: { git: racing } }), 65, /the same place was changed/);
  });

  scenario('that the server itself reports (a locked ref) is tried again', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    put(world.remote, { 'refs/heads/main.lock': '' });
    let pushes = 0;
    const racing = before(world, 'push', (_, count) => {
      pushes = count;
      if (count === 2) put(world.remote, { 'refs/heads/main.lock': null });
    });
    expectSynced(await sync([LOG], { deps: { git: racing } }));
    expect(pushes).toBe(2);
  });

  scenario('whose reply was lost is noticed: the log is there once', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    mateCommits(world, { 'README.md': '# Anna\n' });
    const real = gitCli({ env: world.env });
    let lost = false;
    const deaf: Git = {
      ...real,
      run: async (call) => {
        const answer = await real.run(call);
        if (call.args[0] !== 'push' || lost || !answer.ok) return answer;
        lost = true;
        return real.run({ ...call, args: ['fetch', join(world.root, 'no-such-remote')] });
      },
    };
    expect((await sync([LOG], { deps: { git: deaf } })).error).not.toBe(null);
    expect((await sync([LOG])).error).toBe(null);
    expect(git(world, world.remote, 'log', '--format=%s', 'main', '--', LOG).split('\n')).toHaveLength(1);
    expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(git(world, world.remote, 'rev-parse', 'main'));
  });

  scenario('with somebody who commits by hand in the very moment of the move', async ({ world, sync }) => {
    put(world.tree, { [LOG]: 'x\n' });
    mateCommits(world, { 'README.md': '# Anna\n' });
    const racing = before(world, 'update-ref', (_, count) => {
      if (count > 1) return;
      put(world.tree, { 'by-hand.txt': 'x\n' });
      git(world, world.tree, 'add', 'by-hand.txt');
      git(world, world.tree, 'commit', '-q', '-m', 'by hand', '--only', '--', 'by-hand.txt');
    });
    const done = await sync([LOG], { deps: { git: racing } });
    expectSynced(done);
    expect([onRemote(world, LOG), onRemote(world, 'by-hand.txt'), onRemote(world, 'README.md')]).toEqual([
      'x\n',
      'x\n',
      '# Anna\n',
    ]);
    expect(git(world, world.tree, 'rev-parse', 'HEAD')).toBe(git(world, world.remote, 'rev-parse', 'main'));
  });
});

describe('a remote', () => {
  scenario('that declines by a hook says why', async ({ world, sync }) => {
    remoteHook(world, 'pre-receive', '#!/bin/sh\necho "logs are frozen today" >&2\nexit 1\n');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    const why =
      /the remote declined the push \(the server says: logs are frozen today; pre-receive hook declined/;
    expectProblem(done, 65, why);
    expect(done.tree?.commit?.subject).toMatch(/^sync: HAL/);
  });

  scenario('that is gone keeps the commit here', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'set-url', 'origin', join(world.root, 'gone.git'));
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectProblem(done, 65, /the remote repository does not exist/);
    expect(git(world, world.tree, 'show', `HEAD:${LOG}`)).toBe('x');
  });

  scenario('that cannot be reached defers the rest, and the next run sends it', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'set-url', 'origin', 'http://127.0.0.1:1/team.git');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectProblem(done, 69, /the remote cannot be reached/);
    expect(done.tree?.state).toBe('deferred');
    expect(done.text).toMatch(
      /^Sync deferred - the remote is out of reach; what you saved is committed here/,
    );
    git(world, world.tree, 'remote', 'set-url', 'origin', world.remote);
    expectSynced(await sync([]));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('that never had a branch gets it', async ({ world, sync }) => {
    git(world, world.root, 'init', '-q', '--bare', '--template=', join(world.root, 'empty.git'));
    git(world, world.tree, 'remote', 'set-url', 'origin', join(world.root, 'empty.git'));
    git(world, world.tree, 'update-ref', '-d', 'refs/remotes/origin/main');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectSynced(done);
    expect(done.tree?.push?.old).toBe(null);
    expect(
      git({ env: world.env }, join(world.root, 'empty.git'), 'log', '-1', '--format=%s', 'main'),
    ).toMatch(/^sync: HAL/);
  });

  scenario('whose branch somebody removed does not get it back unasked', async ({ world, sync }) => {
    git(world, world.mate, 'push', '-q', 'origin', 'HEAD:refs/heads/spare');
    git(world, world.remote, 'symbolic-ref', 'HEAD', 'refs/heads/spare');
    git(world, world.remote, 'branch', '-D', 'main');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /the remote has no such branch/);
    expect(git(world, world.remote, 'branch', '--list', 'main')).toBe('');
    // What the remedy says, where it was renamed.
    git(world, world.tree, 'fetch', '-q');
    git(world, world.tree, 'branch', '--set-upstream-to', 'origin/spare');
    expectSynced(await sync([LOG]));
    expect(git(world, world.remote, 'show', `spare:${LOG}`)).toBe('x');
  });

  scenario(
    'whose branch was rewritten is not followed, and what was taken out does not come back',
    async ({ world, sync }) => {
      mateCommits(world, { 'password.txt': 'oops\n' });
      expectSynced(await sync([]));
      git(world, world.mate, 'reset', '-q', '--hard', 'HEAD~1');
      put(world.mate, { 'README.md': '# clean\n' });
      git(world, world.mate, 'commit', '-q', '-a', '-m', 'instead');
      git(world, world.mate, 'push', '-q', '--force', 'origin', 'HEAD:main');
      put(world.tree, { [LOG]: 'x\n' });
      for (const _ of [1, 2]) expectProblem(await sync([LOG]), 65, /the branch was rewritten on the remote/);
      expect(onRemote(world, 'password.txt')).toBe(null);
      expect(onRemote(world, 'README.md')).toBe('# clean\n');
    },
  );

  scenario('with another history has nothing in common', async ({ world, sync }) => {
    const other = join(world.root, 'other.git');
    git(world, world.root, 'init', '-q', '--bare', '--template=', other);
    git(world, world.root, 'clone', '-q', '--template=', other, join(world.root, 'o'));
    git(world, join(world.root, 'o'), 'commit', '-q', '--allow-empty', '-m', 'another beginning');
    git(world, join(world.root, 'o'), 'push', '-q', 'origin', 'HEAD:main');
    git(world, world.tree, 'remote', 'set-url', 'origin', other);
    git(world, world.tree, 'update-ref', '-d', 'refs/remotes/origin/main');
    put(world.tree, { [LOG]: 'x\n' });
    expectProblem(await sync([LOG]), 65, /have nothing in common/);
  });

  scenario('that is a mirror is refused by git, and that is said', async ({ world, sync }) => {
    git(world, world.tree, 'config', 'remote.origin.mirror', 'true');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expectProblem(done, 65, /git push: /);
    expect(onRemote(world, LOG)).toBe(null);
  });

  scenario('whose address holds a password shows it nowhere', async ({ world, sync }) => {
    git(world, world.tree, 'remote', 'set-url', 'origin', 'https://mike:hunter2%40x@127.0.0.1:1/team.git');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await sync([LOG]);
    expect(done.code).toBe(69);
    expect(`${JSON.stringify(done.report)}${done.text}`).not.toContain('hunter2');
  });
});

describe('over http, with the real server side of git', () => {
  scenario('fetch, push and a server that breaks off in the middle', async ({ world, sync }) => {
    git(world, world.remote, 'config', 'http.receivepack', 'true');
    let breakOff = false;
    const server = createServer((request, response) => {
      if (breakOff && request.url?.endsWith('/git-receive-pack')) request.socket.destroy();
      else serveGit(world, request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    git(world, world.tree, 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/remote.git`);
    try {
      mateCommits(world, { 'README.md': '# Anna\n' });
      put(world.tree, { [LOG]: 'x\n' });
      breakOff = true;
      expectProblem(await sync([LOG]), 69, /the remote cannot be reached/);
      breakOff = false;
      expectSynced(await sync([LOG]));
      expect(onRemote(world, LOG)).toBe('x\n');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  for (const [status, exit] of [
    [404, 65],
    [500, 69],
    [429, 69],
  ] as const) {
    scenario(`a server that answers ${status}`, async ({ world, sync }) => {
      const server = createServer((_, response) => response.writeHead(status).end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      git(world, world.tree, 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/remote.git`);
      put(world.tree, { [LOG]: 'x\n' });
      const done = await sync([LOG]);
      server.close();
      expect(done.code).toBe(exit);
      expect(git(world, world.tree, 'show', `HEAD:${LOG}`)).toBe('x');
    });
  }
});

/** Hands a request to `git http-backend`, as any web server does by CGI. */
function serveGit(world: World, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...world.env,
      GIT_PROJECT_ROOT: world.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(chunks);
    const cut = all.indexOf('\r\n\r\n');
    const headers = all.subarray(0, Math.max(0, cut)).toString().split('\r\n');
    for (const header of headers) {
      const [name, value] = header.split(': ');
      if (name === 'Status') response.statusCode = Number(value?.slice(0, 3));
      else if (name && value) response.setHeader(name, value);
    }
    response.end(all.subarray(cut + 4));
  });
}

describe('kinds of clones', () => {
  scenario('a shallow clone', async ({ world, sync }) => {
    mateCommits(world, { 'README.md': '# Anna\n' });
    const shallow = join(world.root, 'shallow');
    git(world, world.root, 'clone', '-q', '--depth', '1', `file://${world.remote}`, shallow);
    mateCommits(world, { 'README.md': '# Anna again\n' });
    put(shallow, { [LOG]: 'x\n' });
    expectSynced(await sync([LOG], { request: { workspace: shallow } }));
    expect(onRemote(world, LOG)).toBe('x\n');
  });

  scenario('a partial clone fetches no file for the sake of a rebase', async ({ world, sync }) => {
    git(world, world.remote, 'config', 'uploadpack.allowFilter', 'true');
    const partial = join(world.root, 'partial');
    git(
      world,
      world.root,
      'clone',
      '-q',
      '--filter=blob:none',
      '--no-checkout',
      `file://${world.remote}`,
      partial,
    );
    git(world, partial, 'sparse-checkout', 'set', '--no-cone', '/session-logs/');
    git(world, partial, 'checkout', '-q', 'main');
    mateCommits(world, { 'data.bin': Buffer.alloc(5000, 7), [FIRST]: '# First, by Anna\n\nbegun\n' });
    put(partial, { [LOG]: 'x\n', [FIRST]: '# First\n\nbegun\n\nand more\n' });
    expectSynced(await sync([LOG, FIRST], { request: { workspace: partial } }));
    expect(onRemote(world, LOG)).toBe('x\n');
    expect(existsSync(join(partial, 'data.bin'))).toBe(false);
    const blob = git(world, world.remote, 'rev-parse', 'main:data.bin');
    expect(
      gitTry(
        { env: { ...world.env, GIT_NO_LAZY_FETCH: '1' } },
        partial,
        '-c',
        'remote.origin.promisor=false',
        '-c',
        'remote.origin.url=/nowhere',
        'cat-file',
        '-e',
        blob,
      ),
    ).not.toBe(0);
  });

  scenario(
    'a sparse checkout',
    async ({ world, sync }) => {
      git(world, world.tree, 'update-index', '--refresh');
      git(world, world.tree, 'sparse-checkout', 'set', 'session-logs');
      mateCommits(world, { 'projects/alpha/x.txt': 'x\n', 'session-logs/from-anna.md': 'a\n' });
      put(world.tree, { [LOG]: 'x\n' });
      expectSynced(await sync([LOG]));
      expect(existsSync(join(world.tree, 'session-logs/from-anna.md'))).toBe(true);
      expect(existsSync(join(world.tree, 'projects'))).toBe(false);
    },
    { alone: true },
  );
});
