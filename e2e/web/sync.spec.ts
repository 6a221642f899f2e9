import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logText } from '../harness/data-folder.ts';
import { LISTED, expect, goTo, row, test, type Team } from './browse-test.ts';

/** Where a log of the team is in the store, by the end of its path; null when it is not there. */
function storedAt(team: Team, end: string): string | null {
  // The store's own folder beside it comes and goes while a machine writes.
  const folder = join(team.store, 'tenant-demo');
  const found = readdirSync(folder, { recursive: true })
    .map(String)
    .find((path) => path.endsWith(end));
  return found === undefined ? null : join(folder, found);
}

test.describe('what comes and goes', () => {
  test('a log that appears on the disk is in the list at once, and in the store after a push', async ({
    logs,
    team,
  }) => {
    // By hand, so that the push is the button's and not the watcher's.
    await goTo(logs, '#/settings/schedule');
    await logs.getByRole('combobox', { name: 'Push logs' }).selectOption('manual');
    await expect(logs.getByText('Saved', { exact: true })).toBeVisible();
    // The push of the start may have begun before.
    await goTo(logs, '#/sync');
    const state = logs.getByRole('main').getByRole('heading', { level: 2 });
    await expect(state).toHaveText('Up to date');
    await goTo(logs, '#/logs');
    await expect(logs.getByText(`${LISTED} sessions`)).toBeVisible();
    const text = logText({ title: 'Lighthouse lamp', user: 'Jonas Weber' });
    writeFileSync(join(team.home, 'session-logs', '2026-01-05-jonas-lighthouse.md'), text);
    await expect(logs.getByText(`${LISTED + 1} sessions`)).toBeVisible();
    await logs.getByRole('searchbox', { name: 'Find logs' }).fill('lighthouse');
    await expect(row(logs, /Lighthouse lamp/)).toBeVisible();
    await goTo(logs, '#/sync');
    await expect(state).toHaveText('1 log to push');
    await logs.getByRole('button', { name: 'Sync now' }).click();
    await expect(logs.getByText(/All logs pushed/)).toBeVisible();
    await expect(state).toHaveText('Up to date');
    expect(readFileSync(storedAt(team, '2026-01-05-jonas-lighthouse.md') ?? '', 'utf8')).toBe(text);
  });

  test('a log that shrank asks for a decision, which can be put aside', async ({ logs, team }) => {
    const file = join(team.home, 'session-logs', '2026-01-04-jonas-cut.md');
    const text = logText({ title: 'Cut short', user: 'Jonas Weber', body: 'All of it.' });
    writeFileSync(file, text);
    await goTo(logs, '#/sync');
    const state = logs.getByRole('main').getByRole('heading', { level: 2 });
    await logs.getByRole('button', { name: 'Sync now' }).click();
    await expect.poll(() => storedAt(team, '2026-01-04-jonas-cut.md')).not.toBeNull();
    await expect(state).toHaveText('Up to date');
    writeFileSync(file, text.slice(0, 20));
    await logs.getByRole('button', { name: 'Sync now' }).click();
    await expect(state).toHaveText('Needs attention');
    await expect(logs.getByText('A log is shorter than its backup').first()).toBeVisible();
    await logs.getByRole('button', { name: 'Dismiss' }).click();
    await expect(state).not.toHaveText('Needs attention');
    // Put aside is not answered: the stored log is whole, the cut one is as it was.
    expect(readFileSync(storedAt(team, '2026-01-04-jonas-cut.md') ?? '', 'utf8')).toBe(text);
    expect(readFileSync(file, 'utf8')).toBe(text.slice(0, 20));
  });

  test('a store that is gone makes it offline, with a remedy; it recovers, and nothing is lost', async ({
    logs,
    team,
  }) => {
    await goTo(logs, '#/sync');
    const state = logs.getByRole('main').getByRole('heading', { level: 2 });
    await expect(state).toHaveText('Up to date');
    const away = `${team.store}.unplugged`;
    renameSync(team.store, away);
    await logs.getByRole('button', { name: 'Sync now' }).click();
    await expect(state).toHaveText('Offline');
    const place = logs.getByRole('region', { name: /^file:/ });
    await expect(place).toContainText('Unreachable');
    await expect(place).toContainText(/mount|connect|plug|reach/i);
    await expect(logs.getByRole('navigation', { name: 'Views' })).toContainText('Offline');
    // What is on this machine stays readable, the logs pulled from others too.
    await goTo(logs, '#/logs');
    await row(logs, /Ledger retries no longer double-post/).click();
    await expect(logs.getByRole('article').getByRole('heading', { name: 'Session Summary' })).toBeVisible();
    expect(existsSync(team.store)).toBe(false);
    renameSync(away, team.store);
    await goTo(logs, '#/sync');
    await logs.getByRole('button', { name: 'Sync now' }).click();
    await expect(state).toHaveText('Up to date');
    await expect(place).toContainText('Reachable');
  });
});

