import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitCli } from '../../adapters/git/git-cli.ts';
import { nodeLocks } from '../../adapters/lock/node-locks.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeRandom } from '../../adapters/system/node-random.ts';
import { localDay } from '../logs/describe-log.ts';
import { assignMachine } from './assign-machine.ts';
import { migrate, type MigrateReport, type MigrateRequest } from './migrate.ts';
import { parseHistory } from './read-history.ts';
import { appError } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import { undoCopies, undoMigration } from './undo-migration.ts';

const SELF = { uuid: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', host: 'hal-mbp.local' };
const OTHER = { uuid: 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', host: 'HAL-IMAC' };
const FOLDER = 'docs/session-logs';

let root: string;
let repo: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'session-log-migrate-'));
  repo = join(root, 'rollout');
  mkdirSync(repo);
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Hal');
  git('config', 'user.email', 'hal@example.com');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: repo,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
}

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
}

function commit(message: string, ...paths: string[]): void {
  git('add', '--', ...paths);
  git('commit', '-q', '-m', message);
}

function deps() {
  return {
    git: gitCli(),
    locks: nodeLocks({ who: 'test' }),
    files: createNodeFiles(),
    bytes: createNodeBytes(),
    random: createNodeRandom(),
    clock: createNodeClock(),
    paths: { sessionLogs: join(root, 'home/session-logs'), migrations: join(root, 'home/migrations') },
  };
}

