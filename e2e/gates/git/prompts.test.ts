import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { listProcesses } from '../../../main/adapters/git/processes.ts';
import { expectProblem, scenario, useTemplate, type Stage } from './scenario.ts';
import { git, onRemote, put, sync, type Outcome, type SyncOptions, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
/** What a trap may take until it is ended, and the whole run with it. */
const TRAP: SyncOptions = { limits: { silenceMs: 400, hookMs: 600, signMs: 400, transferMs: 5_000 } };
/** Where git must end by itself no limit of ours ends it in time, so that a busy machine cannot be taken for one that hangs. */
const BY_ITSELF: SyncOptions = {};
const ENDS_WITHIN_MS = 8_000;

/** A program that asks on the terminal, and hangs for good when there is one to ask on or nobody to answer. */
const ASKS = `#!/bin/sh
if (: </dev/tty) 2>/dev/null; then echo terminal >> "$TRAP_LOG"; fi
echo asked >> "$TRAP_LOG"
exec sleep 600
`;

function program(world: World, name: string, text: string): string {
  const path = join(world.root, name);
  put(world.root, { [name]: text });
  chmodSync(path, 0o755);
  return path;
}

/** Runs into a trap, and checks that it ended in time, left no process, and kept the log. */
async function trap(stage: Stage, options: SyncOptions = TRAP): Promise<Outcome> {
  const { world } = stage;
  put(world.tree, { [LOG]: 'kept\n' });
  const started = performance.now();
  const done = await stage.sync([LOG], {
    ...options,
    env: { TRAP_LOG: join(world.root, 'trap.log'), TRAP_WORLD: world.root, ...options.env },
  });
  expect(performance.now() - started).toBeLessThan(ENDS_WITHIN_MS);
  const left = (await listProcesses()).filter(
    ({ command, cwd }) => command.includes(world.root) || cwd?.startsWith(world.root),
  );
  expect(left).toEqual([]);
  expect(onRemote(world, LOG)).toBe(null);
  return done;
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function httpTrap(stage: Stage, status: number, headers: Record<string, string>): Promise<Outcome> {
  const server = createServer((_, response) => response.writeHead(status, headers).end('no'));
  const port = await listening(server);
  git(
    stage.world,
    stage.world.tree,
    'remote',
    'set-url',
    'origin',
    `http://mike:s3cret-t0ken@127.0.0.1:${port}/team.git`,
  );
  try {
    return await trap(stage, BY_ITSELF);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Points the tree at an ssh remote that is reached by a stand-in which behaves as ssh does before it asks. */
function sshRemote(world: World, script: string): void {
  git(world, world.tree, 'remote', 'set-url', 'origin', 'ssh://git@example.invalid/team.git');
  git(world, world.tree, 'config', 'core.sshCommand', program(world, 'fake-ssh', script));
}

describe('twelve traps, none of which can hang a run', () => {
  scenario('1 a server that wants a password (401)', async (stage) => {
    const done = await httpTrap(stage, 401, { 'www-authenticate': 'Basic realm="x"' });
    expectProblem(done, 77, /did not accept this machine's credentials/);
    expect(JSON.stringify(done.report)).not.toContain('s3cret');
  });

  scenario('2 a server that forbids (403)', async (stage) => {
    const done = await httpTrap(stage, 403, {});
    expectProblem(done, 77, /does not let it do this/);
    expect(JSON.stringify(done.report)).not.toContain('s3cret');
  });

  scenario('3 an unknown ssh host key', async (stage) => {
    // The real ssh, against a server that offers a key exchange it has never seen.
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('SSH-2.0-trap\r\n');
    });
    const port = await listening(server);
    git(stage.world, stage.world.tree, 'remote', 'set-url', 'origin', `ssh://git@127.0.0.1:${port}/team.git`);
    const done = await trap(stage);
    expect(done.code).toBe(69);
    server.close();
    sshRemote(stage.world, '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n');
    expectProblem(await stage.sync([LOG]), 77, /ssh host key is unknown or has changed/);
  });

  scenario('4 an ssh password', async (stage) => {
    sshRemote(stage.world, ASKS);
    expectProblem(await trap(stage), 69, /the remote stopped answering/);
    expect(await trapLog(stage)).toBe('asked\n');
    sshRemote(
      stage.world,
      '#!/bin/sh\necho "git@example.invalid: Permission denied (publickey,password)." >&2\nexit 255\n',
    );
    expectProblem(await stage.sync([LOG]), 77, /did not accept this machine's credentials/);
  });

  scenario('5 an ssh key with a passphrase: BatchMode is asked for', async (stage) => {
    const { world } = stage;
    program(
      world,
      'bin/ssh',
      '#!/bin/sh\ncase "$*" in *BatchMode=yes*) echo "Permission denied (publickey)." >&2; exit 255;; esac\nexec sleep 600\n',
    );
    git(world, world.tree, 'remote', 'set-url', 'origin', 'ssh://git@example.invalid/team.git');
    const done = await trap(stage, {
      ...BY_ITSELF,
      env: { PATH: `${join(world.root, 'bin')}:${process.env['PATH']}` },
    });
    expectProblem(done, 77, /did not accept/);
  });

  scenario('6 a signing key behind a pinentry', async (stage) => {
    const { world } = stage;
    git(world, world.tree, 'config', 'gpg.program', program(world, 'fake-gpg', ASKS));
    git(world, world.tree, 'config', 'commit.gpgsign', 'true');
    const done = await trap(stage);
    expectProblem(done, 75, /signing it waited longer than 0\.4 s/);
    expect(await trapLog(stage)).toBe('asked\n');
    // Never without the signature.
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
  });

  scenario('7 a credential helper that sleeps', async (stage) => {
    const { world } = stage;
    git(world, world.tree, 'config', 'credential.helper', `!${program(world, 'helper', ASKS)}`);
    const server = createServer((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    );
    const port = await listening(server);
    git(world, world.tree, 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/team.git`);
    expectProblem(await trap(stage), 69, /the remote stopped answering/);
    server.closeAllConnections();
    server.close();
  });

  scenario('8 an askpass program that sleeps', async (stage) => {
    const { world } = stage;
    const asks = program(world, 'askpass', ASKS);
    git(world, world.tree, 'config', 'core.askPass', asks);
    const server = createServer((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    );
    const port = await listening(server);
    git(world, world.tree, 'remote', 'set-url', 'origin', `http://127.0.0.1:${port}/team.git`);
    const done = await trap(stage, {
      ...BY_ITSELF,
      env: { GIT_ASKPASS: asks, SSH_ASKPASS: asks, DISPLAY: ':0' },
    });
    expectProblem(done, 77, /did not accept/);
    expect(await trapLog(stage)).toBe('');
    server.closeAllConnections();
    server.close();
  });

  scenario('9 a hook that reads its input, and one that hangs', async (stage) => {
    const { world } = stage;
    program(
      world,
      'tree/.git/hooks/pre-commit',
      '#!/bin/sh\nread answer\n[ -z "$answer" ] && echo "nobody answers" >&2 && exit 1\n',
    );
    expectProblem(await trap(stage, BY_ITSELF), 65, /a git hook declined it \(nobody answers\)/);
    program(world, 'tree/.git/hooks/pre-commit', ASKS);
    expectProblem(await trap(stage), 65, /a git hook took longer than 0\.6 s and was stopped/);
    expect(git(world, world.tree, 'log', '-1', '--format=%s')).toBe('seed');
  });

  scenario('10 an editor', async (stage) => {
    const { world } = stage;
    const editor = program(world, 'editor', ASKS);
    for (const key of ['core.editor', 'sequence.editor']) git(world, world.tree, 'config', key, editor);
    git(world, world.tree, 'config', 'commit.verbose', 'true');
    put(world.tree, { [LOG]: 'x\n' });
    const done = await stage.sync([LOG], {
      ...BY_ITSELF,
      env: { EDITOR: editor, VISUAL: editor, GIT_EDITOR: editor, TRAP_LOG: join(world.root, 'trap.log') },
    });
    expect(done.error).toBe(null);
    expect(await trapLog(stage)).toBe('');
  });

  scenario('11 a filter that wants to sign in (Git LFS)', async (stage) => {
    const { world } = stage;
    git(world, world.tree, 'config', 'filter.lfs.clean', program(world, 'lfs', ASKS));
    git(world, world.tree, 'config', 'filter.lfs.required', 'true');
    put(world.tree, { '.git/info/attributes': 'session-logs/*-topic.md filter=lfs\n' });
    expectProblem(await trap(stage), 65, /took longer than 0\.6 s/);
    expect(await trapLog(stage)).toMatch(/^(?:asked\n)+$/);
  });

  scenario('12 a commit template', async (stage) => {
    const { world } = stage;
    put(world.root, { template: '\n\n# fill this in\n' });
    git(world, world.tree, 'config', 'commit.template', join(world.root, 'template'));
    put(world.tree, { [LOG]: 'x\n' });
    const done = await stage.sync([LOG], BY_ITSELF);
    expect(done.error).toBe(null);
    expect(git(world, world.remote, 'log', '-1', '--format=%s', 'main')).toMatch(/^sync: HAL/);
  });
});

async function trapLog({ world }: Stage): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(join(world.root, 'trap.log'), 'utf8').catch(() => '');
}

describe('a caller who gives up', () => {
  scenario('before the run: nothing happens', async ({ world, sync: run }) => {
    put(world.tree, { [LOG]: 'x\n' });
    const done = await run([LOG], { request: { signal: AbortSignal.abort() } });
    expectProblem(done, 130, /cancelled/i);
    expect(onRemote(world, LOG)).toBe(null);
  });

  scenario('while the remote does not answer: git is ended and the tree is tidy', async (stage) => {
    const { world } = stage;
    const stop = new AbortController();
    sshRemote(world, `#!/bin/sh\ntouch "${world.root}/reached"\nexec sleep 600\n`);
    put(world.tree, { [LOG]: 'x\n' });
    const done = await stage.sync([LOG], {
      request: {
        signal: stop.signal,
        onProgress: ({ phase }) => {
          if (phase === 'fetching') stop.abort();
        },
      },
    });
    expectProblem(done, 130, /cancelled/i);
    git(world, world.tree, 'remote', 'set-url', 'origin', world.remote);
    git(world, world.tree, 'config', '--unset', 'core.sshCommand');
    const next = await sync(world, []);
    expect(next.error).toBe(null);
    expect(onRemote(world, LOG)).toBe('x\n');
  });
});
