import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, runBuilt, type Ended } from './built-cli.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-words-')));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const DAY_MS = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

const run = (...args: string[]): Promise<Ended> =>
  runBuilt('cli.js', args, { cwd: home, env: { SESSION_LOG_HOME: home, TZ: 'UTC' } });

/** Titles of the sessions that a command lists, latest first. */
async function titles(...args: string[]): Promise<readonly string[]> {
  const ended = await run('list', ...args, '--json');
  expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' });
  return (envelopeOf(ended).value as { rows: { title: string }[] }).rows.map(({ title }) => title);
}

describe('a list of today, yesterday, a week ago and before', () => {
  beforeAll(() => {
    mkdirSync(join(home, 'session-logs'));
    for (const [title, days] of [
      ['Of today', 0],
      ['Of yesterday', 1],
      ['A week old', 7],
      ['Older', 8],
    ] as const) {
      const day = daysAgo(days);
      const entry = `## ${day}T00:00:00Z - Session Entry\n\n**Focus**: ${title}\n`;
      writeFileSync(join(home, 'session-logs', `SESSION-LOG-${day}.md`), `# Session Log\n\n${entry}`);
    }
  });

  it.each([
    ['--date today', ['Of today']],
    ['--date yesterday', ['Of yesterday']],
    ['-d Yesterday', ['Of yesterday']],
    ['--date 7d', ['A week old']],
    ['--from 7d', ['Of today', 'Of yesterday', 'A week old']],
    ['--from 1w --to yesterday', ['Of yesterday', 'A week old']],
    ['--to 8d', ['Older']],
  ])('takes %s', async (words, expected) => {
    expect(await titles(...words.split(' '))).toEqual(expected);
  });

  it('takes the word in its column PLACE, before and after a push', async () => {
    expect((await run('list', '--limit', '1')).out).toMatch(/^DATE .* PLACE .*\n.* not pushed yet /);
    expect(await titles('--place', 'here')).toHaveLength(4);
    expect(await run('sync')).toMatchObject({ code: 0 });
    expect((await run('list', '--limit', '1')).out).toMatch(/^DATE .* PLACE .*\n.* here /);
    expect(await titles('--place', 'here')).toHaveLength(4);
    expect(await titles('--place', 'local')).toHaveLength(4);
    expect(await titles('--place', 'workspace')).toEqual([]);
  });

  it('says which words a day and a place can be, and which way round', async () => {
    expect(await run('list', '--date', 'tomorrow')).toMatchObject({
      code: 64,
      err: expect.stringContaining('today, yesterday'),
    });
    expect(await run('list', '--place', 'there')).toMatchObject({
      code: 64,
      err: expect.stringContaining('here'),
    });
    expect(await run('list', '--from', 'yesterday', '--to', '7d')).toMatchObject({
      code: 64,
      err: expect.stringContaining('is after --to'),
    });
  });
});
