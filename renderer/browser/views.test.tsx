import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/app-error.ts';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { PanelApp } from '../panel/panel-app.tsx';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(
  hash: string,
  options: FixtureOptions = {},
  page: 'browser' | 'panel' = 'browser',
): Promise<Opened> {
  window.location.hash = hash;
  const test = testPage(options);
  render(page === 'browser' ? <BrowserApp link={test.link} /> : <PanelApp link={test.link} />);
  await screen.findAllByText(/Last synced|Never synced/);
  return { ...test, user: userEvent.setup() };
}

const main = () => within(screen.getByRole('main'));

async function pushOnly(user: UserEvent): Promise<void> {
  await user.click(main().getByRole('button', { name: 'More ways to sync' }));
  await user.click(await main().findByRole('menuitem', { name: 'Push only' }));
}

describe('sync', () => {
  it('pushes with its course shown, can be cancelled, and keeps a history', async () => {
    const { user, fixture, finish } = await open('#/sync');
    await pushOnly(user);
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    fixture.operations.step();
    expect(await main().findByRole('progressbar', { name: 'Push' })).toBeTruthy();
    await user.click(main().getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(fixture.operations.running[0]?.cancelling).toBe(true));
    finish();
    await waitFor(() => expect(main().getAllByText('Cancelled').length).toBeGreaterThan(0));
    expect(await axeProblems()).toEqual([]);
  });

  it('by its one button pushes and looks for what others pushed; each alone is behind the other', async () => {
    const { user, fixture } = await open('#/sync');
    await user.click(main().getByRole('button', { name: 'Sync now' }));
    await waitFor(() =>
      expect(fixture.operations.running.map(({ kind }) => kind)).toEqual(['push', 'index']),
    );
    await user.click(main().getByRole('button', { name: 'More ways to sync' }));
    const ways = await screen.findByRole('menu', { name: 'More ways to sync' });
    expect(
      within(ways)
        .getAllByRole('menuitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['Push only', 'Check for new logs', 'Verify everything', 'Sync git']);
    expect(await axeProblems()).toEqual([]);
  });

  it('says who holds the lock, since when, doing what, and when it tries again', async () => {
    await open('#/sync', { scenario: 'deferred' });
    const card = await main().findByRole('group', {
      name: /claude \(session 3f2a\) on hal-mbp-2024 \(process 48213\) is syncing/,
    });
    expect(card.textContent).toContain('git-sync: integrating, since');
    expect(card.textContent).toMatch(/tries again (?:in \d|now)/);
    expect(main().getByRole('heading', { name: 'Deferred' })).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it('asks for the decision that an item needs', async () => {
    const { user, fixture } = await open('#/sync', { scenario: 'attention' });
    await user.click(await main().findByRole('button', { name: 'Restore the backup' }));
    await waitFor(() =>
      expect(fixture.asked).toEqual(['answer log-shrunk:2026-11/SESSION-LOG-2026-11-19.md take-remote']),
    );
    expect(await axeProblems()).toEqual([]);
  });

  it('asks a second account of the computer calmly who it is, with both answers at hand', async () => {
    const { user, fixture } = await open('#/sync', { scenario: 'second-account' });
    const card = await main().findByRole('group', {
      name: 'Another account on this computer already uses this identity',
    });
    expect(card.textContent).toContain('nothing is mixed');
    expect(card.textContent).not.toContain('init --');
    await user.click(within(card).getByRole('button', { name: 'It was mine: continue it here' }));
    const dialog = await screen.findByRole('dialog', { name: 'Continue the other data folder here?' });
    await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(fixture.asked).toEqual([]);
    await user.click(within(card).getByRole('button', { name: 'Give this account its own identity' }));
    await waitFor(() => expect(fixture.asked).toEqual(['answer second-account:store own-account']));
    expect(await axeProblems()).toEqual([]);
  });

  it('asks again before an answer that cannot be taken back', async () => {
    const { user, fixture } = await open('#/sync', { scenario: 'attention' });
    await user.click(await main().findByRole('button', { name: 'Give this machine its own identity' }));
    const dialog = await screen.findByRole('dialog', { name: 'Give this machine a new identity?' });
    expect(fixture.asked).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Give this machine its own identity' }));
    await waitFor(() => expect(fixture.asked).toEqual(['answer clone-alarm:hal-mbp-2024 split-machine']));
  });

  it('pauses until a person resumes', async () => {
    const { user } = await open('#/sync');
    await user.click(main().getByRole('button', { name: 'Pause' }));
    await user.click(await main().findByRole('menuitem', { name: 'For 1 hour' }));
    expect(await main().findByText(/Paused until \d\d:\d\d/)).toBeTruthy();
    await user.click(main().getByRole('button', { name: 'Resume' }));
    expect(await main().findByRole('button', { name: 'Pause' })).toBeTruthy();
  });

  it('shows a failure where it belongs, and no message over it', async () => {
    const { user, fixture, finish } = await open('#/sync', { scenario: 'denied' });
    await pushOnly(user);
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    finish();
    await waitFor(() => expect(main().getAllByText('Failed').length).toBeGreaterThan(0));
    expect(main().getAllByText(/Ask the owner of the bucket/).length).toBeGreaterThan(0);
    expect(screen.queryByText('Push failed')).toBeNull();
  });

  it('says one problem once, and no more when it is over', async () => {
    const { user, fixture, finish } = await open('#/notes', { scenario: 'offline' });
    const ask = async (words: string): Promise<void> => {
      await user.keyboard('{Control>}k{/Control}');
      await user.type(await screen.findByRole('combobox'), `${words}{Enter}`);
      await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
      finish();
    };
    await ask('push now');
    const message = await screen.findByText('Push: will be retried');
    expect(message.closest('[role="status"]')?.textContent).toContain('The push happens by itself');
    await ask('verify everything');
    expect(await screen.findByText('Verification: will be retried')).toBeTruthy();
    expect(screen.queryByText('Push: will be retried')).toBeNull();
    const offline = await fixture.app.status.get();
    if (!offline.ok) throw new Error('no status');
    fixture.emit({ event: 'status.changed', payload: offline.value });
    const stores = offline.value.stores.map((store) => ({ ...store, lastError: null, reachable: true }));
    fixture.emit({ event: 'status.changed', payload: { ...offline.value, stores } });
    await waitFor(() => expect(screen.queryByText('Verification: will be retried')).toBeNull());
  });

  it('keeps quiet about runs that nobody asked for', async () => {
    const { fixture } = await open('#/notes');
    fixture.operations.start({
      kind: 'push',
      subject: null,
      phases: ['scanning'],
      total: 1,
      bytes: 1,
      outcome: 'failed',
      error: null,
      summary: {},
      cause: 'schedule',
    });
    while (fixture.operations.step());
    fixture.emit({
      event: 'notice.show',
      payload: { id: 'n', tone: 'info', title: 'Told after it', body: '', route: null },
    });
    await screen.findByText('Told after it');
    expect(screen.queryByText('Push failed')).toBeNull();
  });

  it('shows what the system would not notify', async () => {
    const { fixture } = await open('#/sync');
    fixture.emit({
      event: 'notice.show',
      payload: {
        id: 'n',
        tone: 'info',
        title: 'Message from Mira (2026-11-21)',
        body: 'Look at this',
        route: '#/notes',
      },
    });
    const message = await screen.findByText('Message from Mira (2026-11-21)');
    expect(within(message.parentElement as HTMLElement).getByRole('button', { name: 'Show' })).toBeTruthy();
  });

  it('shows no message that leads to what is open', async () => {
    const { fixture } = await open('#/sync');
    const notice = { id: 'n', tone: 'info', body: '' } as const;
    fixture.emit({ event: 'notice.show', payload: { ...notice, title: 'Of this page', route: '#/sync' } });
    fixture.emit({ event: 'notice.show', payload: { ...notice, title: 'Of another', route: '#/notes' } });
    await screen.findByText('Of another');
    expect(screen.queryByText('Of this page')).toBeNull();
  });

  it('goes where the tray or a notification points', async () => {
    const { fixture } = await open('#/sync');
    fixture.emit({ event: 'navigate', payload: { route: '#/settings/machine' } });
    expect(await screen.findByRole('heading', { name: 'This machine' })).toBeTruthy();
  });
});

describe('settings', () => {
  it('test a store before it is used, and ask before it is changed', async () => {
    const { user, fixture, unexpected } = await open('#/settings/store');
    const bucket = await screen.findByRole('textbox', { name: 'Bucket' });
    await user.clear(bucket);
    await user.type(bucket, 'another-bucket');
    await user.click(screen.getByRole('button', { name: 'Test this store' }));
    expect(await screen.findByText('This store works')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    const dialog = await screen.findByRole('dialog', { name: 'Use this store?' });
    expect(fixture.settings().store.url).toBe('gs://atlas-session-logs');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(fixture.settings().store.url).toBe('gs://another-bucket'));
    expect(await screen.findByText('Saved')).toBeTruthy();
    expect(unexpected()).toEqual([]);
  });

  it('explain what is wrong with a store', async () => {
    const { user } = await open('#/settings/store', { scenario: 'denied' });
    await user.click(await screen.findByRole('button', { name: 'Test this store' }));
    const report = await screen.findByText('This store does not work yet');
    expect(report.parentElement?.textContent).toContain('Storage Object User');
    expect(within(report.parentElement as HTMLElement).getByRole('img', { name: 'failed' })).toBeTruthy();
  });

  it('say at the field what is wrong with it, and keep what is typed', async () => {
    const { user, fixture } = await open('#/settings/app');
    const zone = await screen.findByRole('textbox', { name: 'Time zone' });
    await user.clear(zone);
    await user.type(zone, 'Mars/Olympus{Enter}');
    await waitFor(() => expect(zone.getAttribute('aria-invalid')).toBe('true'));
    expect(zone).toHaveProperty('value', 'Mars/Olympus');
    expect(
      document.getElementById(zone.getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')?.textContent,
    ).toContain('is not a time zone');
    expect(fixture.settings().app.timeZone).toBe('Europe/Berlin');
    expect(await axeProblems()).toEqual([]);
  });

  it('change the theme at once', async () => {
    const { user } = await open('#/settings/app');
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'));
    await user.click(screen.getByRole('radio', { name: 'System' }));
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBeUndefined());
  });

  it('show who this machine is, and ask before an older self is taken over', async () => {
    const { user } = await open('#/settings/machine', { scenario: 'attention' });
    expect(await screen.findByText('4 of 5 parts match')).toBeTruthy();
    expect(screen.getByText('This machine was renamed to hal-mbp-2026')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'This is the same machine' }));
    const dialog = await screen.findByRole('dialog', { name: 'Take over the logs of jonas-xps?' });
    await user.click(within(dialog).getByRole('button', { name: 'This is the same machine' }));
    await waitFor(() =>
      expect(screen.queryByText('These may be earlier identities of this machine')).toBeNull(),
    );
  });

  it('refuse a file that is none', async () => {
    const { user, fixture } = await open('#/settings/app');
    const before = fixture.settings();
    const chooser = await screen.findByLabelText('Import settings', { selector: 'input' });
    await user.upload(chooser, new File(['not json'], 'settings.json', { type: 'application/json' }));
    expect(await screen.findByText(/The file is no JSON/)).toBeTruthy();
    expect(fixture.settings()).toEqual(before);
  });
});

describe('keys', () => {
  it('that are single can be turned off', async () => {
    const { user } = await open('#/sync');
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(await axeProblems()).toEqual([]);
    await user.click(within(dialog).getByRole('switch', { name: 'Single-key shortcuts' }));
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await user.keyboard('2');
    expect(window.location.hash).toBe('#/sync');
  });

  it('switch views', async () => {
    const { user } = await open('#/sync');
    await user.keyboard('2');
    await waitFor(() => expect(window.location.hash).toBe('#/notes'));
    await user.keyboard('3');
    await waitFor(() => expect(window.location.hash).toBe('#/pending'));
    await user.keyboard('6');
    await waitFor(() => expect(window.location.hash).toBe('#/settings'));
  });
});

describe('the panel', () => {
  it('shows the state, places, recent logs, and opens the log browser at one', async () => {
    const { user, fixture, unexpected } = await open('', { shell: 'desktop' }, 'panel');
    expect(await screen.findByRole('heading', { name: 'Up to date' })).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    const recent = await screen.findByRole('region', { name: 'Recent sessions' });
    await waitFor(() => expect(within(recent).getAllByRole('button').length).toBe(6));
    await user.click(within(recent).getAllByRole('button')[0] as HTMLElement);
    await waitFor(() => expect(fixture.asked[0]).toMatch(/^openBrowser #\/logs\//));
    await user.click(screen.getByRole('button', { name: '2 unread notes' }));
    await waitFor(() => expect(fixture.asked[1]).toBe('openBrowser #/notes'));
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Quit Session Log' }));
    await waitFor(() => expect(fixture.asked[2]).toBe('quit'));
    expect(unexpected()).toEqual([]);
  });

  it('shows a run and cancels it', async () => {
    const { user, fixture } = await open('', {}, 'panel');
    await user.click(await screen.findByRole('button', { name: 'Push now' }));
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    fixture.operations.step();
    expect(await screen.findByRole('progressbar', { name: 'Push' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(fixture.operations.running[0]?.cancelling).toBe(true));
  });

  it('says what needs a person, with the remedy', async () => {
    await open('', { scenario: 'denied' }, 'panel');
    const problem = await screen.findByRole('group', { name: 'Access denied' });
    expect(problem.textContent).toContain('Ask the owner of the bucket');
    expect(await axeProblems()).toEqual([]);
  });

  it('takes the answer to a log that was cut, after it said how much of it is where', async () => {
    const { user, fixture } = await open('', { scenario: 'attention' }, 'panel');
    const problem = await screen.findByRole('group', { name: /need your attention/ });
    expect(problem.textContent).toContain('shorter here (4 KB) than in the store (31 KB)');
    const restore = within(problem).getByRole('button', { name: 'Restore the backup' });
    expect(restore.title).toContain('the short one is kept beside it');
    await user.click(restore);
    await waitFor(() => expect(fixture.asked.join()).toContain('take-remote'));
  });

  it('says how a push that was started here ended', async () => {
    const { user, fixture, finish } = await open('', {}, 'panel');
    await user.click(await screen.findByRole('button', { name: 'Push now' }));
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    finish();
    const message = await screen.findByText('Push done');
    expect(message.closest('[role="status"]')).not.toBeNull();
    expect(await axeProblems()).toEqual([]);
  });

  it('says that a push without a network will be retried, and asks for nothing', async () => {
    const { user, fixture, finish } = await open('', { scenario: 'offline' }, 'panel');
    await user.click(await screen.findByRole('button', { name: 'Push now' }));
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    finish();
    const card = (await screen.findByText('Push: will be retried')).parentElement as HTMLElement;
    expect(card.textContent).toContain('The push happens by itself');
    expect(within(card).queryByRole('button')).toBeNull();
  });

  it('leads from a push that failed to where it is set right', async () => {
    const { user, fixture, finish } = await open('', { scenario: 'denied' }, 'panel');
    await user.click(await screen.findByRole('button', { name: 'Push now' }));
    await waitFor(() => expect(fixture.operations.running).toHaveLength(1));
    finish();
    const card = (await screen.findByText('Push failed')).parentElement as HTMLElement;
    expect(card.closest('[role="alert"]')?.textContent).toContain('Ask the owner of the bucket');
    await user.click(within(card).getByRole('button', { name: 'Open settings' }));
    await waitFor(() => expect(fixture.asked).toEqual(['openBrowser #/settings/store']));
  });

  it('starts a run again that failed and asks for no decision', async () => {
    const { user, fixture, finish } = await open('', {}, 'panel');
    fixture.operations.start({
      kind: 'full',
      subject: null,
      phases: ['scanning'],
      total: 1,
      bytes: 1,
      outcome: 'failed',
      error: appError('lock-lost', 'Another program took the lock.', 'Try again.'),
      summary: {},
    });
    finish();
    const card = (await screen.findByText('Verification failed')).parentElement as HTMLElement;
    await user.click(within(card).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(fixture.operations.running).toMatchObject([{ kind: 'full' }]));
  });

  it('invites to set the app up', async () => {
    const { user, fixture } = await open('', { scenario: 'first-run' }, 'panel');
    await user.click(await screen.findByRole('button', { name: 'Set up Session Log' }));
    await waitFor(() => expect(fixture.asked).toEqual(['openBrowser #/welcome']));
  });
});
