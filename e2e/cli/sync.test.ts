import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-stranger-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const home = join(root, 'home');
const LOG = 'SESSION-LOG-2026-06-05.md';
const TEXT = '# Session Log\n\n## 2026-06-05T10:00:00Z - Session Entry\n\n**Focus**: Zürich DNS\n';

const runIn = (folder: string, ...args: string[]): Promise<Ended> =>
  runBuilt('cli.js', args, { cwd: root, env: { SESSION_LOG_HOME: folder } });
const run = (...args: string[]): Promise<Ended> => runIn(home, ...args);
/** Runs with `--json` and expects success. */
const value = async (...args: string[]): Promise<unknown> => {
  const ended = await run(...args, '--json');
  expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' });
  return envelopeOf(ended).value;
};

describe('a stranger with one log', () => {
  beforeAll(() => {
    mkdirSync(join(home, 'session-logs'), { recursive: true });
    writeFileSync(join(home, 'session-logs', LOG), TEXT);
  });

  it('gets an identity that stays, in a folder that is theirs alone', async () => {
    const first = await value('init');
    expect(first).toMatchObject({ identity: { machine_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const before = readFileSync(join(home, 'machine-id.json'));
    await value('init');
    expect(readFileSync(join(home, 'machine-id.json'))).toEqual(before);
    const alias = await runBuilt('session-log-init.js', ['--json'], { env: { SESSION_LOG_HOME: home } });
    expect(alias.code).toBe(0);
    expect(readFileSync(join(home, 'machine-id.json'))).toEqual(before);
  });

  it('sees before and after what a push does, and pushes nothing twice', async () => {
    const dry = await value('sync', '--push', '--dry-run');
    expect(dry).toMatchObject({ report: { dryRun: true, uploaded: [{ path: LOG, reason: 'new' }] } });
    expect(await value('status')).toMatchObject({ local: { logs: 1, unsynced: 1 } });
    const pushed = await run('sync', '--push');
    expect(pushed).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`+ ${LOG}`) });
    const again = await runBuilt('session-log-sync.js', ['--push', '--json'], {
      env: { SESSION_LOG_HOME: home },
    });
    expect(again.code).toBe(0);
    expect(envelopeOf(again).value).toMatchObject({ mode: 'push', report: { uploaded: [], unchanged: 1 } });
    expect(await value('status')).toMatchObject({ local: { logs: 1, unsynced: 0 } });
    const uuid = (JSON.parse(readFileSync(join(home, 'machine-id.json'), 'utf8')) as Record<string, string>)[
      'machine_uuid'
    ];
    expect(readFileSync(join(home, `store/tenant-default/machines/${uuid}/${LOG}`), 'utf8')).toBe(TEXT);
  });

  it('sync alone pushes, then reads the index, and takes no choice of a pull for that', async () => {
    expect(await value('sync')).toMatchObject({
      mode: 'both',
      report: { push: { uploaded: [], unchanged: 1 }, index: { machines: 1 } },
    });
    expect(await run('sync', '--all')).toMatchObject({
      code: 64,
      out: '',
      err: expect.stringContaining('--pull'),
    });
    expect(await run('sync', '--force')).toMatchObject({ code: 64, err: expect.stringContaining('--push') });
  });

  it('answers a word that is no command like every other failure', async () => {
    expect(await run('lsit')).toMatchObject({
      code: 64,
      out: '',
      err: 'session-log: Unknown command "lsit". Did you mean "list"?\n  See `session-log --help`.\n',
    });
    expect(await run('list', '--nope')).toMatchObject({
      code: 64,
      err: 'session-log: Unknown option "--nope".\n  See `session-log list --help`.\n',
    });
  });

  it('lists and shows it, by day, by part of its path, for people and for programs', async () => {
    expect(await value('list')).toMatchObject({
      total: 1,
      rows: [{ path: LOG, date: '2026-06-05', place: 'local', backedUp: true }],
    });
    expect(await value('list', '--date', '2026-06-06')).toMatchObject({ total: 0, rows: [] });
    expect(await value('show', '2026-06-05')).toMatchObject({
      path: LOG,
      text: TEXT.slice(TEXT.indexOf('## ')),
    });
    expect(await value('show', LOG)).toMatchObject({ path: LOG, text: TEXT });
    expect(await run('show', LOG)).toMatchObject({ code: 0, out: expect.stringContaining('Zürich DNS') });
    expect(await value('machines')).toMatchObject([{ logs: 1 }]);
    const { out } = await run('status', '--check');
    expect(out).toContain('This is on the same disk as your logs, so it isn’t a backup.');
    expect(out).toMatch(/reachable in \d+ ms, readable and writable/);
  });

  it('brings the log back onto a disk that lost it', async () => {
    rmSync(join(home, 'session-logs', LOG));
    expect(await value('sync', '--full')).toMatchObject({ mode: 'full' });
    expect(readFileSync(join(home, 'session-logs', LOG), 'utf8')).toBe(TEXT);
  });

  it('proves what the store holds, and says when it is not that: 65', async () => {
    expect(await value('verify', '--deep')).toMatchObject({ fetched: 1, problems: [] });
    const [machine = ''] = readdirSync(join(home, 'store/tenant-default/machines'));
    const stored = join(home, 'store/tenant-default/machines', machine, LOG);
    rmSync(stored);
    writeFileSync(stored, TEXT.replace('Z', 'X'));
    const bad = await run('verify', '--deep', '--json');
    expect(bad.code).toBe(65);
    expect(JSON.stringify(envelopeOf(bad).error)).toContain(LOG);
    rmSync(stored);
    writeFileSync(stored, TEXT);
    expect(await run('verify', '--deep')).toMatchObject({ code: 0 });
  });

  it('is told by doctor that the share is not mounted: 65, and 69 where the store is needed', async () => {
    expect(await run('doctor')).toMatchObject({ code: 0 });
    await value('config', 'set', '--create', 'store.url', `file://${root}/share`);
    expect(await run('sync', '--push')).toMatchObject({ code: 0 });
    renameSync(join(root, 'share'), join(root, 'unmounted'));
    const doctor = await run('doctor', '--json');
    expect(doctor.code).toBe(65);
    expect(JSON.stringify(envelopeOf(doctor))).toContain('Is it mounted?');
    const pull = await run('sync', '--index', '--json');
    expect(pull.code).toBe(69);
    expect(envelopeOf(pull)).toMatchObject({ ok: false, error: { code: 'offline', transient: true } });
    expect(existsSync(join(root, 'share'))).toBe(false);
    // What is local needs no store.
    expect(await run('list')).toMatchObject({ code: 0, out: expect.stringContaining('2026-06-05') });
    renameSync(join(root, 'unmounted'), join(root, 'share'));
    expect(await run('sync', '--index')).toMatchObject({ code: 0 });
    await value('config', 'set', 'store.url', '');
  });

  it('has a log that shrank kept from the store until somebody decides', async () => {
    writeFileSync(join(home, 'session-logs', LOG), TEXT.slice(0, 20));
    const stopped = await run('sync', '--push', '--json');
    expect(stopped.code).toBe(65);
    expect(envelopeOf(stopped)).toMatchObject({ ok: false, error: { remedy: expect.stringMatching(/\S/) } });
    expect(await run('restore', LOG, '--json')).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'session-logs', LOG), 'utf8')).toBe(TEXT);
  });
});

