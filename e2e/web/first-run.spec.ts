import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { claudeWriter } from '../../main/testing/transcripts/write-claude-code.ts';
import { expect, test } from '../harness/web-test.ts';
import { SCREENSHOTS } from './browse-test.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'out', 'main', 'cli.js');

let home: string;
let view: ChildProcess | null = null;

test.beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'session-log-first-run-'));
  mkdirSync(join(home, '.claude'));
  writeFileSync(join(home, '.claude/settings.json'), '{\n  "model": "opus"\n}\n');
  writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Mara Lindqvist\n\temail = mara@example.com\n');
  const tree = join(home, 'code/harbor');
  mkdirSync(join(tree, 'session-logs'), { recursive: true });
  writeFileSync(
    join(tree, 'session-logs/2026-01-05-mara-payment-retries.md'),
    '# Payment retries\n\nDone.\n',
  );
  execFileSync('git', ['init', '-q', tree]);
  keepInGit(join(home, 'code/dunes'), 'docs/session-logs/2026-01-09-mara-tide-tables.md', '# Tide tables\n');
});

/** A repository whose logs lie where a workspace does not look, committed by a person. */
function keepInGit(tree: string, path: string, text: string): void {
  mkdirSync(join(tree, path, '..'), { recursive: true });
  writeFileSync(join(tree, path), text);
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', tree, ...args], { env: environment() });
  execFileSync('git', ['init', '-q', tree]);
  git('add', '.');
  git('commit', '-q', '-m', 'logs');
}

test.afterEach(async () => {
  if (view !== null) {
    const ended = new Promise((settle) => view?.once('close', settle));
    view.stdin?.write('\u0003');
    await ended;
    view = null;
  }
  rmSync(home, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([key]) => !/SESSION|CLAUDE|^GIT_/.test(key));
  return {
    ...Object.fromEntries(clean),
    HOME: home,
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** What the person at the terminal was asked to allow; each is allowed. */
const allowed: string[] = [];

/** The printed address of a browser view over this home, in a terminal with a person who allows what is asked. */
function browse(): Promise<string> {
  allowed.length = 0;
  // `script` is a terminal around a command; Node has none.
  const command = `${quoted(process.execPath)} ${quoted(CLI)} browse --no-open`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  view = child;
  return new Promise((settle, fail) => {
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const address = /http:\/\/127\.0\.0\.1\S+/.exec(text)?.[0];
      if (address !== undefined) settle(address);
      const asked = text.indexOf('Allow it? [y/N] ');
      if (asked === -1) return;
      allowed.push(text.slice(text.indexOf('wants to'), asked));
      text = text.slice(asked + 'Allow it?'.length);
      // A person reads first; what comes at once was typed ahead and does not count.
      setTimeout(() => child.stdin.write('y\n'), 500);
    });
    child.once('close', (code) => fail(new Error(`session-log browse ended with ${code}: ${text}`)));
  });
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Pictures of a step in both schemes, for people to look at. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(SCREENSHOTS, `first-run-${name}-${colorScheme}.png`) });
  }
}

