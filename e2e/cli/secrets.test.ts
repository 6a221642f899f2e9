/** Secrets in logs, as the shipped command line treats them; and 1,000 canaries that must be nowhere but in their logs. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanBytes } from '../../main/adapters/secrets/scan-bytes.ts';
import { plantedSecrets } from '../../main/testing/planted-secrets.ts';
import { checkValue } from './envelopes.ts';
import { envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-secrets-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const found = (text: string) => scanBytes(new TextEncoder().encode(text), (word) => countTokens(word));
/** How much of what is planted is found is measured (`npm run bench secrets`); here it matters that what is found goes nowhere. */
const canaries = plantedSecrets(77).filter(({ value, text }) => {
  const at = Buffer.from(text).indexOf(value);
  return found(text).some(({ start, end }) => start <= at && end >= at + value.length);
});
const token = canaries.find(({ kind }) => kind === 'github classic token')?.value ?? '';
/** In the name of a log, which the local index knows. */
const name = plantedSecrets(78, 1).find(({ kind }) => kind === 'github classic token')?.value ?? '';

/** A folder with a data folder beside it. */
function place(name: string): {
  readonly home: string;
  readonly run: (...args: readonly string[]) => Promise<Ended>;
} {
  const [folder, home] = [join(root, name), join(root, `${name}-home`)];
  mkdirSync(folder, { recursive: true });
  return {
    home,
    run: (...args) =>
      runBuilt('cli.js', args, { cwd: folder, env: { SESSION_LOG_HOME: home, HOME: join(root, 'os') } }),
  };
}

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
    expect(stopped.out).toContain('session-log secrets withhold');
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

describe('1,000 canaries', () => {
  const { home, run } = place('canaries');
  const shims = join(root, 'shims');
  const seen = join(root, 'children.txt');

  beforeAll(async () => {
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    mkdirSync(shims);
    // Writes down what children are started with: arguments and environment.
    writeFileSync(
      join(shims, 'git'),
      `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >> '${seen}'\nexec '${real}' "$@"\n`,
    );
    chmodSync(join(shims, 'git'), 0o755);
    writeFileSync(seen, '');
    mkdirSync(join(home, 'session-logs'), { recursive: true });
    for (let nth = 0; nth * 100 < canaries.length; nth++) {
      const texts = canaries.slice(nth * 100, (nth + 1) * 100).map(({ text }) => text);
      writeFileSync(
        join(home, 'session-logs', `2026-06-0${nth % 9}-mike-canaries-${nth}.md`),
        `# Session\n\n## Note for Ben\n\n${texts[0]}\n\n## Work\n\n${texts.join('\n\n')}\n`,
      );
    }
    writeFileSync(join(home, 'session-logs', `2026-06-01-mike-${name}.md`), '# Named like a secret\n');
    for (const args of [
      ['sync', '--push'],
      ['search', 'staging', '--json'],
      ['list'],
      ['pending'],
      ['since'],
      ['verify', '--deep'],
      ['sync', '--full'],
      ['config', 'set', 'store.url', 'file:///nowhere/at/all'],
      ['sync', '--push'],
      ['git-sync'],
    ])
      await runBuilt('cli.js', args, {
        cwd: join(root, 'tree'),
        env: {
          SESSION_LOG_HOME: home,
          HOME: join(root, 'os'),
          PATH: `${shims}:${process.env['PATH'] ?? ''}`,
        },
      });
  }, 240_000);

  /** Every file below a folder, as it is and unpacked. */
  function bytesBelow(folder: string): Buffer {
    const parts = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => {
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
        return isPacked ? [bytes, gunzipSync(bytes)] : [bytes];
      });
    return Buffer.concat(parts);
  }

  it('are there', () => {
    expect(canaries.length).toBeGreaterThan(970);
    expect(bytesBelow(join(home, 'store')).includes('[secret: ')).toBe(true);
  });

  it('keep a log at home that is named like one, which a scan says without naming it', async () => {
    const scan = await run('secrets', 'scan', join(home, 'session-logs'));
    expect(scan.out).toMatch(/2026-06-01-mike-….md:0 {2}github token in its name/);
    expect(scan.out).not.toContain(name);
    const names = readdirSync(join(home, 'store'), { recursive: true }).join('\n');
    expect(names).toContain('mike-canaries-0');
    expect(names).not.toContain(name);
    expect(bytesBelow(join(home, 'store')).includes(name)).toBe(false);
    expect(envelopeOf(await run('status', '--json')).value).toMatchObject({ local: { staysHere: 1 } });
  });

  it.each(['store', 'state', 'secrets', 'session-logs-cache'])('are nowhere in %s', (folder) => {
    const bytes = bytesBelow(join(home, folder));
    const leaked = canaries.filter(({ value }) => bytes.includes(value));
    expect(leaked.map(({ kind, text }) => `${kind}: ${text.slice(0, 60)}`)).toEqual([]);
  });

  it('are in no argument and no environment of a program that was started', () => {
    const started = readFileSync(seen);
    expect(started.length).toBeGreaterThan(100);
    expect(canaries.filter(({ value }) => started.includes(value))).toEqual([]);
  });

  it('are found by no search', async () => {
    for (const { value } of canaries.filter((_, nth) => nth % 100 === 0)) {
      const hits = await run('search', `"${value}"`, '--json');
      expect(hits.out).not.toContain(value.slice(0, -4));
    }
  });
});