describe('a migration out of git', () => {
  it('only reports until it is told to copy, also under the name of the ADR', async () => {
    const repo = join(root, 'repo');
    mkdirSync(join(repo, 'docs/session-logs'), { recursive: true });
    git(repo, 'init', '-q', '-b', 'main');
    writeFileSync(join(repo, 'docs/session-logs/SESSION-LOG-2026-01-03.md'), '# Old\n');
    git(repo, 'add', '.');
    git(repo, 'commit', '-q', '-m', 'old log');
    const to = join(root, 'migrated');
    for (const [program, args] of [
      ['cli.js', ['migrate', repo, '--json']],
      ['session-log-migrate.js', [repo, '--json']],
    ] as const) {
      const ended = await runBuilt(program, args, { env: { SESSION_LOG_HOME: to } });
      expect(envelopeOf(ended).ok, ended.out).toBe(ended.code === 0);
      expect(ended.out).toContain('SESSION-LOG-2026-01-03.md');
    }
    expect(existsSync(join(to, 'session-logs/SESSION-LOG-2026-01-03.md'))).toBe(false);
    expect(git(repo, 'status', '--porcelain')).toBe('');
  });
});

describe('settings that cannot be', () => {
  it('are refused with what would do, and the file stays as it is', async () => {
    const settings = join(home, 'settings.json');
    const before = readFileSync(settings, 'utf8');
    for (const [key, text] of [
      ['store.url', 'ftp://x'],
      ['store.tenant', '../other'],
      ['git.lockWaitSeconds', 'soon'],
      ['app.timeZone', 'Mars/Olympus'],
      ['stor.url', 'gs://x'],
    ] as const) {
      const ended = await run('config', 'set', key, text, '--json');
      expect(ended.code, key).toBe(64);
      expect(envelopeOf(ended), key).toMatchObject({
        ok: false,
        error: { remedy: expect.stringMatching(/\S/) },
      });
    }
    expect(readFileSync(settings, 'utf8')).toBe(before);
    writeFileSync(settings, '{"store": ');
    for (const args of [['status'], ['sync', '--push'], ['config', 'list']]) {
      const ended = await run(...args, '--json');
      expect(ended.code, args.join(' ')).toBe(65);
      expect(envelopeOf(ended)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    }
    expect(readFileSync(settings, 'utf8')).toBe('{"store": ');
    writeFileSync(settings, before);
  });
});

describe('--json', () => {
  /** Commands where there is neither a data folder nor a work tree, and with which code each ends. */
  const CASES: readonly (readonly [args: string, code: number])[] = [
    ['status', 0],
    ['status --check', 0],
    ['list', 0],
    ['list --date 2026-02-31', 64],
    ['list --place moon', 64],
    ['show nothing', 65],
    ['show', 64],
    ['machines', 0],
    ['machine', 0],
    ['init', 0],
    ['init --adopt nobody', 64],
    ['sync', 0],
    ['sync --deleted', 64],
    ['sync --push', 0],
    ['sync --push --index', 64],
    ['sync --pull --machine nobody', 64],
    ['sync --wait x --push', 64],
    ['verify', 0],
    ['doctor', 0],
    ['config', 0],
    ['config get store.url', 0],
    ['config get nope', 64],
    ['migrate /nonexistent', 65],
    ['restore', 64],
    ['save', 64],
    ['git-sync', 78],
    ['notes', 0],
    ['notes show nope', 65],
    ['lint', 78],
    ['whoami', 78],
    ['hooks status', 0],
    ['lock status', 78],
    ['browse --bogus', 64],
    ['nonsense', 64],
    ['status --nonsense', 64],
  ];

  it('is one envelope, nothing beside it, and an exit code that agrees', async () => {
    const folder = join(root, 'fresh');
    const env = { SESSION_LOG_HOME: folder, HOME: join(root, 'person') };
    mkdirSync(env.HOME);
    const found: (readonly [string, number])[] = [];
    for (const [words] of CASES) {
      const ended = await runBuilt('cli.js', [...words.split(' '), '--json'], { cwd: root, env });
      const { ok, error } = envelopeOf(ended);
      found.push([words, ended.code]);
      expect({ words, ok, err: ended.err }).toEqual({ words, ok: ended.code === 0, err: '' });
      if (error) expect([error.message, error.remedy], words).not.toContain('');
    }
    expect(found).toEqual(CASES);
    for (const program of ['session-log-sync.js', 'session-log-migrate.js', 'session-log-init.js']) {
      const ended = await runBuilt(program, ['--nonsense', '--json'], { env });
      expect(ended.code, program).toBe(64);
      expect(envelopeOf(ended).error?.code, program).toBe('usage');
    }
  });

  it('prints the demo: three machines, and a log of one on another', async () => {
    const ended = await run('demo', '--json');
    expect(ended.code).toBe(0);
    const demo = envelopeOf(ended).value as { readonly root: string; readonly machines: readonly unknown[] };
    expect(demo.machines).toHaveLength(3);
    expect(existsSync(demo.root)).toBe(false);
  });
});
