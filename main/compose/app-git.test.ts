import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboxNote } from '../../shared/ipc/payloads.ts';
import { formatMark } from '../../shared/domain/session-mark.ts';
import { unwrap } from '../../shared/result.ts';
import type { RunningApp } from '../core/app/create-app-service.ts';
import { LOCK_NAME } from '../core/ports/lock.ts';
import { createAppWorld, end, event, status, type AppWorld } from '../testing/app-world.ts';
import { openGitTools } from './git-tools.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const MINE = `session-logs/${TODAY}-hal-topic.md`;
/** As a save writes it: only what carries its mark is committed unasked. */
const SAVED = `# Mine\n${formatMark({ session: 's1', saved: `${TODAY}T09:00+00:00`, text: '0123456789abcdef' })}\n`;

let world: AppWorld;
let tree: string;
let app: RunningApp;

function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = [
    '-c',
    'user.name=Setup',
    '-c',
    'user.email=setup@example.com',
    '-c',
    'init.defaultBranch=main',
  ];
  return execFileSync('git', [...who, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeEach(async () => {
  world = createAppWorld();
  const remote = join(world.root, 'remote.git');
  tree = join(world.root, 'tree');
  git(world.root, 'init', '-q', '--bare', remote);
  git(world.root, 'clone', '-q', remote, tree);
  put(tree, 'README.md', '# Team\n');
  put(tree, '.gitignore', '.claude/identity.json\n');
  git(tree, 'add', '.');
  git(tree, 'commit', '-q', '-m', 'Begin');
  git(tree, 'push', '-q', '-u', 'origin', 'HEAD');
  const identity = { user: 'hal', full_name: 'Hal Casteel', email: 'hal@example.com', machine: 'host-a' };
  put(tree, '.claude/identity.json', JSON.stringify(identity));
  app = await world.open('a');
  unwrap(await app.settings.addWorkspace({ path: tree, role: 'workspace' }));
});

afterEach(() => world.end());

describe('a git sync by the app', () => {
  it('commits the logs that the person’s saves wrote and nothing else, and shows the receipt', async () => {
    put(tree, MINE, SAVED);
    put(tree, `session-logs/${TODAY}-hal-draft.md`, '# Mine, still being written by hand\n');
    put(tree, 'session-logs/2026-01-06-mike-other.md', '# Of a colleague\n');
    put(tree, 'notes.txt', 'mine, not done yet');
    const done = await end(app, app.sync.git({}));
    expect(done).toMatchObject({ kind: 'git-sync', outcome: 'done', subject: tree });
    const [receipt] = done.summary.receipts;
    expect(receipt).toMatchObject({ author: 'Hal Casteel <hal@example.com>', pushed: { remote: 'origin' } });
    expect(receipt?.files.map(({ path }) => path)).toEqual([MINE]);
    expect(git(tree, 'status', '--porcelain')).toContain('?? notes.txt');
    expect(git(join(world.root, 'remote.git'), 'show', '--stat', 'HEAD')).toContain(`${TODAY}-hal-topic.md`);
    expect(unwrap(await app.status.get()).workspaces).toMatchObject([
      { path: tree, role: 'workspace', state: 'idle', lastSync: expect.any(Number), lastError: null },
    ]);
  });

  it('is put off by whoever holds the lock, says who and when it comes again, until it is done', async () => {
    put(tree, MINE, SAVED);
    unwrap(await app.settings.set({ change: { git: { lockWaitSeconds: 0 } } }));
    app.start();
    await status(app, ({ schedule }) => schedule.nextPush !== null);
    const { locks } = openGitTools();
    const path = join(tree, '.git', LOCK_NAME);
    const lock = unwrap(await locks.acquire({ path, command: 'somebody else', waitMs: 0 }));
    const put_off = await end(app, app.sync.git({}));
    expect(put_off).toMatchObject({
      outcome: 'deferred',
      deferral: { pid: process.pid, doing: 'somebody else' },
    });
    const { workspaces, schedule } = unwrap(await app.status.get());
    expect(workspaces).toMatchObject([
      { state: 'deferred', deferred: { doing: 'somebody else', retryAt: expect.any(Number) } },
    ]);
    expect(schedule.nextGitSync).toBe(workspaces[0]?.deferred?.retryAt);
    await lock.release();
    // A person need not wait for the retry: the button does it now, and the retry is not left over.
    expect((await end(app, app.sync.git({}))).outcome).toBe('done');
    expect(unwrap(await app.status.get())).toMatchObject({
      workspaces: [{ state: 'idle', deferred: null }],
      schedule: { nextGitSync: null },
    });
  });

  it('brings notes, announces them, and lets their log be read', async () => {
    const other = join(world.root, 'other');
    git(world.root, 'clone', '-q', join(world.root, 'remote.git'), other);
    const today = new Date().toISOString().slice(0, 10);
    put(other, `session-logs/${today}-mike-build.md`, '# Build\n\n## Note for hal\n\nThe build is red.\n');
    git(other, 'add', '.');
    git(other, 'commit', '-q', '-m', 'Save');
    git(other, 'push', '-q');
    const heard = new Promise<readonly InboxNote[]>((resolve) => app.onNewNotes(resolve));
    const unread = event(app, 'notes.changed', (payload) => payload.unread === 1);
    const done = await end(app, app.sync.git({}));
    expect(done).toMatchObject({ outcome: 'done', summary: { notes: 1 } });
    await unread;
    const [note] = await heard;
    expect(note).toMatchObject({ state: 'unread', text: expect.stringContaining('The build is red.') });
    const read = unwrap(await app.logs.read({ id: note?.log as never }));
    expect(read).toMatchObject({ state: 'here', text: expect.stringContaining('# Build') });
  });

  it('that needs a person says so and touches nothing', async () => {
    put(tree, MINE, SAVED);
    git(tree, 'checkout', '-q', '--detach');
    const failed = await end(app, app.sync.git({}));
    expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'attention' } });
    const { attention } = unwrap(await app.status.get());
    expect(attention).toMatchObject([{ kind: 'git-state', subject: tree, answers: ['retry', 'dismiss'] }]);
    git(tree, 'checkout', '-q', '-');
    expect((await end(app, app.sync.answer({ item: attention[0]?.id ?? '', answer: 'retry' }))).outcome).toBe(
      'done',
    );
    expect(unwrap(await app.status.get()).attention).toEqual([]);
    expect(readFileSync(join(tree, MINE), 'utf8')).toBe(SAVED);
  });

  it('is refused for trees that are not registered, and folders that are no tree are not', async () => {
    expect(await app.sync.git({ workspace: '/elsewhere' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
    expect(await app.settings.addWorkspace({ path: world.store, role: 'vault' })).toMatchObject({
      ok: false,
      error: { code: 'attention' },
    });
    expect(await app.settings.addWorkspace({ path: join(world.root, 'none'), role: 'vault' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
    unwrap(await app.settings.removeWorkspace({ path: tree, role: 'workspace' }));
    expect(await app.sync.git({})).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });
});