test.describe('notes', () => {
  test('shows what Mara left for Jonas and takes it as done', async ({ logs }) => {
    await expect(logs.getByRole('link', { name: /Notes \d unread notes/ })).toBeVisible();
    await logs.getByRole('link', { name: /Notes/ }).click();
    const inbox = logs.getByRole('listbox', { name: 'Notes' });
    const note = inbox.getByRole('option', { name: /Mara Lindqvist/ }).first();
    await note.click();
    const reader = logs.getByRole('article', { name: /Note from Mara Lindqvist/ });
    await expect(reader).toBeVisible();
    // Read by now, and the list knows: what follows changes it by itself.
    await expect(note).not.toContainText('Unread');
    await expect(logs.getByRole('link', { name: 'Notes 2 unread notes' })).toBeVisible();
    const before = await inbox.getByRole('option').count();
    await reader.getByRole('button', { name: 'Mark as done' }).click();
    await expect(inbox.getByRole('option')).toHaveCount(before - 1);
    await expect(logs.getByText('Marked as done')).toBeVisible();
    await logs.getByRole('radio', { name: 'Done' }).click();
    await expect(inbox.getByRole('option')).toHaveCount(1);
    await inbox.getByRole('option').click();
    await reader.getByRole('button', { name: 'Open in its log' }).click();
    await expect(logs).toHaveURL(/#\/logs\/.*\?line=\d+$/);
    await expect(logs.getByRole('article').getByRole('heading').first()).toBeVisible();
  });
});

test.describe('settings', () => {
  test('are saved into the file, and still there after a reload', async ({ logs, team }) => {
    const root = logs.locator('html');
    await goTo(logs, '#/settings/app');
    await logs.getByRole('radio', { name: 'Dark' }).click();
    await expect(root).toHaveAttribute('data-theme', 'dark');
    const zone = logs.getByRole('textbox', { name: 'Time zone' });
    await zone.fill('Pacific/Auckland');
    await zone.press('Enter');
    const saved = (): unknown => JSON.parse(readFileSync(join(team.home, 'settings.json'), 'utf8'));
    await expect.poll(saved).toMatchObject({ app: { theme: 'dark', timeZone: 'Pacific/Auckland' } });
    await logs.reload();
    await expect(root).toHaveAttribute('data-theme', 'dark');
    await expect(zone).toHaveValue('Pacific/Auckland');
    await expect(logs.getByRole('radio', { name: 'Dark' })).toBeChecked();
  });

  test('refuse what is wrong, say why, and change nothing', async ({ logs, team }) => {
    const before = readFileSync(join(team.home, 'settings.json'), 'utf8');
    await goTo(logs, '#/settings/app');
    const zone = logs.getByRole('textbox', { name: 'Time zone' });
    await zone.fill('Atlantis/Capital');
    await zone.press('Enter');
    await expect(zone).toHaveAttribute('aria-invalid', 'true');
    expect(readFileSync(join(team.home, 'settings.json'), 'utf8')).toBe(before);
  });
});
