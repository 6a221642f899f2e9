import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOtherMachine, dataFolder } from '../harness/data-folder.ts';
import { envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-sessions-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [mara, jonas, tree, elsewhere, store] = ['mara', 'jonas', 'tree', 'elsewhere', 'store'].map((name) =>
  join(root, name),
) as [string, string, string, string, string];

const RETRIES = `# Payment retries no longer double-post

## Summary

The ledger posts a retry once, however often the line breaks.

## Key decisions

- An idempotency key for each posting.

## Pending

- [ ] Roll it out to staging

## Note for Jonas

Please run the ledger import once more.
`;
const DNS = `# Moving the DNS to the new zone

## Summary

All records moved; the old zone answers for a week.

\`\`\`sh
dig +short example.com
\`\`\`
`;
const EXPORT = `# Ledger export as CSV

## Summary

Exports what the auditors asked for.
`;

const BACKUP = `# Backup of the laptop

## Summary

A disk image, away from any repository.
`;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly project: string | null;
  readonly host: string;
  readonly time: number | null;
  readonly date: string;
  readonly place: string;
}

const run = (home: string, cwd: string, args: readonly string[], input?: string): Promise<Ended> =>
  runBuilt('cli.js', args, {
    cwd,
    env: { SESSION_LOG_HOME: home },
    ...(input === undefined ? {} : { input }),
  });

/** Runs with `--json` and expects success. */
async function value<T>(home: string, cwd: string, ...args: string[]): Promise<T> {
  const ended = await run(home, cwd, [...args, '--json']);
  expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' });
  return envelopeOf(ended).value as T;
}

async function listed(home: string, cwd: string, ...args: string[]): Promise<readonly Row[]> {
  return (await value<{ readonly rows: readonly Row[] }>(home, cwd, 'list', ...args)).rows;
}

const titles = (rows: readonly Row[]): readonly string[] =>
  rows.map(({ title }) => title).sort((a, b) => (a < b ? -1 : 1));

async function save(cwd: string, session: string, text: string, ...args: string[]): Promise<void> {
  const ended = await run(mara, cwd, ['save', '--no-sync', '--session', session, ...args], text);
  expect(ended).toMatchObject({ code: 0 });
}

const ALL = [
  'Backup of the laptop',
  'Ledger export as CSV',
  'Moving the DNS to the new zone',
  'Payment retries no longer double-post',
];
const [BACKED_UP, EXPORTED, MOVED, RETRIED] = ALL as [string, string, string, string];

beforeAll(async () => {
  for (const folder of [join(tree, '.claude'), join(tree, 'projects', 'harbor'), elsewhere, store])
    mkdirSync(folder, { recursive: true });
  git(tree, 'init', '-q');
  const identity = { user: 'mara', full_name: 'Mara Lindqvist', machine: hostname() };
  writeFileSync(join(tree, '.claude', 'identity.json'), JSON.stringify(identity));
  await value(mara, elsewhere, 'config', 'set', 'store.url', pathToFileURL(store).href);
  await asOtherMachine(dataFolder(jonas, store), 'jonas-studio');
  await save(tree, 's-1', RETRIES, '--project', 'harbor');
  await save(tree, 's-2', DNS);
  await save(tree, 's-3', EXPORT);
  await value(mara, elsewhere, 'whoami', '--set', 'Mara Lindqvist', '--user', 'mara');
  await save(elsewhere, 's-4', BACKUP);
  await value(mara, elsewhere, 'sync', '--push');
});