test('an empty home becomes a log browser with the session that was saved', async ({ page }) => {
  page.setDefaultTimeout(10_000);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(await browse());
  const next = page.getByRole('button', { name: 'Continue' });
  await expect(page.getByRole('heading', { name: 'Welcome to Session Log' })).toBeVisible();
  await page.getByRole('radio', { name: /Shared folder/ }).check();
  await page.getByRole('textbox', { name: 'Folder' }).fill(join(home, 'share'));
  await page.getByRole('textbox', { name: 'Team name' }).fill('Acme Team');
  await look(page, '1-store');
  await next.click();
  await expect(page.getByRole('dialog', { name: 'Confirm in the terminal' })).toBeVisible();
  await look(page, '1-confirm');
  await page.getByRole('button', { name: 'Create folder' }).click();
  await expect(page.getByText(/This folder can be used/)).toBeVisible();
  await look(page, '2-test');
  await next.click();

  await expect(page.getByRole('textbox', { name: 'Full name' })).toHaveValue('Mara Lindqvist');
  await expect(page.getByRole('textbox', { name: 'Short name' })).toHaveValue('mara');
  await look(page, '3-you');
  await next.click();

  await page.getByText('Show what changes').click();
  await expect(page.getByText('"SessionStart"')).toBeVisible();
  await look(page, '4-agents');
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  await look(page, '5-connected');
  await next.click();

  await expect(page.getByText(/^1 session logs?$/).first()).toBeVisible();
  await page.getByRole('button', { name: 'List these logs' }).click();
  await expect(page.getByText('Listed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Copy these logs' }).click();
  await page.getByRole('switch', { name: /^1 log names no machine/ }).check();
  await expect(page.getByText(/1 log will be copied, of 9 Jan 2026/)).toBeVisible();
  await page.getByText('Names in the data folder').click();
  await look(page, '6-copy');
  await page.getByRole('button', { name: 'Copy 1 log' }).click();
  await expect(page.getByText('1 log copied.')).toBeVisible();
  await look(page, '6-logs');
  await next.click();

  await expect(page.getByText(/^No coding-agent sessions were found/)).toBeVisible();
  await look(page, '7-sessions');
  await next.click();

  await page.getByRole('button', { name: 'Push in the clear' }).click();
  await expect(page.getByRole('heading', { name: 'All set' })).toBeVisible();
  await look(page, '8-done');
  // One decision, one question: the test of the store, its folder and the setting are one.
  expect(allowed.filter((text) => text.includes('store.url'))).toHaveLength(1);
  expect(allowed.filter((text) => text.includes('hooks'))).toHaveLength(1);

  // What /save runs in Claude Code, in a folder that is no work tree.
  const command = readFileSync(join(home, '.claude/commands/save.md'), 'utf8');
  const launcher = /^(.+) save --session/m.exec(command)?.[1] ?? '';
  execFileSync('/bin/sh', ['-c', `${launcher} save --session s-1 --topic "Ledger repair"`], {
    cwd: home,
    env: environment(),
    input: '## Session Summary\n\nRepaired the ledger.\n',
  });
  await page.getByRole('button', { name: 'Open the logs' }).click();
  const list = page.getByRole('listbox', { name: 'Logs' });
  await expect(list.getByRole('option', { name: /Ledger repair/ })).toBeVisible();
  await expect(list.getByRole('option', { name: /Payment retries/ })).toBeVisible();
  await expect(list.getByRole('option', { name: /Tide tables/ })).toBeVisible();
  await look(page, '9-list');
  await list.getByRole('option', { name: /Ledger repair/ }).click();
  await expect(page.getByRole('article').getByText('Repaired the ledger.')).toBeVisible();
  await look(page, '10-log');
});

test('sessions that an agent kept become logs and conversations by one button', async ({ page }) => {
  page.setDefaultTimeout(10_000);
  const writer = claudeWriter(createSeededRandom(1), '2.1.284', { cwd: '/home/ada/harbour' });
  writer.prompt('Fix the lookup of internal names.');
  writer.command('npm test', '1 failing', { exit: 1 });
  writer.reply('The lookup works.');
  const project = join(home, '.claude/projects/-home-ada-harbour');
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, `${writer.session}.jsonl`), writer.text());
  await page.goto(await browse());
  await page.getByRole('link', { name: '5 Sessions' }).click();
  await expect(page.getByText('Found 1 session of Claude Code on this machine.')).toBeVisible();
  await look(page, 'sessions-found');
  await page.getByRole('button', { name: 'Keep them all' }).click();
  await expect(page.getByText('Made 1 log and 1 safe copy.')).toBeVisible();
  await look(page, 'sessions-kept');

  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  const list = page.getByRole('listbox', { name: 'Agent sessions' });
  const session = list.getByRole('option', { name: /Fix the lookup of internal names/ });
  await expect(session).toContainText('Captured');
  await expect(session).toContainText('Safe here');
  await session.click();
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation.getByRole('article', { name: 'Prompt' })).toContainText('Fix the lookup');
  await conversation.getByText('Bash: npm test').click();
  await expect(conversation.getByText('1 failing')).toBeVisible();
  await expect(conversation.getByText('The lookup works.')).toBeVisible();
  await look(page, 'sessions-conversation');

  await page.getByRole('button', { name: 'Open log' }).click();
  await expect(page.getByRole('article').getByRole('heading', { name: 'Session Summary' })).toBeVisible();
  await page.getByRole('button', { name: 'Open conversation' }).click();
  await expect(conversation.getByText('The lookup works.')).toBeVisible();
});

test('settings that cannot be read are said on the whole page, and come back', async ({ page }) => {
  page.setDefaultTimeout(10_000);
  execFileSync(process.execPath, [CLI, 'config', 'set', 'app.theme', 'dark'], { env: environment() });
  const file = join(home, '.coditect-data/settings.json');
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, good.slice(0, 40));
  await page.goto(await browse());
  await expect(page.getByRole('heading', { name: 'The settings file cannot be read' })).toBeVisible();
  await look(page, 'broken-settings');
  await page.getByRole('button', { name: 'Restore the last good version' }).click();
  await expect(page.getByText('The settings file cannot be read')).toHaveCount(0);
  expect(readFileSync(file, 'utf8')).toBe(good);
});