async function run(more: Partial<MigrateRequest> = {}): Promise<MigrateReport> {
  const result = await migrate(deps(), {
    repo,
    from: [FOLDER],
    history: false,
    self: SELF,
    machines: [OTHER],
    takeUnknown: false,
    mode: 'report',
    ...more,
  });
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const copied = (path: string): string => readFileSync(join(root, 'home/session-logs', path), 'utf8');

it('reports and changes nothing unless told to', async () => {
  write(`${FOLDER}/SESSION-LOG-2026-01-04.md`, 'four\n');
  commit('sync: auto-sync from hal-mbp at 2026-01-04\n\nAuthor: Hal\nMachine: hal-mbp', FOLDER);
  const report = await run();
  expect(report.copied).toMatchObject([{ target: 'SESSION-LOG-2026-01-04.md', size: 5 }]);
  expect(existsSync(join(root, 'home'))).toBe(false);
  expect(git('status', '--porcelain')).toBe('');
});

it('dates the copies by the commits that brought the logs, wherever they lay then, and leaves what is not a log', async () => {
  const at = (date: string): NodeJS.ProcessEnv => ({ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  const commitAt = (date: string): void => {
    git('add', '-A');
    execFileSync('git', ['commit', '-q', '-m', 'sync: auto-sync from hal-mbp at x'], {
      cwd: repo,
      env: { ...process.env, ...at(date) },
    });
  };
  write(`${FOLDER}/old/mail.md`, '# Mail\n');
  write(`${FOLDER}/README.md`, '# How to write logs\n');
  commitAt('2026-01-05T10:00:00+01:00');
  mkdirSync(join(repo, FOLDER, 'new'));
  git('mv', `${FOLDER}/old/mail.md`, `${FOLDER}/new/mail.md`);
  commitAt('2026-02-01T10:00:00+01:00');
  write(`${FOLDER}/new/mail.md`, '# Mail\n\nMore.\n');
  // In the first hours of a day that had not begun where most of the world lives.
  write(`${FOLDER}/far.md`, '# Far\n');
  commitAt('2026-02-02T00:30:00+14:00');
  write(`${FOLDER}/uncommitted.md`, '# Now\n');
  utimesSync(join(repo, FOLDER, 'uncommitted.md'), 1_767_700_000, 1_767_700_000);
  const report = await run({ mode: 'copy', takeUnknown: true });
  expect(report.passedOver).toEqual([`${FOLDER}/README.md`]);
  const dayOf = (path: string): string => localDay(statSync(join(root, 'home/session-logs', path)).mtimeMs);
  expect([dayOf('new/mail.md'), dayOf('far.md')]).toEqual(['2026-01-05', '2026-02-02']);
  expect(statSync(join(root, 'home/session-logs/uncommitted.md')).mtimeMs).toBe(1_767_700_000_000);
  expect(existsSync(join(root, 'home/session-logs/README.md'))).toBe(false);
});

it('copies this machine\u2019s logs byte for byte, leaves the others\u2019, and names whose nobody can tell', async () => {
  const bytes = new Uint8Array([0x61, 0xff, 0x0d, 0x0a, 0]);
  write(`${FOLDER}/SESSION-LOG-2026-01-04.md`, bytes);
  commit('logs\n\nMachine: HAL-MBP', FOLDER);
  write(`${FOLDER}/SESSION-LOG-2026-01-05.md`, 'other\n');
  commit(`logs\n\nMachine: hal-imac (${OTHER.uuid})`, FOLDER);
  write(`${FOLDER}/2026-01-06/notes.md`, 'whose\n');
  commit('by hand', FOLDER);
  const report = await run({ mode: 'copy' });
  expect(new Uint8Array(readFileSync(join(root, 'home/session-logs/SESSION-LOG-2026-01-04.md')))).toEqual(
    bytes,
  );
  expect(report.elsewhere).toEqual([{ path: `${FOLDER}/SESSION-LOG-2026-01-05.md`, machine: 'HAL-IMAC' }]);
  expect(report.unknown).toEqual([
    { path: `${FOLDER}/2026-01-06/notes.md`, author: 'Hal <hal@example.com>' },
  ]);
  expect((await run({ mode: 'copy', takeUnknown: true })).copied.map(({ target }) => target)).toEqual([
    '2026-01-06/notes.md',
  ]);
  const again = await run({ mode: 'copy', takeUnknown: true });
  expect(again).toMatchObject({ copied: [], manifest: null });
  expect(again.already).toHaveLength(2);
});

it('takes what is only in the work tree, and its newest words', async () => {
  write(`${FOLDER}/a.md`, 'old\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  write(`${FOLDER}/a.md`, 'old\nnew\n');
  write(`${FOLDER}/never-committed.md`, 'mine\n');
  await run({ mode: 'copy' });
  expect(copied('a.md')).toBe('old\nnew\n');
  expect(copied('never-committed.md')).toBe('mine\n');
});

it('finds versions and logs that only history has', async () => {
  write(`${FOLDER}/day.md`, 'lost paragraph\n');
  write(`${FOLDER}/gone.md`, 'deleted log\n');
  commit('1\n\nMachine: hal-mbp', FOLDER);
  write(`${FOLDER}/day.md`, 'overwritten\n');
  git('rm', '-q', `${FOLDER}/gone.md`);
  commit('2\n\nMachine: hal-mbp', FOLDER);
  write(`${FOLDER}/day.md`, 'overwritten\nand grown\n');
  commit('3\n\nMachine: hal-mbp', FOLDER);
  const report = await run({ mode: 'copy', history: true });
  expect(copied('day.md')).toBe('overwritten\nand grown\n');
  expect(copied('gone.md')).toBe('deleted log\n');
  const older = report.copied.find(({ target }) => /^day\.rollout-[0-9a-f]{10}\.md$/.test(target));
  expect(copied(older?.target ?? '')).toBe('lost paragraph\n');
  expect(report.contained).toBe(1);
});

it('takes logs out of git in a commit of its own, beside what others have staged, and back', async () => {
  write(`${FOLDER}/a.md`, 'one\n');
  write('src/x.txt', 'code\n');
  write('.gitignore', 'node_modules/\n');
  commit('start\n\nMachine: hal-mbp', '.');
  write('src/x.txt', 'staged by somebody\n');
  git('add', 'src/x.txt');
  write('src/y.txt', 'dirty\n');
  const report = await run({ mode: 'apply' });
  expect(git('show', '--name-status', '--format=%s', 'HEAD').trim().split('\n')).toEqual([
    'Keep session logs outside git',
    '',
    'M\t.gitignore',
    `D\t${FOLDER}/a.md`,
  ]);
  expect(readFileSync(join(repo, FOLDER, 'a.md'), 'utf8')).toBe('one\n');
  expect(git('status', '--porcelain').trimEnd().split('\n')).toEqual(['M  src/x.txt', '?? src/y.txt']);
  expect(copied('a.md')).toBe('one\n');
  expect(report.commit).toBe(git('rev-parse', 'HEAD').trim());

  const undone = await undoMigration(deps(), repo);
  expect(undone.ok && undone.value).toMatchObject({ removed: ['a.md'], kept: [] });
  expect(git('ls-files', FOLDER).trim()).toBe(`${FOLDER}/a.md`);
  expect(readFileSync(join(repo, '.gitignore'), 'utf8')).toBe('node_modules/\n');
  expect(git('status', '--porcelain').trimEnd().split('\n')).toEqual(['M  src/x.txt', '?? src/y.txt']);
  expect(git('fsck', '--full', '--strict')).toBe('');
  const nothing = await undoMigration(deps(), repo);
  expect(nothing.ok ? null : nothing.error.code).toBe('not-found');
});

it('keeps a copy that was changed since, when it undoes', async () => {
  write(`${FOLDER}/a.md`, 'one\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  await run({ mode: 'copy' });
  writeFileSync(join(root, 'home/session-logs/a.md'), 'one\nand more\n');
  const undone = await undoMigration(deps(), repo);
  expect(undone.ok && undone.value).toMatchObject({ removed: [], kept: ['a.md'] });
});

it('says the days of what it copies, and what names no machine, copied or left', async () => {
  write(`${FOLDER}/2026-01-05-hal-a.md`, '# A\n');
  write(`${FOLDER}/b.md`, '**Date:** 2026-03-14\n');
  commit('logs', FOLDER);
  const left = await run();
  expect(left).toMatchObject({ copied: [], days: null, unnamed: { logs: 2 } });
  const taken = await run({ takeUnknown: true });
  expect(taken).toMatchObject({
    days: { first: '2026-01-05', last: '2026-03-14' },
    unnamed: { logs: 2, authors: ['Hal <hal@example.com>'] },
  });
});

it('ends between two logs, and what is copied by then can be taken away again', async () => {
  write(`${FOLDER}/a.md`, 'one\n');
  write(`${FOLDER}/b.md`, 'two\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  const controller = new AbortController();
  const { files, ...others } = deps();
  const create: typeof files.create = (...args) => {
    controller.abort();
    return files.create(...args);
  };
  const stopped = await migrate(
    { ...others, files: { ...files, create } },
    {
      repo,
      from: [FOLDER],
      history: false,
      self: SELF,
      machines: [],
      takeUnknown: false,
      mode: 'copy',
      signal: controller.signal,
    },
  );
  expect(stopped).toMatchObject({ value: { isStopped: true, copied: [{ target: 'a.md' }] } });
  expect((await run({ mode: 'copy' })).already).toHaveLength(1);
  expect(await undoCopies(deps(), repo)).toMatchObject({ value: { removed: ['b.md', 'a.md'], kept: [] } });
  expect(await undoCopies(deps(), repo)).toMatchObject({ error: { code: 'not-found' } });
});

it('keeps the way back of what was copied before a copy failed', async () => {
  write(`${FOLDER}/a.md`, 'one\n');
  write(`${FOLDER}/b.md`, 'two\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  const { files, ...others } = deps();
  const create: typeof files.create = (path, ...rest) =>
    path.endsWith('b.md')
      ? Promise.resolve(err(appError('disk-full', 'The disk is full.', 'Make room.')))
      : files.create(path, ...rest);
  const request = { repo, from: [FOLDER], history: false, self: SELF, machines: [], takeUnknown: false };
  expect(
    await migrate({ ...others, files: { ...files, create } }, { ...request, mode: 'copy' }),
  ).toMatchObject({ error: { code: 'disk-full' } });
  expect(await undoCopies(deps(), repo)).toMatchObject({ value: { removed: ['a.md'] } });
});

it('leaves it to a terminal to undo what made a commit', async () => {
  write(`${FOLDER}/a.md`, 'one\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  await run({ mode: 'apply' });
  expect(await undoCopies(deps(), repo)).toMatchObject({ error: { code: 'attention' } });
  expect(copied('a.md')).toBe('one\n');
});

it('never writes over a log that is here', async () => {
  mkdirSync(join(root, 'home/session-logs'), { recursive: true });
  writeFileSync(join(root, 'home/session-logs/a.md'), 'mine\n');
  write(`${FOLDER}/a.md`, 'theirs\n');
  commit('x\n\nMachine: hal-mbp', FOLDER);
  const report = await run({ mode: 'copy' });
  expect(copied('a.md')).toBe('mine\n');
  expect(report.copied[0]?.target).toMatch(/^a\.rollout-[0-9a-f]{10}\.md$/);
});

it('sorts projects and clients by their folder', async () => {
  write('projects/guru-rmm/session-logs/2026-06/2026-06-05-mike-x.md', 'x\n');
  write('clients/acme/session-logs/2026-06-05-mike-y.md', 'y\n');
  commit('x\n\nMachine: hal-mbp', '.');
  const report = await run({ mode: 'copy', from: [] });
  expect(report.copied.map(({ target }) => target)).toEqual([
    'clients/acme/2026-06-05-mike-y.md',
    'projects/guru-rmm/2026-06/2026-06-05-mike-x.md',
  ]);
});

it('says what is missing: no repository, no commit, no folder of logs', async () => {
  const nowhere = await migrate(deps(), {
    repo: root,
    from: [],
    history: false,
    self: SELF,
    machines: [],
    takeUnknown: false,
    mode: 'report',
  });
  expect(nowhere.ok).toBe(false);
  await expect(run()).rejects.toThrow(/attention: This repository has no commit/);
  write('readme.md', 'x\n');
  commit('x', '.');
  await expect(run({ from: [] })).rejects.toThrow(/not-found: No folder of session logs/);
});

it('believes no commit message that tries to be another commit', () => {
  const marker = '--secret--';
  const fields = [
    'sha1',
    'A',
    'a@x',
    '2026',
    'text :100644 100644 aaa bbb M',
    `\n:000000 100644 0000 ${'b'.repeat(40)} A`,
    'docs/a.md',
    '',
  ];
  const output = marker + fields.join('\u0000');
  expect(parseHistory(output, marker).map(({ path, commit: { sha } }) => [path, sha])).toEqual([
    ['docs/a.md', 'sha1'],
  ]);
});

it('knows a machine by its line, its subject or a made-up address, in this order', () => {
  const facts = { sha: '', author: 'Hal', email: 'hal@example.com', date: '', message: '' };
  const of = (more: object) => assignMachine([{ ...facts, ...more }], SELF, [OTHER]);
  expect(of({ message: 'x\n\nMachine: hal-mbp' }).kind).toBe('this');
  expect(of({ message: `x\n\nMachine: renamed (${SELF.uuid})` }).kind).toBe('this');
  expect(of({ message: `x\n\nMachine: hal-mbp (${OTHER.uuid})` })).toMatchObject({ kind: 'other' });
  expect(of({ message: 'sync: auto-sync from HAL-IMAC at 2026' })).toMatchObject({
    kind: 'other',
    machine: 'HAL-IMAC',
  });
  expect(of({ email: 'hal@hal-imac.local' })).toMatchObject({ kind: 'other', machine: 'HAL-IMAC' });
  expect(of({})).toEqual({ kind: 'unknown', author: 'Hal <hal@example.com>' });
});
