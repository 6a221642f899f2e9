import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, NOW, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import type { CalendarDate, LogId } from '../../shared/domain/ids.ts';
import type { LogRow } from '../../shared/domain/log-query.ts';
import { unwrap } from '../../shared/result.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(options: FixtureOptions = {}): Promise<Opened> {
  const test = testPage({ logs: 600, ...options });
  render(<BrowserApp link={test.link} />);
  await screen.findByText(/Last synced|Never synced/);
  return { ...test, user: userEvent.setup() };
}

/** How many hits a question has. */
async function foundIn(
  { app }: TestPage['fixture'],
  question: { readonly text: string; readonly users?: string[] },
): Promise<number> {
  const found = await app.search.find({ box: 'list', ...question }, { kind: 'test', id: '1' });
  return unwrap(found).total.count;
}

const rows = (): HTMLElement[] =>
  // The controls of headings are options too, without a place in the set.
  within(screen.getByRole('listbox', { name: 'Logs' }))
    .getAllByRole('option')
    .filter((row) => row.hasAttribute('aria-posinset'));
const active = (): HTMLElement | undefined =>
  rows().find((row) => row.getAttribute('aria-selected') === 'true');

describe('the list', () => {
  it('shows the first rows under their days and says how many there are', async () => {
    await open();
    expect(await screen.findByText('600 sessions')).toBeTruthy();
    await waitFor(() => expect(rows().length).toBeGreaterThan(8));
    expect(await screen.findByText('Today')).toBeTruthy();
    expect(rows()[0]?.getAttribute('aria-setsize')).toBe('600');
    expect(await axeProblems()).toEqual([]);
  });

  it('marks logs that were captured from agents, and hides them or shows only them', async () => {
    const { user, fixture } = await open();
    const captured = fixture.index.page({ captured: true, limit: 1 }).total;
    expect(captured).toBeGreaterThan(3);
    await user.click(await screen.findByRole('checkbox', { name: 'Captured from an agent' }));
    expect(await screen.findByText(`${captured} found`)).toBeTruthy();
    await waitFor(() => expect(rows()[0]?.getAttribute('aria-setsize')).toBe(String(captured)));
    for (const row of rows())
      expect(within(row).getByTitle(/transcript of a Claude Code session/)).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'A person' }));
    expect(await screen.findByText(`${600 - captured} found`)).toBeTruthy();
    await waitFor(() => expect(screen.queryByTitle(/transcript of a Claude Code session/)).toBeNull());
    expect(window.location.hash).toContain('made=written');
    await user.click(screen.getByRole('button', { name: /A person$/ }));
    expect(await screen.findByText('600 sessions')).toBeTruthy();
  });

  it('draws only what is on screen of 100,000 rows', async () => {
    await open({ logs: 100_000 });
    expect(await screen.findByText('100,000 sessions')).toBeTruthy();
    await waitFor(() => expect(rows().length).toBeGreaterThan(8));
    expect(rows().length).toBeLessThan(60);
  });

  it('moves with J, K, Home and End, and opens what the cursor rests on', async () => {
    const { user, fixture } = await open();
    await waitFor(() => expect(rows().length).toBeGreaterThan(8));
    screen.getByRole('listbox', { name: 'Logs' }).focus();
    await user.keyboard('jjj');
    expect(active()?.getAttribute('aria-posinset')).toBe('3');
    await user.keyboard('k');
    expect(active()?.getAttribute('aria-posinset')).toBe('2');
    await waitFor(() =>
      expect(window.location.hash).toBe(hashOf({ view: 'logs', log: fixture.index.rows[1]?.id as LogId })),
    );
    await user.keyboard('{End}');
    expect(active()?.getAttribute('aria-posinset')).toBe('600');
    expect(screen.getByRole('listbox', { name: 'Logs' }).getAttribute('aria-activedescendant')).toBe(
      active()?.id,
    );
    await user.keyboard('{Home}');
    expect(active()?.getAttribute('aria-posinset')).toBe('1');
  });

  it('finds as one types, and clears with Escape', async () => {
    const { user, fixture } = await open();
    await screen.findByText('600 sessions');
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Find logs' }));
    await user.keyboard('mira archive');
    const wanted = await foundIn(fixture, { text: 'mira archive' });
    expect(wanted).toBeGreaterThan(0);
    expect(await screen.findByText(`${wanted} found`)).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(await screen.findByText('600 sessions')).toBeTruthy();
  });

  it('says so when nothing matches, and offers the way back', async () => {
    const { user } = await open();
    await screen.findByText('600 sessions');
    await user.keyboard('/zzzz');
    expect(await screen.findByText('Nothing found')).toBeTruthy();
    // The box has a cross of its own by the same name.
    expect(screen.queryByRole('button', { name: 'Clear filters' })).toBeNull();
    const [clear] = screen
      .getAllByRole('button', { name: 'Clear search' })
      .filter((one) => one.textContent !== '');
    await user.click(clear as HTMLElement);
    expect(await screen.findByText('600 sessions')).toBeTruthy();
  });

  it('filters by machine and takes the filter back by its chip', async () => {
    const { user, fixture } = await open();
    await user.click(await screen.findByRole('checkbox', { name: /ci-runner-03/ }));
    const total = fixture.index.rows.filter((row) => row.host === 'ci-runner-03').length;
    expect(await screen.findByText(`${total} found`)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove filter: ci-runner-03' }));
    expect(await screen.findByText('600 sessions')).toBeTruthy();
  });

  it('shows a day that was chosen in the calendar', async () => {
    const { user, fixture } = await open();
    const day = fixture.index.rows[30]?.date ?? '';
    const total = fixture.index.rows.filter((row) => row.date === day).length;
    await screen.findByText('600 sessions');
    const cell = await waitFor(() => {
      const found = document.querySelector<HTMLElement>(`[data-day="${day}"]`);
      expect(found).not.toBeNull();
      return found as HTMLElement;
    });
    await user.click(cell);
    expect(await screen.findByText(`${total} found`)).toBeTruthy();
    expect(cell.getAttribute('aria-selected')).toBe('true');
  });

  it('shows a day that is ahead, as a colleague to the east has it, in the list and in the calendar', async () => {
    const { fixture } = await open();
    await screen.findByText('600 sessions');
    expect(document.querySelector('[data-day="2026-11-22"]')).toBeNull();
    fixture.addLog({ date: '2026-11-22' as CalendarDate, title: 'Written tomorrow' });
    expect(await screen.findByText('Tomorrow')).toBeTruthy();
    expect(rows()[0]?.textContent).toContain('Written tomorrow');
    await waitFor(() =>
      expect(document.querySelector('[data-day="2026-11-22"]')?.getAttribute('aria-label')).toBe(
        'Sunday, 22 November 2026: 1 session',
      ),
    );
    // A clock that is years ahead moves nothing.
    fixture.addLog({ date: '2031-01-01' as CalendarDate, title: 'A wrong clock' });
    expect(await screen.findByText('Wed, 1 January 2031')).toBeTruthy();
    expect(document.querySelector('[data-day="2026-11-22"]')).not.toBeNull();
    expect(document.querySelector('[data-day^="2031"]')).toBeNull();
  });

  it('says what of a day is only that of the file, and no time that is not the session’s', async () => {
    const { fixture } = await open();
    await screen.findByText('600 sessions');
    fixture.addLog({
      title: 'Restored yesterday',
      time: NOW - 86_400_000,
      date: '2026-11-21' as CalendarDate,
    });
    fixture.addLog({ title: 'Nobody knows when', time: null, dateGuessed: true });
    const when = async (title: string): Promise<string> =>
      (await screen.findByText(title)).closest('[role="option"]')?.textContent ?? '';
    expect(await when('Restored yesterday')).not.toMatch(/\d\d:\d\d/);
    expect(await when('Nobody knows when')).toContain('date of the file');
    expect(await when('Nobody knows when')).not.toMatch(/\d\d:\d\d/);
  });

  it('groups by machine', async () => {
    const { user } = await open();
    await screen.findByText('600 sessions');
    await user.click(screen.getByRole('button', { name: 'Group and order' }));
    await user.click(await screen.findByRole('radio', { name: 'Machine' }));
    const list = screen.getByRole('listbox', { name: 'Logs' });
    await waitFor(() => expect(within(list).getByText('hal-mbp-2024')).toBeTruthy());
  });

  it('shows a log that appears, and keeps the cursor on the open one', async () => {
    const { user, fixture } = await open();
    await waitFor(() => expect(rows().length).toBeGreaterThan(8));
    screen.getByRole('listbox', { name: 'Logs' }).focus();
    await user.keyboard('jjj');
    const openTitle = active()?.textContent;
    await screen.findByRole('article');
    fixture.addLog({
      id: `${fixture.index.rows[0]?.machine}/new.md` as LogId,
      title: 'A log that just appeared',
    });
    expect(await screen.findByText('A log that just appeared')).toBeTruthy();
    await waitFor(() => expect(active()?.textContent).toBe(openTitle));
    expect(active()?.getAttribute('aria-posinset')).toBe('4');
  });

  it('says what to do when there are no sessions, with a button for each step', async () => {
    const { user, fixture } = await open({ scenario: 'empty' });
    await user.click(await screen.findByRole('button', { name: 'Check for new logs' }));
    await waitFor(() => expect(fixture.operations.running.map((one) => one.kind)).toEqual(['index']));
    expect(screen.queryByRole('button', { name: 'Set who you are' })).toBeNull();
    expect(await axeProblems()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Connect Claude Code' }));
    await waitFor(() => expect(window.location.hash).toBe('#/welcome/agents'));
  });

  it('asks who a person is where nobody knows, and where logs are kept', async () => {
    const { user } = await open({ scenario: 'empty', stranger: true });
    await user.click(await screen.findByRole('button', { name: 'Choose where logs are kept' }));
    await waitFor(() => expect(window.location.hash).toBe('#/welcome/where'));
    window.location.hash = '#/logs';
    await user.click(await screen.findByRole('button', { name: 'Set who you are' }));
    await waitFor(() => expect(window.location.hash).toBe('#/welcome/who'));
  });

  it('says that only this machine is there where the others are looked for', async () => {
    const { user, fixture } = await open();
    const own = fixture.index.rows.filter((row) => row.host === 'hal-mbp-2024');
    fixture.index.rows.splice(0, fixture.index.rows.length, ...own);
    fixture.emit({ event: 'index.changed', payload: { version: 9, ids: null } });
    await user.click(await screen.findByRole('checkbox', { name: 'In the store' }));
    expect(await screen.findByText('No sessions from other machines yet')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Check for new logs' }));
    await waitFor(() => expect(fixture.operations.running.map((one) => one.kind)).toEqual(['index']));
  });
});

describe('what the list is filtered by', () => {
  it('stands in the address, and Back takes it away again', async () => {
    const { user, fixture } = await open();
    await user.click(await screen.findByRole('checkbox', { name: 'Workspace' }));
    expect(window.location.hash).toBe('#/logs?place=workspace');
    await user.click(await screen.findByRole('checkbox', { name: 'harbor-api' }));
    expect(window.location.hash).toBe('#/logs?place=workspace&project=harbor-api');
    const total = fixture.index.rows.filter(
      (row) => row.place === 'workspace' && row.project === 'harbor-api',
    ).length;
    expect(await screen.findByText(`${total} found`)).toBeTruthy();
    window.history.back();
    await waitFor(() => expect(window.location.hash).toBe('#/logs?place=workspace'));
    await waitFor(() =>
      expect(screen.getByRole('checkbox', { name: 'harbor-api' })).toHaveProperty('checked', false),
    );
    expect(screen.getByRole('checkbox', { name: 'Workspace' })).toHaveProperty('checked', true);
  });

  it('is what an address says that was kept or sent', async () => {
    window.location.hash = '#/logs?q=archive&person=mira&place=nowhere';
    const { fixture } = await open();
    const total = await foundIn(fixture, { text: 'archive', users: ['mira'] });
    expect(total).toBeGreaterThan(0);
    expect(await screen.findByText(`${total} found`)).toBeTruthy();
    expect(screen.getByRole('searchbox', { name: 'Find logs' })).toHaveProperty('value', 'archive');
  });

  it('makes one step of words that are typed', async () => {
    const { user } = await open();
    await screen.findByText('600 sessions');
    await user.keyboard('/archive of march');
    await waitFor(() => expect(window.location.hash).toBe('#/logs?q=archive%20of%20march'));
    expect(screen.getByRole('searchbox', { name: 'Find logs' })).toHaveProperty('value', 'archive of march');
    window.history.back();
    expect(await screen.findByText('600 sessions')).toBeTruthy();
    expect(screen.getByRole('searchbox', { name: 'Find logs' })).toHaveProperty('value', '');
  });

  it('is kept while a log is read and another view is looked at', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('checkbox', { name: 'Workspace' }));
    await waitFor(() => expect(rows().length).toBeGreaterThan(2));
    await user.click(rows()[1] as HTMLElement);
    await waitFor(() => expect(window.location.hash).toMatch(/^#\/logs\/.+\?place=workspace$/));
    await user.click(screen.getByRole('link', { name: 'Sync Up to date' }));
    await user.keyboard('1');
    await waitFor(() => expect(window.location.hash).toBe('#/logs?place=workspace'));
  });

  it('says for each value how many sessions have it', async () => {
    const { fixture } = await open();
    const counted = async (name: string, of: (row: LogRow) => boolean): Promise<void> => {
      const box = await screen.findByRole('checkbox', { name });
      const count = document.getElementById(box.getAttribute('aria-describedby') ?? '')?.textContent;
      expect([name, count]).toEqual([name, String(fixture.index.rows.filter(of).length)]);
    };
    await counted('Mira Okafor', ({ user }) => user === 'mira');
    await counted('harbor-api', ({ project }) => project === 'harbor-api');
    await counted('bluebird-clinic', ({ client }) => client === 'bluebird-clinic');
    await counted('Cached', ({ place }) => place === 'cached');
    await counted('Captured from an agent', ({ path }) => path.startsWith('captured/'));
    await counted('A person', ({ path }) => !path.startsWith('captured/'));
  });

  it('does not ask who wrote them where it was always the same', async () => {
    const { fixture } = await open();
    expect(await screen.findByText('Who wrote it')).toBeTruthy();
    fixture.index.rows = fixture.index.rows.filter(({ path }) => !path.startsWith('captured/'));
    fixture.addLog({});
    await waitFor(() => expect(screen.queryByText('Who wrote it')).toBeNull());
    expect(screen.getByRole('checkbox', { name: 'Cached' })).toBeTruthy();
  });

  it('names people as their rows do', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('checkbox', { name: 'Mira Okafor' }));
    expect(window.location.hash).toBe('#/logs?person=mira');
    expect(await screen.findByRole('button', { name: 'Remove filter: Mira Okafor' })).toBeTruthy();
  });

  it('counts in the calendar as well', async () => {
    const { user, fixture } = await open();
    const wanted = fixture.index.rows.filter((row) => row.project === 'harbor-api');
    await user.click(await screen.findByRole('checkbox', { name: 'harbor-api' }));
    const day = wanted[0]?.date ?? '';
    const count = wanted.filter((row) => row.date === day).length;
    await waitFor(() =>
      expect(document.querySelector(`[data-day="${day}"]`)?.getAttribute('aria-label')).toMatch(
        new RegExp(`: ${count} sessions?$`),
      ),
    );
  });
});

