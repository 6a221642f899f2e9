import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogId } from '../../shared/domain/ids.ts';
import { unwrap } from '../../shared/result.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import { LOCK_NAME } from '../core/ports/lock.ts';
import { createAppWorld, type AppWorld } from '../testing/app-world.ts';
import { openGitTools } from './git-tools.ts';

const TEXT = '# Moved the zone\n\nAll of it.\n';
const HAL = { name: 'Hal Casteel', user: 'hal', email: 'hal@example.com' };

let world: AppWorld;
let tree: string;
let app: RunningApp;

function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=S', '-c', 'user.email=s@example.com', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

beforeEach(async () => {
  world = createAppWorld();
  tree = join(world.root, 'tree');
  git(world.root, 'init', '-q', '--bare', 'remote.git');
  git(world.root, 'clone', '-q', 'remote.git', tree);
  writeFileSync(join(tree, '.gitignore'), '.claude/identity.json\n');
  git(tree, 'add', '.');
  git(tree, 'commit', '-q', '-m', 'Begin');
  git(tree, 'push', '-q', '-u', 'origin', 'HEAD');
  mkdirSync(join(tree, '.claude'));
  const identity = { user: 'mike', full_name: 'Mike Swanson', machine: 'host-a' };
  writeFileSync(join(tree, '.claude', 'identity.json'), JSON.stringify(identity));
  app = await world.openJoined('a');
  unwrap(await app.settings.addWorkspace({ path: tree, role: 'workspace' }));
});
afterEach(() => world.end());

const read = async (log: LogId | null): Promise<unknown> => unwrap(await app.logs.read({ id: log as LogId }));

describe('saving in the app', () => {
  it('puts a log into the data folder, pushes it, and opens it from the receipt', async () => {
    unwrap(await app.settings.set({ change: { author: HAL } }));
    const input = { workspace: null, topic: '', scope: null, text: TEXT };
    const said = unwrap(await app.save.check(input));
    expect(said).toMatchObject({ author: { user: 'hal' }, folder: world.homeOf('a') });
    const saved = unwrap(await app.save.save(input));
    expect(saved).toMatchObject({
      action: 'created',
      author: { name: 'Hal Casteel' },
      git: { ending: 'none' },
      vault: { ending: 'none' },
      store: { ending: 'done', error: null },
    });
    expect(saved.file).toBe(`${said.folder}/${said.path}`);
    expect(readFileSync(saved.file, 'utf8')).toContain('All of it.');
    expect(await read(saved.log)).toMatchObject({
      state: 'here',
      text: expect.stringContaining('All of it.'),
    });
    expect(readdirSync(world.store, { recursive: true }).join('\n')).toContain('hal-moved-the-zone.md');
  });

  it('commits and pushes a log in a workspace with what its identity says, and opens it', async () => {
    const saved = unwrap(await app.save.save({ workspace: tree, topic: 'dns', scope: null, text: TEXT }));
    expect(saved).toMatchObject({
      author: { user: 'mike' },
      daily: { ending: 'done' },
      git: { ending: 'done', error: null },
      store: { ending: 'done' },
    });
    expect(git(join(world.root, 'remote.git'), 'show', '--stat', 'main')).toContain('mike-dns.md');
    expect(await read(saved.log)).toMatchObject({ text: expect.stringContaining('All of it.') });
  });

  it('puts a log where its project is, and tells the vault apart', async () => {
    const vault = join(world.root, 'vault');
    git(world.root, 'init', '-q', vault);
    writeFileSync(join(vault, 'a.md'), 'a\n');
    git(vault, 'add', '.');
    git(vault, 'commit', '-q', '-m', 'Begin');
    writeFileSync(join(vault, 'b.md'), 'b\n');
    unwrap(await app.settings.addWorkspace({ path: vault, role: 'vault' }));
    mkdirSync(join(tree, 'projects', 'harbor'), { recursive: true });
    const scope = { kind: 'project' as const, name: 'harbor' };
    const saved = unwrap(await app.save.save({ workspace: tree, topic: 'dns', scope, text: TEXT }));
    expect(saved.file).toContain('/projects/harbor/session-logs/');
    expect(saved).toMatchObject({ git: { ending: 'done' }, vault: { ending: 'local' } });
  });

  it('says honestly that a sync is deferred; the log is written', async () => {
    unwrap(await app.settings.set({ change: { git: { lockWaitSeconds: 0 } } }));
    const { locks } = openGitTools();
    const path = join(tree, '.git', LOCK_NAME);
    const lock = unwrap(await locks.acquire({ path, command: 'somebody else', waitMs: 0 }));
    const saved = unwrap(await app.save.save({ workspace: tree, topic: 'dns', scope: null, text: TEXT }));
    expect(saved).toMatchObject({
      action: 'created',
      git: { ending: 'deferred', error: { code: 'lock-held' } },
    });
    expect(readFileSync(saved.file, 'utf8')).toContain('All of it.');
    await lock.release();
  });

  it('refuses before anything is written, with a remedy', async () => {
    const refused = await app.save.save({ workspace: null, topic: '', scope: null, text: TEXT });
    expect(refused).toMatchObject({ error: { code: 'not-configured', details: { needs: 'author' } } });
    expect(await app.save.check({ workspace: tree, topic: '', scope: null, text: ' ' })).toMatchObject({
      error: { code: 'invalid-input' },
    });
  });
});
