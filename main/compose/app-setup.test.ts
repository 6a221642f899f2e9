import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import { createAppWorld, event, type AppWorld } from '../testing/app-world.ts';

let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
});
afterEach(() => world.end());

const EVE = { name: 'Eve Ng', user: 'eve', email: '' };
const claude = (path: string): string => join(world.root, 'claude', path);

describe('the welcome', () => {
  it('shows the change before it connects Claude Code, and takes it back', async () => {
    const { setup } = await world.open('a');
    expect(unwrap(await setup.look()).agents).toMatchObject([{ isFound: false, state: 'not-connected' }]);
    mkdirSync(claude(''));
    writeFileSync(claude('settings.json'), '{"model": "opus"}');
    const shown = unwrap(await setup.connectAgent({ agent: 'claude-code', dryRun: true }));
    expect(shown.files.map(({ action }) => action)).toEqual(['changed', 'created', 'created', 'created']);
    expect(shown.files[0]?.diff).toContain('SessionStart');
    expect(shown.files[3]?.diff).toContain('mcpServers');
    expect(shown.agent).toMatchObject({ isFound: true, state: 'not-connected' });
    expect(existsSync(claude('commands'))).toBe(false);
    expect(unwrap(await setup.connectAgent({ agent: 'claude-code', dryRun: false })).agent.state).toBe(
      'connected',
    );
    expect(readFileSync(claude('.claude.json'), 'utf8')).toContain('"mcp"');
    expect(unwrap(await setup.look()).agents).toMatchObject([{ state: 'connected' }]);
    expect(unwrap(await setup.disconnectAgent({ agent: 'claude-code', dryRun: false })).agent.state).toBe(
      'not-connected',
    );
    expect(existsSync(claude('.claude.json'))).toBe(false);
    expect(readFileSync(claude('settings.json'), 'utf8')).toBe('{"model": "opus"}');
  });

  it('says what is wrong with settings of Claude Code that cannot be read', async () => {
    const { setup } = await world.open('a');
    mkdirSync(claude(''));
    writeFileSync(claude('settings.json'), '{');
    expect(unwrap(await setup.look()).agents).toMatchObject([
      { state: 'broken', problem: { code: 'corrupt' } },
    ]);
    expect(await setup.connectAgent({ agent: 'claude-code', dryRun: true })).toMatchObject({ ok: false });
  });

  it('shows what copying logs that no workspace lists does, copies them into the list, and takes them away again', async () => {
    const a = await world.openJoined('a');
    a.start();
    const tree = join(world.root, 'user/code/dunes');
    mkdirSync(join(tree, 'docs/session-logs'), { recursive: true });
    writeFileSync(join(tree, 'docs/session-logs/2026-01-05-eve-tides.md'), '# Tide tables\n');
    writeFileSync(join(tree, 'docs/session-logs/README.md'), '# About\n');
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', tree, '-c', 'user.name=Eve', '-c', 'user.email=eve@example.com', ...args], {
        encoding: 'utf8',
      });
    execFileSync('git', ['init', '-q', tree]);
    git('add', '.');
    git('commit', '-q', '-m', 'logs');
    const head = git('rev-parse', 'HEAD');
    const request = { workspace: tree, takeUnnamed: false, dryRun: true };
    expect(unwrap(await a.setup.nearby()).trees).toMatchObject([
      { root: tree, unlisted: ['docs/session-logs'], copied: 0 },
    ]);
    expect(unwrap(await a.setup.copyLogs(request))).toMatchObject({
      logs: 0,
      unnamed: { logs: 1, authors: ['Eve <eve@example.com>'] },
      passedOver: 1,
    });
    const taking = { ...request, takeUnnamed: true };
    expect(unwrap(await a.setup.copyLogs(taking))).toMatchObject({
      logs: 1,
      days: { first: '2026-01-05', last: '2026-01-05' },
    });
    expect(existsSync(join(world.homeOf('a'), 'migrations'))).toBe(false);
    const listed = event(a, 'index.changed');
    expect(unwrap(await a.setup.copyLogs({ ...taking, dryRun: false }))).toMatchObject({ logs: 1 });
    await listed;
    expect(unwrap(await a.logs.page({})).rows).toMatchObject([{ title: 'Tide tables', date: '2026-01-05' }]);
    expect(unwrap(await a.setup.nearby()).trees).toMatchObject([{ copied: 1 }]);
    expect(unwrap(await a.setup.undoCopy({ workspace: tree }))).toEqual({ removed: 1, kept: [] });
    expect(unwrap(await a.setup.nearby()).trees).toMatchObject([{ copied: 0 }]);
    expect(await a.setup.undoCopy({ workspace: tree })).toMatchObject({ error: { code: 'not-found' } });
    expect(git('rev-parse', 'HEAD') + git('status', '--porcelain')).toBe(head);
  });

  it('keeps who somebody is, for notes and identity card, and writes an identity only when asked', async () => {
    const a = await world.open('a');
    const tree = join(world.root, 'user/code/harbor');
    mkdirSync(join(tree, 'session-logs'), { recursive: true });
    mkdirSync(join(tree, '.claude'));
    writeFileSync(join(tree, '.claude/users.json'), '{"eve": {}}');
    writeFileSync(join(tree, 'session-logs/2026-06-05-eve-dns.md'), '# DNS\n');
    execFileSync('git', ['init', '-q', tree]);
    expect(await a.setup.writeIdentity({ workspace: tree })).toMatchObject({
      error: { code: 'not-configured' },
    });
    unwrap(await a.settings.set({ change: { author: EVE } }));
    expect(unwrap(await a.setup.look()).author).toEqual(EVE);
    expect(unwrap(await a.identity.card()).person).toMatchObject({ user: 'eve', fullName: 'Eve Ng' });
    expect(unwrap(await a.setup.nearby())).toMatchObject({
      trees: [{ root: tree, logs: 1, isListable: true, isRegistered: false, identity: 'wanted' }],
      isComplete: true,
    });
    expect(unwrap(await a.setup.writeIdentity({ workspace: tree })).path).toContain('identity.json');
    expect(unwrap(await a.setup.nearby()).trees).toMatchObject([{ identity: 'there' }]);
    expect(await a.settings.set({ change: { author: { user: 'e v e' } } })).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', details: { field: 'author.user' } },
    });
  });
});

