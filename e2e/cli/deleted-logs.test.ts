/** A log of a workspace that git has deleted, as people and programs meet it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plantedSecrets } from '../../main/testing/planted-secrets.ts';
import { envelopeOf, runBuilt, type Ended } from './built-cli.ts';

const box = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-deleted-cli-')));
const tree = join(box, 'harbor');
const LOG = 'session-logs/2026-06-05-mike-dns.md';
const token = plantedSecrets(6, 1).find(({ kind }) => kind === 'npm token')?.value ?? '';
let commit = '';

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Mike', '-c', 'user.email=mike@example.com'];
  return execFileSync('git', ['-C', tree, ...who, ...args], { encoding: 'utf8' }).trim();
}

const run = (...words: string[]): Promise<Ended> =>
  runBuilt('cli.js', words, { env: { SESSION_LOG_HOME: join(box, 'home') }, cwd: box });

beforeAll(async () => {
  mkdirSync(join(tree, 'session-logs'), { recursive: true });
  execFileSync('git', ['init', '-q', tree]);
  writeFileSync(join(tree, LOG), `# DNS\n\nThe harbourresolver was wrong, with ${token} in it.\n`);
  git('add', '-A');
  git('commit', '-qm', 'log');
  commit = git('rev-parse', 'HEAD');
  expect((await run('config', 'set', 'git.workspaces', tree)).code).toBe(0);
  expect((await run('search', 'harbourresolver')).out).toContain('1 hit');
  git('rm', '-q', LOG);
  git('commit', '-qm', 'away');
});
afterAll(() => rmSync(box, { recursive: true, force: true }));

it('is found, listed and shown with the commit that has it, until it is forgotten', async () => {
  const found = await run('search', 'harbourresolver');
  expect(found.out).toContain(`[only in commit ${commit.slice(0, 9)}]`);
  expect(found.out).toContain('The harbourresolver was wrong, with ');
  expect(found.out).not.toContain(token);
  expect((await run('list')).out).toContain(`deleted in git (${commit.slice(0, 9)})`);
  expect(envelopeOf(await run('list', '--place', 'git', '--json'))).toMatchObject({
    ok: true,
    value: { total: 1, rows: [{ path: LOG, place: 'git', commit }] },
  });
  const shown = await run('show', LOG);
  expect([shown.code, shown.err]).toEqual([
    0,
    `session-log: Git has deleted or moved this log: read from commit ${commit.slice(0, 9)}.\n`,
  ]);
  expect(shown.out).toContain('The harbourresolver was wrong');
  const forgotten = await run('forget', LOG, '--yes');
  expect([forgotten.code, forgotten.out]).toEqual([0, expect.stringContaining(`commit ${commit} of harbor`)]);
  expect((await run('search', 'harbourresolver')).out).toContain('Nothing found.');
  expect((await run('list')).out).not.toContain('DNS');
});
