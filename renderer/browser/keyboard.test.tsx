import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { unwrap } from '../../shared/result.ts';
import type { LogId } from '../../shared/domain/ids.ts';
import type { Api } from '../../shared/ipc/api.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import { hashOf, SETTINGS_PAGES } from '../../shared/ipc/route.ts';
import { en } from '../../shared/i18n/en.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent; readonly hold: Hold };

/** Keeps answers back, as a slow machine does. */
interface Hold {
  /** The calls whose answers are kept back; the others answer at once. */
  which: (channel: CallName, input: unknown) => boolean;
  /** Gives the answers kept back so far. */
  release(): void;
}

function holding(api: Api): { readonly api: Api; readonly hold: Hold } {
  let free: (() => void)[] = [];
  const hold: Hold = {
    which: () => false,
    release() {
      for (const give of free) give();
      free = [];
    },
  };
  const invoke: Api['invoke'] = async (channel, input) => {
    const answer = await api.invoke(channel, input);
    if (hold.which(channel, input)) await new Promise<void>((give) => free.push(give));
    return answer;
  };
  return { api: { ...api, invoke }, hold };
}

async function open(options: FixtureOptions = {}): Promise<Opened> {
  const test = testPage({ logs: 600, ...options });
  const { api, hold } = holding(test.link.api);
  render(<BrowserApp link={{ ...test.link, api }} />);
  await screen.findByText('600 sessions');
  return { ...test, hold, user: userEvent.setup() };
}

async function openPalette(user: UserEvent): Promise<HTMLElement> {
  await user.keyboard('{Control>}k{/Control}');
  return screen.findByRole('combobox', { name: 'Commands and logs' });
}

const list = () => screen.getByRole('listbox', { name: 'Logs' });
/** The pane with the text of the open log. */
const textPane = (): HTMLElement => {
  const article = screen.getByRole('article');
  return within(article).getByRole('region', { name: article.getAttribute('aria-label') ?? '?' });
};
const isText = (channel: CallName, input: unknown, text: string): boolean =>
  channel === 'logs.page' && (input as { readonly text?: string }).text === text;

describe('Enter in the list', () => {
  it('moves the focus into the log, Escape back', async () => {
    const { user, fixture } = await open();
    list().focus();
    await user.keyboard('jj');
    await screen.findByRole('article');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(textPane()));
    const second = fixture.index.page({ limit: 2 }).rows[1];
    expect(window.location.hash).toBe(hashOf({ view: 'logs', log: second?.id as LogId }));
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(list());
  });

  it('opens the log under the cursor without waiting for its rest, and moves on once it is there', async () => {
    const { user, hold } = await open();
    hold.which = (channel) => channel === 'logs.read';
    list().focus();
    await user.keyboard('j{Enter}');
    expect(window.location.hash).toMatch(/^#\/logs\/./);
    expect(document.activeElement).toBe(list());
    await waitFor(() => {
      hold.release();
      expect(screen.queryByRole('article')).not.toBeNull();
    });
    await waitFor(() => expect(document.activeElement).toBe(textPane()));
  });

  it('stays in the list when the cursor goes on before the log is there', async () => {
    const { user, hold } = await open();
    hold.which = (channel) => channel === 'logs.read';
    list().focus();
    await user.keyboard('j{Enter}j');
    await waitFor(() => {
      hold.release();
      expect(screen.queryByRole('article')).not.toBeNull();
    });
    expect(document.activeElement).toBe(list());
  });

  it('goes to the button of a log that is only in the store, and into the log when it was pulled', async () => {
    const { user, fixture, finish } = await open();
    const at = fixture.index.page({ limit: 100 }).rows.findIndex((row) => row.place === 'store');
    list().focus();
    await user.keyboard('j'.repeat(at + 1));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/Pull this log|Cancel/));
    await screen.findByRole('button', { name: 'Cancel' });
    finish();
    await screen.findByRole('article');
    await waitFor(() => expect(document.activeElement).toBe(textPane()));
  });
});

describe('Enter in the search box', () => {
  it('at once after the words is for their first hit, and keeps them as a search', async () => {
    const { user, fixture, hold } = await open();
    const id = fixture.index.rows.find((row) => row.place === 'local')?.id as LogId;
    fixture.texts.set(id, '# Deep\n\nThe gyroscope drifts.\n');
    const places: string[] = [];
    const onPlace = (): void => void places.push(window.location.hash);
    window.addEventListener('hashchange', onPlace);
    hold.which = (channel) => channel === 'search.find';
    await user.keyboard('/gyroscope{Enter}');
    // Longer than the cursor rests before it opens a log.
    await new Promise((resolve) => setTimeout(resolve, 250));
    hold.which = () => false;
    hold.release();
    const address = hashOf({ view: 'logs', log: id });
    await waitFor(() => expect(window.location.hash).toContain(address));
    window.removeEventListener('hashchange', onPlace);
    expect(places.filter((hash) => hash.startsWith('#/logs/') && !hash.startsWith(address))).toEqual([]);
    expect(unwrap(await fixture.app.search.kept()).recent).toEqual(['q=gyroscope']);
  });
});

