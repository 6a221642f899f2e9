import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSaveWorld, MIKE, type SaveWorld } from '../../testing/save-world.ts';
import type { SaveRequest } from './save-plan.ts';

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17, 3, 0);
});
afterEach(() => world.end());

describe('file names', () => {
  it('numbers a name that another session has, and never touches that one', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    const before = world.read(first.path);
    const second = await world.save('two', { topic: 'DNS', session: 's-2' });
    const third = await world.save('three', { topic: 'dns!', session: 's-3' });
    expect([second.path, third.path]).toEqual([
      'session-logs/2026-06-05-mike-dns-2.md',
      'session-logs/2026-06-05-mike-dns-3.md',
    ]);
    expect(world.read(first.path)).toBe(before);
  });

  it.each([
    ['a/b\\c: "d"', 'a-b-c-d'],
    ['../../etc/passwd', 'etc-passwd'],
    ['\u{1f389} party \u{1f389}', 'party'],
    ['Zürich — naïve', 'zurich-naive'],
    ['東京 の DNS', '東京-の-dns'],
    ['x'.repeat(300), 'x'.repeat(60)],
    ['word '.repeat(60), Array.from({ length: 12 }, () => 'word').join('-')],
    ['CON', 'con'],
    ['a\u0000b\nc', 'a-b-c'],
  ])('topic %j becomes %j', async (topic, slug) => {
    expect((await world.save('text', { topic })).path).toBe(`session-logs/2026-06-05-mike-${slug}.md`);
  });

  it('finds a topic in the title or the first words', async () => {
    expect((await world.save('# Session Log - 2026-06-05 - Mail flow\n\nx')).path).toBe(
      'session-logs/2026-06-05-mike-mail-flow.md',
    );
    expect(
      (await world.save('## Session Summary\n\nMoved the **zone** of three customers to new servers.')).path,
    ).toBe('session-logs/2026-06-05-mike-moved-the-zone-of-three-customers.md');
  });

  it.each(['', '   ', '\u{1f389}', '///'])('topic %j is refused', async (topic) => {
    expect(await world.refusal('text', { topic })).toMatchObject({ code: 'invalid-input' });
  });

  it('keeps the user in one piece, because the name is read back at its dashes', async () => {
    world.write('.claude/identity.json', JSON.stringify({ ...MIKE, user: 'Jean-Luc' }));
    world.write('.claude/users.json', JSON.stringify({ 'Jean-Luc': {} }));
    expect((await world.save('x', { topic: 'y' })).path).toBe('session-logs/2026-06-05-jean_luc-y.md');
  });
});

describe('a log that is named', () => {
  const named = (name: string): Partial<SaveRequest> => ({
    log: join(world.workspace, name),
    session: 's-9',
  });

  it('is made under exactly that name, then continued', async () => {
    const name = 'session-logs/2026-06-05-mike-mine.md';
    expect(await world.save('one', { ...named(name), topic: 'other' })).toMatchObject({
      path: name,
      action: 'created',
    });
    expect(await world.save('two', named(name))).toMatchObject({
      path: name,
      action: 'appended',
      session: 's-9',
    });
    expect(await world.save('three', { ...named(name), session: null })).toMatchObject({
      path: name,
      action: 'appended',
      session: 's-9',
    });
    expect((await world.refusal('four', { ...named(name), session: 's-8' })).code).toBe('attention');
  });

  it.each([
    'session-logs/2026-06-05-session.md',
    'session-logs/2026-06-05-Session-2.md',
    'session-logs/2026-06-05-howard-x.md',
    'session-logs/notes.md',
    'docs/2026-06-05-mike-x.md',
    'session-logs/../../2026-06-05-mike-x.md',
    '../session-logs/2026-06-05-mike-x.md',
    'session-logs/2026-06-31-mike-x.md',
  ])('%s is refused', async (name) => {
    expect((await world.refusal('text', { log: `${world.workspace}/${name}`, session: 's-9' })).code).toBe(
      'invalid-input',
    );
    expect((await world.list()).workspace).toEqual([]);
  });
});