describe('daily logs', () => {
  const control = () =>
    screen.findByRole('option', { name: /^\d+ daily logs? of Saturday, 21 November 2026$/ });

  it('fold under their day and open from there, by keyboard', async () => {
    const { user, fixture } = await open();
    const files = fixture.index.files.filter((file) => file.date === '2026-11-21');
    const fold = await control();
    expect(fold.textContent).toBe(files.length === 1 ? '1 daily log' : `${files.length} daily logs`);
    expect(rows().some((row) => row.textContent?.startsWith('Daily log'))).toBe(false);
    screen.getByRole('listbox', { name: 'Logs' }).focus();
    await user.tab();
    expect(document.activeElement).toBe(fold);
    await user.keyboard('{Enter}');
    const menu = await screen.findByRole('dialog', { name: 'Daily logs of Saturday, 21 November 2026' });
    const entries = await within(menu).findAllByRole('button', { name: /Daily log, 21 Nov/ });
    expect(entries).toHaveLength(files.length);
    expect(await axeProblems()).toEqual([]);
    await user.click(entries[0] as HTMLElement);
    await waitFor(() => expect(window.location.hash).toContain('SESSION-LOG-2026-11-21.md'));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: /^Daily logs/ })).toBeNull());
  });

  it('leave nothing where a day has none, and while words are looked for', async () => {
    const { user, fixture } = await open();
    await control();
    fixture.index.files.splice(0, fixture.index.files.length, ...fixture.index.files.slice(-3));
    fixture.emit({ event: 'index.changed', payload: { version: 9, ids: null } });
    await waitFor(() => expect(screen.queryByRole('option', { name: /daily log/ })).toBeNull());
    await user.keyboard('/archive');
    await screen.findByText(/found$/);
    expect(screen.queryByRole('option', { name: /daily log/ })).toBeNull();
  });
});