describe('settings that cannot be read', () => {
  it('are said to pages while the app runs, and come back when a person chooses', async () => {
    const a = await world.openJoined('a');
    a.start();
    const file = join(world.homeOf('a'), 'settings.json');
    const told = event(a, 'settings.changed');
    writeFileSync(file, '{"store": {');
    await told;
    expect(unwrap(await a.settings.get())).toMatchObject({ problem: { code: 'corrupt' }, hasLastGood: true });
    const back = event(a, 'settings.changed', ({ store }) => store.tenant === 'team');
    expect(unwrap(await a.settings.recover({ from: 'last-good' })).settings.store.tenant).toBe('team');
    await back;
    expect(unwrap(await a.settings.get())).toMatchObject({
      problem: null,
      settings: { store: { tenant: 'team' } },
    });
    expect(unwrap(await a.status.get()).attention).toEqual([]);
  });

  it('are said at the start, and the defaults are a choice', async () => {
    mkdirSync(world.homeOf('b'));
    writeFileSync(join(world.homeOf('b'), 'settings.json'), 'x');
    const b = await world.open('b');
    expect(unwrap(await b.settings.get())).toMatchObject({
      problem: { code: 'corrupt' },
      hasLastGood: false,
    });
    expect(await b.settings.recover({ from: 'last-good' })).toMatchObject({ error: { code: 'not-found' } });
    unwrap(await b.settings.recover({ from: 'defaults' }));
    expect(unwrap(await b.settings.get()).problem).toBeNull();
    expect(unwrap(await b.logs.page({})).rows).toEqual([]);
  });
});