describe('a menu', () => {
  async function openMenu(): Promise<Opened & { readonly focused: () => string | null | undefined }> {
    const opened = await open();
    const row = opened.fixture.index.rows.find((one) => one.place === 'local' && one.topic !== null);
    window.location.hash = hashOf({ view: 'logs', log: row?.id as LogId });
    const button = await within(await screen.findByRole('article')).findByRole('button', {
      name: 'More actions',
    });
    expect(button.getAttribute('aria-haspopup')).toBe('menu');
    button.focus();
    await opened.user.keyboard('{ArrowDown}');
    return { ...opened, focused: () => document.activeElement?.textContent };
  }

  it('is worked by arrow keys, Home and End, and goes round', async () => {
    const { user, focused } = await openMenu();
    const items = within(screen.getByRole('menu', { name: 'More actions' }))
      .getAllByRole('menuitem')
      .map(({ textContent }) => textContent);
    expect(items.length).toBeGreaterThan(3);
    expect(focused()).toBe(items[0]);
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe(items[1]);
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(focused()).toBe(items.at(-1));
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe(items[0]);
    await user.keyboard('{End}');
    expect(focused()).toBe(items.at(-1));
    await user.keyboard('{Home}');
    expect(focused()).toBe(items[0]);
    expect(await axeProblems()).toEqual([]);
  });

  it('goes to what begins with the letters typed, and runs it by Enter', async () => {
    const { user, focused } = await openMenu();
    // How fast somebody types is not up to how busy the machine is.
    let at = 1_000;
    const stamps = vi.spyOn(Event.prototype, 'timeStamp', 'get').mockImplementation(() => at);
    onTestFinished(() => stamps.mockRestore());
    await user.keyboard('c');
    expect(focused()).toBe('Copy whole log');
    await user.keyboard('c');
    expect(focused()).toBe('Copy path');
    at += 750;
    await user.keyboard('copy w');
    expect(focused()).toBe('Copy whole log');
    // Letters and digits are the menu's: they switch no view.
    await user.keyboard('3');
    expect(window.location.hash).toMatch(/^#\/logs\//);
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/^Copied the log/)).toBeTruthy();
    expect(screen.queryByRole('menuitem')).toBeNull();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('More actions');
  });
});

describe('the palette', () => {
  it.each([
    ['settings and its name', (name: string) => `settings ${name}`],
    ['its name and settings', (name: string) => `${name} settings`],
  ])('finds each page of the settings by %s', async (_title, words) => {
    const { user } = await open();
    for (const page of SETTINGS_PAGES) {
      await user.click(await openPalette(user));
      await user.paste(words(en.settings.pages[page].toLowerCase()));
      await user.keyboard('{Enter}');
      await waitFor(() => expect(window.location.hash).toBe(hashOf({ view: 'settings', page })));
      expect(screen.getByRole('link', { current: 'page', name: en.settings.pages[page] })).toBeTruthy();
    }
  });

  it.each([
    ['note', '#/notes'],
    ['go to sync', '#/sync'],
  ])('leads from %s to its view', async (words, hash) => {
    const { user } = await open();
    await user.type(await openPalette(user), `${words}{Enter}`);
    await waitFor(() => expect(window.location.hash).toBe(hash));
  });

  it('runs by Enter what fits the text in the box, not an entry of an earlier text', async () => {
    const { user, fixture, hold } = await open();
    const text = 'restore the archive';
    const earlier = fixture.index.page({ text: 're', limit: 1 }).rows[0];
    const wanted = fixture.index.page({ text, limit: 1 }).rows[0];
    expect(wanted?.id).not.toBe(earlier?.id);
    hold.which = (channel, input) => isText(channel, input, text);
    await user.type(await openPalette(user), `${text}{Enter}`);
    // The entries are still those of fewer letters.
    await waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(0));
    expect(window.location.hash).toBe('');
    await waitFor(() => {
      hold.release();
      expect(window.location.hash).toBe(hashOf({ view: 'logs', log: wanted?.id as LogId }));
    });
    expect(screen.queryByRole('combobox', { name: 'Commands and logs' })).toBeNull();
  });

  it('forgets an Enter when the text is changed before its answer', async () => {
    const { user, hold } = await open();
    hold.which = (channel) => channel === 'logs.page' || channel === 'search.find';
    const box = await openPalette(user);
    await user.type(box, 'restore the archive{Enter}x');
    hold.which = () => false;
    hold.release();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(screen.getByRole('combobox', { name: 'Commands and logs' })).toBe(box);
    expect(window.location.hash).toBe('');
  });

  it('runs the entry that was chosen by the arrow keys, wherever answers move it', async () => {
    const { user, hold, fixture } = await open();
    hold.which = (channel) => channel === 'logs.page' || channel === 'search.find';
    await user.type(await openPalette(user), 'pu{ArrowDown}');
    const chosen = screen.getByRole('option', { selected: true }).textContent;
    hold.which = () => false;
    hold.release();
    await waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(3));
    expect(screen.getByRole('option', { selected: true }).textContent).toBe(chosen);
    await user.keyboard('{Escape}');
    expect(fixture.operations.running).toEqual([]);
  });
});