describe('three sessions that were saved in a workspace, and one outside any', () => {
  it.each([
    ['in it', tree],
    ['anywhere else', elsewhere],
  ])('are listed with title, person, project and time on their machine, %s', async (_, cwd) => {
    const rows = await listed(mara, cwd);
    expect(titles(rows)).toEqual(ALL);
    for (const row of rows) {
      const place = row.title === BACKED_UP ? 'local' : 'workspace';
      expect(row).toMatchObject({ author: 'Mara Lindqvist', user: 'mara', place, dateGuessed: false });
      expect(Math.abs((row.time ?? 0) - Date.now())).toBeLessThan(600_000);
    }
    expect(rows.map(({ project }) => project).filter((project) => project !== null)).toEqual(['harbor']);
  });

  it('are found by words and filters', async () => {
    expect(titles(await listed(mara, elsewhere, 'double', 'post'))).toEqual([RETRIED]);
    expect(titles(await listed(mara, elsewhere, '--project', 'harbor'))).toEqual([RETRIED]);
    expect(titles(await listed(mara, elsewhere, '--user', 'mara'))).toEqual(ALL);
    expect(titles(await listed(mara, elsewhere, '--date', 'today'))).toEqual(ALL);
    expect(titles(await listed(mara, elsewhere, '--from', '7d', '--place', 'here'))).toEqual([BACKED_UP]);
    for (const cwd of [tree, elsewhere])
      expect(titles(await listed(mara, cwd, '--place', 'workspace'))).toEqual([EXPORTED, MOVED, RETRIED]);
    expect(await listed(mara, elsewhere, '--user', 'jonas')).toEqual([]);
  });

  it('open as the whole log, without our own marks', async () => {
    const shown = await run(mara, tree, ['show', 'payment', 'retries']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('An idempotency key for each posting.');
    expect(shown.out).not.toContain('<!-- session-log:');
    expect((await run(mara, tree, ['show', 'payment', 'retries', '--raw'])).out).toContain(
      '<!-- session-log: session=s-1',
    );
    // From elsewhere, too: the session alone, though the daily log tells of all.
    const entry = await run(mara, elsewhere, ['show', 's-2']);
    expect(entry.out).toContain('# Moving the DNS to the new zone\n\n## User');
    expect(entry.out).toContain('All records moved');
    expect(entry.out).not.toContain('auditors');
  });

  it('are told apart by their titles where several match', async () => {
    const both = await run(mara, elsewhere, ['show', 'lindqvist']);
    expect(both.code).toBe(65);
    for (const title of ALL) expect(both.err).toContain(title);
  });

  it('fold the daily log, which is there as a file', async () => {
    const files = (await listed(mara, elsewhere, '--files')).map((row) => row.id.split('/').at(-1) ?? '');
    expect(files.map((name) => name.replaceAll(/\d{4}-\d{2}-\d{2}/g, '<day>')).sort()).toEqual([
      '<day>-mara-backup-of-the-laptop.md',
      '<day>-mara-ledger-export-as-csv.md',
      '<day>-mara-moving-the-dns-to-the-new-zone.md',
      '<day>-mara-payment-retries-no-longer-double-post.md',
      'SESSION-LOG-<day>.md',
    ]);
    const { out } = await run(mara, elsewhere, ['list']);
    expect(out).toMatch(/\n4 sessions\n$/);
    expect(out).not.toContain('Daily log');
  });
});

describe('a log that was deleted on its machine', () => {
  it('is listed as being in the store, and says how it comes back', async () => {
    const [before] = await listed(mara, elsewhere, 'backup', '--files');
    const path = before?.id.slice(before.id.indexOf('/') + 1) ?? '';
    rmSync(join(mara, 'session-logs', path));
    await value(mara, elsewhere, 'sync', '--push');
    expect(titles(await listed(mara, elsewhere, '--place', 'store'))).toEqual([BACKED_UP]);
    const shown = await run(mara, elsewhere, ['show', 'backup', 'laptop', '--pull']);
    expect(shown.err).toContain(`session-log restore "${path}"`);
    await value(mara, elsewhere, 'restore', path);
    expect(await listed(mara, elsewhere, '--place', 'store')).toEqual([]);
    expect((await run(mara, elsewhere, ['show', 'backup', 'laptop'])).out).toContain('A disk image');
  });
});

describe('a second machine that has read the index', () => {
  beforeAll(() => value(jonas, elsewhere, 'sync', '--index'));

  it('lists the same sessions, as being in the store', async () => {
    const rows = await listed(jonas, elsewhere);
    expect(titles(rows)).toEqual(ALL);
    for (const row of rows)
      expect(row).toMatchObject({
        author: 'Mara Lindqvist',
        place: 'store',
        host: hostname(),
        time: expect.any(Number),
      });
    expect(titles(await listed(jonas, elsewhere, '--project', 'harbor'))).toEqual([RETRIED]);
    expect(titles(await listed(jonas, elsewhere, '--machine', hostname(), 'dns'))).toEqual([MOVED]);
    expect(titles(await listed(jonas, elsewhere, '--user', 'mara', 'csv'))).toEqual([EXPORTED]);
  });

  it('says how to pull one, pulls its daily log once, and opens it', async () => {
    const missing = await run(jonas, elsewhere, ['show', 'dns']);
    expect(missing.err).toContain(`"${MOVED}" is not on this machine yet: it stands in the daily log `);
    expect(missing.err).toContain('session-log sync --pull --machine');
    const shown = await run(jonas, elsewhere, ['show', 'dns', '--pull']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('All records moved');
    expect(shown.out).not.toContain('auditors');
    const { report } = await value<{
      readonly report: { readonly pulled: readonly unknown[]; readonly upToDate: number };
    }>(jonas, elsewhere, 'sync', '--pull', '--all');
    expect(report).toMatchObject({ pulled: [expect.anything()], upToDate: 1 });
    expect((await listed(jonas, elsewhere)).map(({ place }) => place)).toEqual(ALL.map(() => 'cached'));
    expect((await run(jonas, elsewhere, ['show', 'backup', 'laptop'])).out).toContain('A disk image');
  });

  it('has the whole log of a session too once the workspace is there by git, as the same session', async () => {
    const clone = join(root, 'clone');
    git(tree, 'add', '-f', 'projects', 'session-logs');
    git(tree, 'commit', '-qm', 'logs');
    git(root, 'clone', '-q', tree, clone);
    await value(jonas, elsewhere, 'config', 'set', 'git.workspaces', clone);
    const rows = await listed(jonas, elsewhere);
    expect(titles(rows)).toEqual(ALL);
    expect(rows.filter(({ place }) => place === 'workspace')).toHaveLength(3);
    const shown = await run(jonas, elsewhere, ['show', 'payment retries']);
    expect(shown.out).toContain('An idempotency key for each posting.');
    expect(
      readFileSync(
        join(
          clone,
          'projects/harbor/session-logs',
          `${rows.find(({ project }) => project)?.date}-mara-payment-retries-no-longer-double-post.md`,
        ),
        'utf8',
      ),
    ).toContain('session=s-1');
  });
});
