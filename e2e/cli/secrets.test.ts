/** Secrets in logs, as the shipped command line treats them. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedSecrets } from '../../main/testing/planted-secrets.ts';
import { checkValue } from './envelopes.ts';
import { envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-secrets-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const token = plantedSecrets(77, 1).find(({ kind }) => kind === 'github classic token')?.value ?? '';

describe('a log with a secret in a workspace', () => {
  const tree = join(root, 'tree');
  const home = join(root, 'tree-home');
  const log = 'session-logs/2026-06-05-mike-keys.md';
  const run = (...args: readonly string[]): Promise<Ended> =>
    runBuilt('cli.js', args, { cwd: tree, env: { SESSION_LOG_HOME: home, HOME: join(root, 'os') } });
  const committed = (): string => git(tree, 'log', '--all', '-p');

  beforeAll(() => {
    mkdirSync(join(tree, '.claude'), { recursive: true });
    mkdirSync(join(tree, 'session-logs'));
    git(tree, 'init', '-q', '-b', 'main');
    writeFileSync(
      join(tree, '.claude/identity.json'),
      JSON.stringify({
        user: 'mike',
        full_name: 'Mike Swanson',
        email: 'm@example.com',
        machine: hostname(),
      }),
    );
    writeFileSync(join(tree, log), `# Keys\n\nUse ${token} for staging.\n`);
    git(tree, 'add', '.claude');
    git(tree, 'commit', '-q', '-m', 'seed');
  });

  it('is not committed: the command ends with 65, names file, line and kind, and never the value', async () => {
    const stopped = await run('git-sync', log);
    expect(stopped.code).toBe(65);
    expect(stopped.out).toContain(`${log} line 3: github token`);
    expect(stopped.out).toContain(`session-log secrets withhold ${join(tree, log)}`);
    expect(stopped.out + stopped.err).not.toContain(token);
    expect(committed()).not.toContain(token);
    expect(git(tree, 'status', '--porcelain', '-uall')).toContain(log);
  });

  it('is found by a scan, which names it by an id', async () => {
    const scan = await run('secrets', 'scan', 'session-logs', '--json');
    expect(envelopeOf(scan).value).toMatchObject({
      found: [{ where: 'workspace', place: join(tree, log), line: 3, kind: 'github token' }],
      looked: 1,
      problems: [],
    });
    expect(scan.out).not.toContain(token);
  });

  it('is committed with a label once the value is withheld, and the value stays here', async () => {
    expect(await run('secrets', 'withhold', log)).toMatchObject({ code: 0 });
    expect(readFileSync(join(tree, log), 'utf8')).toMatch(
      /Use \[secret: github token, kept on [^\]]+\] for staging/,
    );
    expect(await run('git-sync', log)).toMatchObject({ code: 0 });
    expect(committed()).toContain('[secret: github token');
    expect(committed()).not.toContain(token);
    const listed = envelopeOf(await run('secrets', 'list', '--json')).value as { id: string; kind: string }[];
    expect(listed).toMatchObject([{ kind: 'github token', logs: [join(tree, log)] }]);
    const id = listed[0]?.id ?? '';
    expect(await run('secrets', 'show', id)).toMatchObject({ code: 0, out: `${token}\n` });
    checkValue('secrets show', envelopeOf(await run('secrets', 'show', id, '--json')).value);
    const appLogFile = join(home, 'state', 'session-log.log');
    const appLog = readFileSync(appLogFile, 'utf8');
    expect(appLog.match(/a kept secret was shown {"kind":"github token"}/g)).toHaveLength(2);
    expect(appLog).not.toContain(token);
    expect(statSync(appLogFile).mode & 0o777).toBe(0o600);
    checkValue('secrets forget', envelopeOf(await run('secrets', 'forget', id, '--json')).value);
    expect(await run('secrets', 'show', id)).toMatchObject({ code: 65 });
  });

  it('is committed as it is with --with-secrets, and a scan of the history finds it there', async () => {
    writeFileSync(join(tree, log), `# Keys\n\nUse ${token} for staging.\n`);
    expect(await run('git-sync', '--with-secrets', log)).toMatchObject({ code: 0 });
    expect(committed()).toContain(token);
    const scan = envelopeOf(await run('secrets', 'scan', '--history', '--json')).value as {
      found: { where: string }[];
    };
    expect(scan.found.some(({ where }) => where === 'git')).toBe(true);
  });

  it('is committed as it is in a workspace of the setting git.withSecrets', async () => {
    writeFileSync(join(tree, log), `# Keys\n\nUse ${token} for staging, still.\n`);
    expect(await run('git-sync', log)).toMatchObject({ code: 65 });
    expect(await run('config', 'set', 'git.withSecrets', tree)).toMatchObject({ code: 0 });
    expect(await run('git-sync', log)).toMatchObject({ code: 0 });
  });

  it('is committed once a person has said that the value is none', async () => {
    expect(await run('config', 'set', 'git.withSecrets', '')).toMatchObject({ code: 0 });
    writeFileSync(join(tree, log), `# Keys\n\nThe example ${token} is none.\n`);
    expect(await run('git-sync', log)).toMatchObject({ code: 65 });
    const scan = envelopeOf(await run('secrets', 'scan', log, '--json')).value as { found: { id: string }[] };
    const allowed = await run('secrets', 'allow', scan.found[0]?.id ?? '', log, '--json');
    checkValue('secrets allow', envelopeOf(allowed).value);
    expect(await run('git-sync', log)).toMatchObject({ code: 0 });
  });
});
