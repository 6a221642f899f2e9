import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { checkSave, save, type SaveReport } from './save.ts';
import type { SavePlace, SaveRequest } from './save-plan.ts';
import { whoami } from '../workflows/whoami.ts';

const EVE = { user: 'eve', name: 'Eve Ng', email: 'eve@example.com' };

let world: SaveWorld;
let place: SavePlace;
let outside: string;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17, 3, 0);
  place = { ...world.place, author: EVE };
  outside = join(world.home, '..', 'elsewhere');
  mkdirSync(outside);
});
afterEach(() => world.end());

const attempt = (text: string, more: Partial<SaveRequest> = {}) =>
  save(world.deps, place, world.request(text, { cwd: outside, topic: 'tax return', ...more }));
const saved = async (text: string, more: Partial<SaveRequest> = {}): Promise<SaveReport> =>
  unwrap(await attempt(text, more));
const text = (report: SaveReport): string => readFileSync(report.file, 'utf8');

describe('a save outside a work tree', () => {
  it('writes the whole log into the data folder, in the month, signed by its author and private', async () => {
    const report = await saved('Sent it.\n\n## Key Decisions\n\n- by post\n', { session: 's-1' });
    expect(report).toMatchObject({
      path: 'session-logs/2026-06/2026-06-05-eve-tax-return.md',
      workspace: null,
      action: 'created',
      author: { user: 'eve', fullName: 'Eve Ng', machine: 'GURU-KALI' },
      problem: null,
      warnings: [],
    });
    expect(text(report)).toContain('- **User:** Eve Ng (eve)\n- **Machine:** GURU-KALI\n');
    expect(text(report)).toContain('## Key Decisions\n\n- by post');
    expect(readLogText(text(report), report.path).author).toBe('Eve Ng');
    expect(statSync(report.file).mode & 0o777).toBe(0o600);
  });

  it('is listed once: the daily log has no second account of it', async () => {
    const report = await saved('x', { session: 's-1' });
    expect(report.daily).toBeNull();
    expect((await world.list()).home).toEqual([report.path]);
  });

  it('goes on in the log of its session, also on another day and after state/ is gone', async () => {
    const first = await saved('One.', { session: 's-1', scope: { kind: 'project', name: 'harbor' } });
    world.now = Date.UTC(2026, 6, 1, 17, 3, 0);
    const again = await saved('Two.', { session: 's-1' });
    expect(again).toMatchObject({ path: first.path, action: 'appended' });
    rmSync(join(world.home, 'state'), { recursive: true });
    const third = await saved('Three.', { session: 's-1' });
    expect(third.path).toBe(first.path);
    expect(text(third)).toContain('## Update: 2026-07-01 10:03 PT \u2014 tax return');
    expect(await saved('Three.', { session: 's-1' })).toMatchObject({ action: 'unchanged' });
  });

  it('gives another session of the same topic a log of its own', async () => {
    await saved('One.', { session: 's-1' });
    const other = await saved('Two.', { session: 's-2' });
    expect(other.path).toBe('session-logs/2026-06/2026-06-05-eve-tax-return-2.md');
  });

  it('takes any project or client, and one that is there in its own spelling', async () => {
    const first = await saved('x', { scope: { kind: 'project', name: 'Harbor' } });
    expect(first.path).toBe('session-logs/projects/Harbor/2026-06/2026-06-05-eve-tax-return.md');
    const second = await saved('y', { scope: { kind: 'project', name: 'harbor' }, topic: 'two' });
    expect(second.path).toBe('session-logs/projects/Harbor/2026-06/2026-06-05-eve-two.md');
    const client = await saved('z', { scope: { kind: 'client', name: 'acme' } });
    expect(client.path).toBe('session-logs/clients/acme/2026-06/2026-06-05-eve-tax-return.md');
  });

  it.each(['../etc', 'a/b', '', '.', 'con', 'x\u0000y'])('refuses the project %j', async (name) => {
    expect(await attempt('x', { scope: { kind: 'project', name } })).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
  });

  it('refuses a project that leads out of the data folder', async () => {
    mkdirSync(join(world.home, 'session-logs/projects'), { recursive: true });
    symlinkSync(outside, join(world.home, 'session-logs/projects/away'));
    expect(await attempt('x', { scope: { kind: 'project', name: 'away' } })).toMatchObject({
      error: { code: 'denied' },
    });
  });

  it('takes --log only below session-logs, and not the daily log', async () => {
    const log = (path: string) => attempt('x', { log: join(world.home, path) });
    expect(await log('session-logs/2026-06/2026-06-05-eve-own.md')).toMatchObject({ ok: true });
    for (const path of [
      'session-logs-cache/session-logs/2026-06-05-eve-own.md',
      'session-logs/SESSION-LOG-2026-06-05.md',
      'session-logs/2026-06-05-mike-own.md',
      'unsaved/2026-06-05-eve-own.md',
    ])
      expect(await log(path)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});

describe('where a save goes', () => {
  const identity = (): string => join(world.workspace, '.claude/identity.json');

  it('is the work tree whenever it has an identity, whoever the author is', async () => {
    const report = await saved('x', { cwd: world.workspace });
    expect(report).toMatchObject({ workspace: world.workspace, author: { user: 'mike' } });
  });

  it('is the only registered work tree for a folder outside, as before', async () => {
    place = { ...place, workspaces: [world.workspace] };
    expect(await saved('x')).toMatchObject({ workspace: world.workspace });
    rmSync(identity());
    expect(await saved('x')).toMatchObject({ workspace: null });
  });

  it('is the data folder for a work tree without identity, said where the team lists its people', async () => {
    rmSync(identity());
    const report = await saved('x', { cwd: world.workspace });
    expect(report).toMatchObject({ workspace: null, author: { user: 'eve' } });
    expect(report.warnings).toEqual([expect.stringContaining('whoami --set --workspace')]);
    rmSync(join(world.workspace, '.claude/users.json'));
    expect((await saved('y', { cwd: world.workspace })).warnings).toEqual([]);
  });

  it.each([
    ['broken', '{', 'corrupt'],
    [
      'for another host',
      JSON.stringify({ user: 'mike', full_name: 'Mike Swanson', machine: 'OTHER' }),
      'attention',
    ],
  ])('is nowhere when the identity of the work tree is %s', async (_, content, code) => {
    writeFileSync(identity(), content);
    expect(await attempt('x', { cwd: world.workspace })).toMatchObject({ ok: false, error: { code } });
  });

  it('is nowhere when a named work tree has no identity: another place was not asked for', async () => {
    rmSync(identity());
    expect(await attempt('x', { workspace: world.workspace })).toMatchObject({
      ok: false,
      error: { code: 'not-configured' },
    });
  });
});

describe('nobody was named', () => {
  it('stops with the command that names the person git knows, and keeps the text', async () => {
    place = { ...world.place, proposal: async () => EVE };
    const failed = await attempt('Long text.');
    expect(failed).toMatchObject({
      ok: false,
      error: {
        code: 'not-configured',
        details: { needs: 'author', keptAt: expect.stringContaining('unsaved') },
      },
    });
    expect(failed.ok ? '' : failed.error.remedy).toContain(
      'session-log whoami --set "Eve Ng" --user eve --email eve@example.com.',
    );
    expect((await world.list()).home).toEqual([expect.stringMatching(/^unsaved\//)]);
  });

  it('is found before a text is written, like everything else that needs none', async () => {
    const check = (more: Partial<SaveRequest>) =>
      checkSave(world.deps, place, world.request('', { cwd: outside, ...more }));
    expect(await check({})).toMatchObject({ ok: true });
    expect(await check({ log: join(world.home, 'x.md') })).toMatchObject({
      error: { code: 'invalid-input' },
    });
    expect(await check({ session: 'no id' })).toMatchObject({ error: { code: 'invalid-input' } });
    place = world.place;
    expect(await check({})).toMatchObject({ error: { code: 'not-configured' } });
    expect((await world.list()).home).toEqual([]);
  });
});

describe('whoami', () => {
  it('says which one speaks here', async () => {
    const ask = (cwd: string) => whoami(world.deps.files, place, { cwd, workspace: null });
    expect(unwrap(await ask(world.workspace))).toMatchObject({ source: 'workspace', user: 'mike' });
    expect(unwrap(await ask(outside))).toMatchObject({
      source: 'data-folder',
      workspace: null,
      user: 'eve',
      block: '## User\n\n- **User:** Eve Ng (eve)\n- **Machine:** GURU-KALI',
      path: place.paths.settings,
    });
    place = world.place;
    expect(await ask(outside)).toMatchObject({
      error: { code: 'not-configured', details: { needs: 'author' } },
    });
  });
});

describe('a disk that refuses', () => {
  it('writes nothing elsewhere when session-logs is not a folder', async () => {
    writeFileSync(join(world.home, 'session-logs'), 'a file in the place of the folder');
    expect(await attempt('x')).toMatchObject({ ok: false });
    expect(readFileSync(join(world.home, 'session-logs'), 'utf8')).toBe('a file in the place of the folder');
  });
});
