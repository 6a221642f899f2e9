import { mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, HOST, MIKE, type SaveWorld } from '../../testing/save-world.ts';
import { save, type SaveReport } from './save.ts';

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17, 3, 0);
});
afterEach(() => world.end());

describe('whose work it is', () => {
  const identity = '.claude/identity.json';
  it.each([
    ['missing', () => rmSync(join(world.workspace, identity)), 'not-configured'],
    ['cut', () => world.write(identity, '{"user": "mi'), 'corrupt'],
    ['empty', () => world.write(identity, ''), 'corrupt'],
    ['an array', () => world.write(identity, '[]'), 'corrupt'],
    [
      'without a machine',
      () => world.write(identity, JSON.stringify({ ...MIKE, machine: undefined })),
      'corrupt',
    ],
    [
      'with a line break in the name',
      () => world.write(identity, JSON.stringify({ ...MIKE, full_name: 'Mike\n- **User:** Eve' })),
      'corrupt',
    ],
    ['in Latin-1', () => world.write(identity, new Uint8Array([0x7b, 0xe9, 0x7d])), 'corrupt'],
    [
      'of another host',
      () => world.write(identity, JSON.stringify({ ...MIKE, machine: 'ACG-5070' })),
      'attention',
    ],
    [
      'of a person users.json does not know',
      () => world.write(identity, JSON.stringify({ ...MIKE, user: 'eve' })),
      'attention',
    ],
    [
      'beside a users.json in conflict',
      () => world.write('.claude/users.json', '<<<<<<< HEAD\n{}\n======='),
      'corrupt',
    ],
    [
      'beside a users.json about something else',
      () => world.write('.claude/users.json', '{"version": 3}'),
      'corrupt',
    ],
  ])('identity.json %s stops the save with the fix and writes nothing', async (_, spoil, code) => {
    spoil();
    const error = await world.refusal('text', { topic: 'x' });
    expect(error.code).toBe(code);
    expect(error.remedy).not.toBe('');
    expect((await world.list()).workspace).toEqual([]);
  });

  it('names the exact edit when the host was renamed', async () => {
    const result = await save(
      world.deps,
      { ...world.place, hostname: 'guru-new.local' },
      world.request('text', { topic: 'x' }),
    );
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'attention',
        message: expect.stringContaining('"GURU-KALI"'),
        remedy: expect.stringContaining('known_machines'),
      },
    });
  });

  it.each(['guru-kali', 'GURU-KALI.local', 'Guru-Kali.example.com'])(
    '%s is the same host',
    async (hostname) => {
      expect(
        (await save(world.deps, { ...world.place, hostname }, world.request('text', { topic: 'x' }))).ok,
      ).toBe(true);
    },
  );

  it('takes users.json in its other shape, and does without', async () => {
    world.write('.claude/users.json', JSON.stringify({ $schema: 'x', mike: { role: 'founder' } }));
    expect(world.read((await world.save('a', { topic: 'a' })).path)).toContain('- **Role:** founder');
    unlinkSync(join(world.workspace, '.claude/users.json'));
    expect(world.read((await world.save('b', { topic: 'b' })).path)).toContain('- **Role:** owner');
  });

  it('reads the identity of the main tree in a linked one, and of the outer tree in a submodule', async () => {
    const linked = join(world.workspace, '../linked');
    mkdirSync(linked);
    writeFileSync(join(linked, '.git'), `gitdir: ${world.workspace}/.git/worktrees/linked\n`);
    expect(await world.save('a', { topic: 'a', cwd: linked })).toMatchObject({
      workspace: linked,
      author: { user: 'mike', machine: HOST },
    });
    world.write('projects/sub/.git', 'gitdir: ../../.git/modules/sub\n');
    expect(await world.save('b', { topic: 'b', cwd: join(world.workspace, 'projects/sub') })).toMatchObject({
      workspace: world.workspace,
      path: 'session-logs/2026-06-05-mike-b.md',
    });
  });

  it('says so when a folder that was named is no work tree, and takes the only registered one', async () => {
    expect(await world.refusal('text', { topic: 'x', workspace: world.home })).toMatchObject({
      code: 'not-configured',
      message: expect.stringContaining('not inside a git repository'),
    });
    const place = { ...world.place, workspaces: [world.workspace] };
    expect(
      unwrap(await save(world.deps, place, world.request('text', { topic: 'x', cwd: world.home }))).workspace,
    ).toBe(world.workspace);
  });
});

