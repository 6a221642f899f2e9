/** `session-log pending` and `session-log since` as they are shipped. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, runBuilt } from './built-cli.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-pending-cli-')));
const LOG = join(home, 'session-logs', 'projects/ATLAS/2026-06-05-ana-dns.md');
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeAll(() => {
  mkdirSync(dirname(LOG), { recursive: true });
  writeFileSync(
    LOG,
    '# DNS move\n\n## User\n\n- **User:** Ana Ruiz (ana)\n\n## Pending / Incomplete Tasks\n\n- [ ] renew the \u001b[31mcertificate\n- [x] ask Howard\n',
  );
});

const run = (...words: string[]) => runBuilt('cli.js', words, { env: { SESSION_LOG_HOME: home } });

describe('session-log pending', () => {
  it('lists tasks with their ids, marks one done for everybody, and takes it back', async () => {
    const listed = await run('pending');
    expect([listed.code, listed.err]).toEqual([0, '']);
    expect(listed.out).toContain('DNS move');
    expect(listed.out).toContain('1 open task, 1 done');
    expect(listed.out).not.toContain('\u001b[31m');
    const [, id = ''] = /^ {2}([0-9a-f]{8}) {2}\[ \] renew/m.exec(listed.out) ?? [];
    const before = readFileSync(LOG);
    expect(await run('pending', 'done', id)).toMatchObject({ code: 0 });
    expect((await run('pending')).out).toContain('Nothing is pending');
    expect((await run('pending', '--all')).out).toMatch(/\[x\] renew .*done by /);
    expect(await run('pending', 'undo', id)).toMatchObject({ code: 0 });
    expect((await run('pending')).out).toContain('[ ] renew');
    expect(readFileSync(LOG)).toEqual(before);
  });

  it('narrows by options, gives the same as one envelope, and refuses what is no id', async () => {
    expect((await run('pending', '--project', 'harbor')).out).toContain('Nothing is pending');
    expect((await run('pending', '--user', 'ana')).out).toContain('renew');
    const answer = envelopeOf(await run('pending', '--json'));
    expect(answer).toMatchObject({ ok: true, value: { open: 1, done: 1, threads: [{ project: 'ATLAS' }] } });
    expect((await run('pending', 'done', 'xyz')).code).toBe(64);
    expect((await run('pending', 'done', '00000000')).err).toContain('There is no task');
  });
});

describe('session-log since', () => {
  it('says what is new, and remembers that one has looked', async () => {
    expect((await run('since')).out).toContain('you have not looked yet');
    expect((await run('since', '--mark')).out).toContain('Remembered as looked at.');
    const answer = envelopeOf(await run('since', '--json'));
    expect(answer).toMatchObject({ ok: true, value: { logs: [], marked: false } });
    expect((answer as { value: { since: number } }).value.since).toBeGreaterThan(0);
  });
});
