import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { appError } from '../../shared/app-error.ts';
import type { LogId } from '../../shared/domain/ids.ts';
import type { LogPlace } from '../../shared/domain/log-query.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { ok, unwrap } from '../../shared/result.ts';
import { PanelApp } from '../panel/panel-app.tsx';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(options: FixtureOptions = {}): Promise<Opened> {
  const test = testPage({ logs: 60, ...options });
  render(<BrowserApp link={test.link} />);
  await screen.findByText('60 sessions');
  return { ...test, user: userEvent.setup() };
}

/** Gives the first log of a place a text. @returns its id */
function write({ fixture }: TestPage, place: LogPlace, text: string): LogId {
  const id = fixture.index.rows.find((row) => row.place === place)?.id as LogId;
  fixture.texts.set(id, text);
  return id;
}

const list = (): HTMLElement => screen.getByRole('listbox', { name: 'Found logs' });
const options = (): HTMLElement[] => within(list()).getAllByRole('option');
const first = async (): Promise<HTMLElement> => {
  await screen.findByRole('listbox', { name: 'Found logs' });
  return options()[0] as HTMLElement;
};

describe('what a search has found', () => {
  it('shows title, person, machine, day, section and the line with the words marked', async () => {
    const page = await open();
    write(page, 'local', '# Deep\n\n## Pending\n\nThe gyroscope <b>drifts</b>.\n');
    await page.user.keyboard('/gyroscope');
    const hit = await first();
    expect(hit.textContent).toContain('Pending: The gyroscope <b>drifts</b>.');
    expect([...hit.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['gyroscope']);
    // Text of logs stays text.
    expect(hit.querySelector('b')).toBeNull();
    expect(within(list()).getByText('All words')).toBeTruthy();
    expect(screen.getByText('1 found').getAttribute('aria-live')).toBe('polite');
    expect(await axeProblems()).toEqual([]);
    expect(page.unexpected()).toEqual([]);
  });

  it('names each rung, says what it did not understand, and counts no further than it did', async () => {
    const explanations = ['“usr:” is no field.'];
    const page = await open({ searching: { explanations, total: { count: 2_000, atLeast: true } } });
    write(page, 'local', '# Deep\n\nThe gyroscope and the astrolabe.\n');
    write(page, 'store', '# Far\n\nAn astrolabe.\n');
    await page.user.keyboard('/gyroscope astrolabe');
    await first();
    await waitFor(() => expect(within(list()).getByText('Most of the words')).toBeTruthy());
    expect(screen.getByText('At least 2,000 found')).toBeTruthy();
    expect(screen.getByText('“usr:” is no field.')).toBeTruthy();
  });

  it('unfolds further sessions of a log by Arrow right, each to be opened by itself', async () => {
    const page = await open();
    const id = write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    const find = page.fixture.app.search.find.bind(page.fixture.app.search);
    const more = [{ id: `${id}#s-2` as LogId, title: 'The second session', line: 9 }];
    page.fixture.app.search.find = async (input, caller) => {
      const found = unwrap(await find(input, caller));
      return ok({ ...found, hits: found.hits.map((hit) => ({ ...hit, more })) });
    };
    await page.user.keyboard('/gyroscope');
    expect((await first()).textContent).toContain('1 more session of this log');
    await page.user.keyboard('{Enter}{ArrowRight}');
    await waitFor(() => expect(options()).toHaveLength(2));
    expect(options()[1]?.textContent).toContain('The second session');
    await page.user.keyboard('j');
    await waitFor(() => expect(window.location.hash).toContain('s-2'));
    await page.user.keyboard('k{ArrowLeft}');
    await waitFor(() => expect(options()).toHaveLength(1));
  });

  it('keeps the hits of the question before until those of the next are there, and never shows an older answer', async () => {
    const page = await open();
    write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    write(page, 'store', '# Far\n\nAn astrolabe.\n');
    const find = page.fixture.app.search.find.bind(page.fixture.app.search);
    const release: (() => void)[] = [];
    page.fixture.app.search.find = async (input, caller) => {
      if (input.text !== 'gyroscope') await new Promise<void>((resolve) => release.push(resolve));
      return find(input, caller);
    };
    await page.user.keyboard('/gyroscope');
    await first();
    const box = screen.getByRole('searchbox', { name: 'Find logs' });
    await page.user.clear(box);
    await page.user.type(box, 'astrolabe');
    await waitFor(() => expect(release.length).toBeGreaterThan(0));
    await page.user.clear(box);
    await page.user.type(box, 'gyroscope');
    for (const go of release) go();
    await waitFor(() => expect(options()[0]?.textContent).toContain('gyroscope'));
    expect(screen.queryByText(/astrolabe/)).toBeNull();
  });

  it('keeps the words when a log is opened before they are answered, and the hits take over the cursor', async () => {
    const page = await open();
    const hit = write(page, 'store', '# Deep\n\nThe gyroscope drifts.\n');
    const find = page.fixture.app.search.find.bind(page.fixture.app.search);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    page.fixture.app.search.find = async (input, caller) => {
      await asked;
      return find(input, caller);
    };
    await page.user.keyboard('/gyroscope{Enter}jjj');
    // Nothing was found yet: these are all logs.
    expect(screen.getByText('60 sessions')).toBeTruthy();
    await waitFor(() => expect(window.location.hash).toMatch(/^#\/logs\/.+\?q=gyroscope$/));
    const address = hashOf({ view: 'logs', log: hit });
    expect(window.location.hash).not.toContain(address);
    answer();
    await first();
    await waitFor(() => expect(options()[0]?.getAttribute('aria-selected')).toBe('true'));
    expect(document.activeElement).toBe(list());
    await waitFor(() => expect(window.location.hash).toContain(address));
    expect(window.location.hash).toContain('q=gyroscope');
  });

  it('keeps the cursor on its hit when others come up above it', async () => {
    const page = await open();
    write(page, 'local', '# Near\n\nAn astrolabe.\n');
    await page.user.keyboard('/astrolabe');
    await first();
    await page.user.keyboard('{Enter}');
    await waitFor(() => expect(options()[0]?.getAttribute('aria-selected')).toBe('true'));
    const find = page.fixture.app.search.find.bind(page.fixture.app.search);
    page.fixture.app.search.find = async (input, caller) => {
      const found = unwrap(await find(input, caller));
      const above = found.hits.map((hit) => ({ ...hit, id: `${hit.id}x` as LogId, title: 'Come up above' }));
      return ok({ ...found, hits: [...above, ...found.hits] });
    };
    page.fixture.emit({
      event: 'search.changed',
      payload: { version: 2, waiting: 0, building: null, held: null, error: null },
    });
    await waitFor(() => expect(options()).toHaveLength(2));
    await waitFor(() => expect(options()[1]?.getAttribute('aria-selected')).toBe('true'));
    expect(options()[0]?.textContent).toContain('Come up above');
  });

  it('combines with what is chosen beside the words, all of it in the address', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('checkbox', { name: 'In the store' }));
    write(page, 'store', '# Far\n\nAn astrolabe.\n');
    write(page, 'local', '# Near\n\nAn astrolabe.\n');
    await page.user.keyboard('/astrolabe');
    expect((await first()).textContent).toContain('Not pulled');
    expect(options()).toHaveLength(1);
    expect(window.location.hash).toBe('#/logs?q=astrolabe&place=store');
    window.history.back();
    expect(await screen.findByRole('listbox', { name: 'Logs' })).toBeTruthy();
  });

  it('says why it failed, and tries again', async () => {
    const error = appError('corrupt', 'The full text cannot be read.', 'Delete state/search.db.');
    const page = await open({ searching: { error } });
    await page.user.keyboard('/word');
    expect(await screen.findByText('The full text cannot be read.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });

  it('says how many logs are read in already, and stops when told to', async () => {
    const building = { done: 1_200, total: 9_000, bytes: 1 };
    const page = await open({ searching: { progress: { building } } });
    await page.user.keyboard('/manifest');
    expect(await screen.findByText('Indexing logs: 1,200 of 9,000')).toBeTruthy();
    await page.user.click(screen.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(page.fixture.asked).toContain('build false'));
    page.fixture.emit({
      event: 'search.changed',
      payload: { version: 1, waiting: 7_800, building: null, held: 'stopped', error: null },
    });
    expect(await screen.findByText('7,800 logs are not indexed yet')).toBeTruthy();
  });

  it('is asked again when logs were read in', async () => {
    const page = await open();
    await page.user.keyboard('/gyroscope');
    expect(await screen.findByText('Nothing found')).toBeTruthy();
    write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    page.fixture.emit({
      event: 'search.changed',
      payload: { version: 2, waiting: 0, building: null, held: null, error: null },
    });
    expect(await screen.findByText('1 found')).toBeTruthy();
  });
});

describe('searches that were made', () => {
  it('are recent once one of their hits was opened, and can be cleared', async () => {
    const page = await open();
    write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    await page.user.keyboard('/gyroscope');
    await first();
    await page.user.keyboard('{Enter}');
    await waitFor(async () =>
      expect(unwrap(await page.fixture.app.search.kept()).recent).toEqual(['q=gyroscope']),
    );
    await page.user.click(screen.getByRole('button', { name: 'Searches' }));
    await page.user.click(await screen.findByRole('button', { name: 'Clear recent' }));
    await waitFor(async () => expect(unwrap(await page.fixture.app.search.kept()).recent).toEqual([]));
  });
});

describe('beside the list', () => {
  it('the palette has hits in texts too, and opens one at its line', async () => {
    const page = await open();
    const id = write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    await page.user.keyboard('{Control>}k{/Control}');
    await page.user.type(await screen.findByRole('combobox', { name: 'Commands and logs' }), 'gyroscope');
    await page.user.click(await screen.findByRole('option', { name: /The gyroscope drifts/ }));
    await waitFor(() => expect(window.location.hash).toContain(encodeURIComponent(id.split('/')[1] ?? '-')));
    expect(window.location.hash).toContain('line=3');
    expect(window.location.hash).toContain('q=gyroscope');
  });

  it('the panel finds, and its hits open in the log browser', async () => {
    const page = testPage({ logs: 60 });
    write(page, 'local', '# Deep\n\nThe gyroscope drifts.\n');
    render(<PanelApp link={page.link} />);
    const user = userEvent.setup();
    await user.type(await screen.findByRole('searchbox', { name: 'Search all logs' }), 'gyroscope');
    expect(await axeProblems()).toEqual([]);
    await user.click(await screen.findByRole('button', { name: /The gyroscope drifts/ }));
    expect(page.fixture.asked.at(-1)).toMatch(/^openBrowser #\/logs\/.*line=3.*q=gyroscope/);
    await user.clear(screen.getByRole('searchbox', { name: 'Search all logs' }));
    await user.type(screen.getByRole('searchbox', { name: 'Search all logs' }), 'zzzz');
    expect(await screen.findByText('Nothing found')).toBeTruthy();
  });
});