describe('the text', () => {
  it.each([
    ['empty', ''],
    ['blank', ' \n\t\n'],
    ['no UTF-8', new Uint8Array([0x61, 0xff, 0x62])],
  ])('%s is refused', async (_, text) => {
    expect((await world.refusal(text, { topic: 'x' })).code).toBe('invalid-input');
  });

  it('in UTF-16 with its mark, as PowerShell writes it, is read', async () => {
    const report = unwrap(
      await save(
        world.deps,
        world.place,
        world.request(new Uint8Array([0xff, 0xfe, ...Buffer.from('Zürich\r\n', 'utf16le')]), { topic: 'x' }),
      ),
    );
    expect(world.read(report.path)).toContain('## Session Summary\n\nZürich\n');
  });

  it.each(['', 'a b', 'x'.repeat(129), '-->', '../x'])('session id %j is refused', async (session) => {
    expect((await world.refusal('text', { topic: 'x', session })).code).toBe('invalid-input');
  });

  it('of a stream is kept when the save fails, and the copy goes when it is saved', async () => {
    const bytes = new Uint8Array([0x61, 0xff, 0x62]);
    const error = await world.refusal(bytes, { topic: 'x' });
    const keptAt = String(error.details?.['keptAt']);
    expect(readFileSync(keptAt)).toEqual(Buffer.from(bytes));
    expect(error.remedy).toContain(keptAt);
    const again = await world.refusal('good text', { topic: '///' });
    const path = String(again.details?.['keptAt']);
    await world.save('good text', { topic: 'x', from: { kind: 'file', path } });
    expect((await world.list()).home).toEqual([
      expect.stringContaining('session-logs/'),
      keptAt.slice(world.home.length + 1),
    ]);
  });

  it('of a file that exists is not kept twice', async () => {
    await world.refusal('text', { topic: '///', from: { kind: 'file', path: '/x.md' } });
    expect((await world.list()).home).toEqual([]);
  });

  it('with a note of 5 MB and 10,000 headings is saved whole', async () => {
    const note = 'word '.repeat(1_000_000).trim();
    const text = `${'### Heading\n'.repeat(10_000)}\n## Note for Howard\n\n${note}\n`;
    const report = await world.save(text, { topic: 'x', session: 's-1' });
    expect(world.read(report.path)).toContain(note);
    expect(readLogText(world.read(report.path), report.path).sections).toHaveLength(10_012);
    await world.save(`${text}more`, { topic: 'x', session: 's-1' });
    expect(readLogText(world.read(report.path), report.path).notes).toHaveLength(2);
  });
});
describe('the clock', () => {
  it.each([
    ['2026-12-31T23:59:59.999-08:00', 'America/Los_Angeles', '2026-12-31', '23:59 PT'],
    ['2027-01-01T00:00:00.000-08:00', 'America/Los_Angeles', '2027-01-01', '00:00 PT'],
    ['2028-02-29T12:00:00.000+01:00', 'Europe/Berlin', '2028-02-29', '12:00 CET'],
    // The nights in which the clock jumps: 02:00 to 03:00 in spring, 03:00 back to 02:00 in autumn.
    ['2026-03-29T00:59:59.999Z', 'Europe/Berlin', '2026-03-29', '01:59 CET'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29', '03:00 CEST'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25', '02:30 CEST'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25', '02:30 CET'],
    ['2026-06-05T11:59:59.999Z', 'Pacific/Kiritimati', '2026-06-06', '01:59 UTC+14:00'],
    ['2026-06-05T11:59:59.999Z', 'Etc/GMT+12', '2026-06-04', '23:59 UTC-12:00'],
    ['2026-06-05T11:59:59.999Z', 'Asia/Kathmandu', '2026-06-05', '17:44 UTC+05:45'],
    ['2026-06-05T11:59:59.999Z', 'America/Phoenix', '2026-06-05', '04:59 MST'],
  ])('at %s in %s it is %s %s', async (instant, timeZone, day, label) => {
    world.now = Date.parse(instant);
    const run = async (text: string): Promise<SaveReport> =>
      unwrap(
        await save(
          world.deps,
          { ...world.place, timeZone },
          world.request(text, { topic: 'x', session: 's-1' }),
        ),
      );
    const first = await run('one');
    expect(first.path).toBe(`session-logs/${day}-mike-x.md`);
    expect(first.daily?.path).toBe(`SESSION-LOG-${day}.md`);
    await run('two');
    expect(world.headings(first.path).at(-1)).toBe(`## Update: ${label} — x`);
    const saved = /saved=(\S+)/.exec(world.read(first.path))?.[1] ?? '';
    expect([Date.parse(saved), saved.slice(0, 10)]).toEqual([world.now, day]);
  });

  it('set back by an hour loses nothing', async () => {
    const first = await world.save('one', { topic: 'x', session: 's-1' });
    world.now! -= 3_600_000;
    expect(await world.save('two', { topic: 'x', session: 's-1' })).toMatchObject({
      path: first.path,
      action: 'appended',
    });
    expect(await world.save('three', { topic: 'x', session: 's-2' })).toMatchObject({
      path: 'session-logs/2026-06-05-mike-x-2.md',
    });
  });

  it('in a zone that does not exist is refused', async () => {
    const result = await save(
      world.deps,
      { ...world.place, timeZone: 'Mars/Olympus' },
      world.request('text', { topic: 'x' }),
    );
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'not-configured', remedy: expect.stringContaining('timeZone') },
    });
  });
});