describe('the folder', () => {
  const path = async (more: Partial<SaveRequest>): Promise<string> =>
    (await world.save(`text ${Math.random()}`, { topic: 'x', ...more })).path;
  beforeEach(() => {
    for (const folder of ['projects/guru-rmm/src', 'clients/acme'])
      mkdirSync(join(world.workspace, folder), { recursive: true });
  });

  it('follows the current folder, a named project or client in any case', async () => {
    expect(await path({ cwd: join(world.workspace, 'projects/guru-rmm/src') })).toBe(
      'projects/guru-rmm/session-logs/2026-06-05-mike-x.md',
    );
    expect(await path({ cwd: join(world.workspace, 'clients/acme') })).toBe(
      'clients/acme/session-logs/2026-06-05-mike-x.md',
    );
    expect(await path({ cwd: join(world.workspace, 'clients') })).toBe('session-logs/2026-06-05-mike-x.md');
    expect(
      await path({
        cwd: join(world.workspace, 'clients/acme'),
        scope: { kind: 'project', name: 'Guru-RMM' },
      }),
    ).toBe('projects/guru-rmm/session-logs/2026-06-05-mike-x-2.md');
  });

  it('uses months when the tree does', async () => {
    mkdirSync(join(world.workspace, 'session-logs/2026-05'), { recursive: true });
    expect(await path({})).toBe('session-logs/2026-06/2026-06-05-mike-x.md');
    expect(await path({ scope: { kind: 'client', name: 'acme' } })).toBe(
      'clients/acme/session-logs/2026-06/2026-06-05-mike-x.md',
    );
  });

  it.each(['acme/..', '..', '.hidden', 'nul', ''])('project %j is refused', async (name) => {
    expect((await world.refusal('text', { topic: 'x', scope: { kind: 'project', name } })).code).toBe(
      'invalid-input',
    );
  });

  it('does not found a project by a typing error', async () => {
    const error = await world.refusal('text', { topic: 'x', scope: { kind: 'project', name: 'guru-rnm' } });
    expect(error).toMatchObject({ code: 'not-found', details: { candidates: ['guru-rmm'] } });
    expect((await world.list()).workspace).toEqual([]);
  });

  it.each([
    ['session-logs', '.git/hooks'],
    ['session-logs/2026-06', '../elsewhere'],
    ['projects/dataforth/session-logs', '../../elsewhere'],
    ['projects/dataforth', '../elsewhere'],
  ])('is never reached through a link, also one that stays inside: %s -> %s', async (at, target) => {
    for (const folder of ['.git/hooks', 'elsewhere/2026-06', 'projects/other', 'session-logs/2026-06'])
      mkdirSync(join(world.workspace, folder), { recursive: true });
    if (at === 'projects/dataforth/session-logs')
      mkdirSync(join(world.workspace, 'projects/dataforth'), { recursive: true });
    rmSync(join(world.workspace, at), { recursive: true, force: true });
    symlinkSync(target, join(world.workspace, at));
    const scope = at.startsWith('projects/') ? ({ kind: 'project', name: 'dataforth' } as const) : null;
    const before = await world.list();
    expect(await world.refusal('text', { topic: 'x', scope })).toMatchObject({
      code: 'denied',
      message: expect.stringContaining(`/${at} is a link`),
    });
    const after = await world.list();
    expect(after.workspace, 'nothing is written behind it').toEqual(before.workspace);
  });

  it('is never inside a git tree of its own, nor behind a link that leaves the workspace', async () => {
    mkdirSync(join(world.workspace, 'projects/guru-rmm/.git'));
    const report = await world.save('text', { topic: 'x', scope: { kind: 'project', name: 'guru-rmm' } });
    expect(report).toMatchObject({
      path: 'session-logs/2026-06-05-mike-x.md',
      warnings: [expect.stringContaining('projects/guru-rmm is a git tree of its own')],
    });
    symlinkSync(world.home, join(world.workspace, 'clients/acme/session-logs'));
    expect((await world.refusal('text', { topic: 'x', scope: { kind: 'client', name: 'acme' } })).code).toBe(
      'denied',
    );
  });
});
