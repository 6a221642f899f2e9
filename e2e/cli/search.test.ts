/** `session-log search` as it is shipped. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, runBuilt } from './built-cli.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-search-cli-')));
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeAll(() => {
  const logs = {
    '2026-06-05-ana-payouts.md':
      '# Payout retries\n\nThe retry queue runs over.\n\n## Pending\n\n- raise the limit\n',
    '2026-06-06-ana-map.md': '# Map tiles\n\nA queue of tiles; one retry helps.\n',
  };
  for (const [path, text] of Object.entries(logs)) {
    mkdirSync(dirname(join(home, 'session-logs', path)), { recursive: true });
    writeFileSync(join(home, 'session-logs', path), text);
  }
});

const run = (...words: string[]) =>
  runBuilt('cli.js', ['search', ...words], { env: { SESSION_LOG_HOME: home } });

describe('session-log search', () => {
  it('prints hits with lines and ids that show takes', async () => {
    const ended = await run('retry', 'queue');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toContain('3 Payout retries: The retry queue runs over.');
    const [id = ''] = /[0-9a-f-]{36}\/2026-06-05-ana-payouts\.md/.exec(ended.out) ?? [];
    const shown = await runBuilt('cli.js', ['show', id], { env: { SESSION_LOG_HOME: home } });
    expect(shown.out).toContain('raise the limit');
  });

  it('gives the same as one envelope', async () => {
    const answer = envelopeOf(await run('"retry queue"', '--json'));
    expect(answer).toMatchObject({ ok: true, value: { total: { count: 1, atLeast: false }, waiting: 0 } });
  });

  it('finds what was written a moment ago, and no more what was deleted', async () => {
    const path = join(home, 'session-logs/2026-06-07-ana-crane.md');
    expect((await run('harborcrane')).out).toContain('Nothing found.');
    writeFileSync(path, '# Crane\n\nThe harborcrane stands still.\n');
    expect((await run('harborcrane')).out).toContain('The harborcrane stands still.');
    // The same size in the same place: what changed is told by its time.
    writeFileSync(path, '# Crane\n\nThe harborcrank stands still.\n');
    expect((await run('harborcrane')).out).toContain('Nothing found.');
    expect((await run('harborcrank')).out).toContain('The harborcrank stands still.');
    rmSync(path);
    expect((await run('harborcrank')).out).toContain('Nothing found.');
  });

  it('finds a log that was saved by the next command', async () => {
    const env = { SESSION_LOG_HOME: home };
    expect((await runBuilt('cli.js', ['whoami', '--set', 'Ana Ruiz'], { env, cwd: home })).code).toBe(0);
    const saved = await runBuilt('cli.js', ['save', '--no-sync', '--topic', 'pontoon'], {
      env,
      cwd: home,
      input: '# Pontoon\n\n## Session Summary\n\nThe floatingpontoon was moored.\n',
    });
    expect([saved.code, saved.err]).toEqual([0, '']);
    expect((await run('floatingpontoon')).out).toContain('The floatingpontoon was moored.');
  });

  it('ends well with nothing found, and says what may help', async () => {
    const ended = await run('nosuchword');
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('Nothing found.');
    expect(ended.out).toContain('session-log sync --index');
  });

  it('narrows by options and refuses what they do not take', async () => {
    expect((await run('queue', '--section', 'Pending')).out).toContain('Nothing found.');
    expect((await run('limit', '--section', 'Pending')).out).toContain('Payout retries');
    expect((await run('queue', '--from', '2026-06-06')).out).not.toContain('Payout');
    expect((await run('queue', '--limit', 'x')).code).toBe(64);
    expect((await run('queue', '--from', 'sometime')).code).toBe(64);
  });
});
