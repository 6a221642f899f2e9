import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, NOW, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { appError } from '../../shared/app-error.ts';
import type { NewsLook } from '../../shared/domain/news.ts';
import { err, ok } from '../../shared/result.ts';
import { PanelApp } from '../panel/panel-app.tsx';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(
  hash = '#/pending',
  options: FixtureOptions = {},
  prepare: (test: TestPage) => void = () => undefined,
): Promise<Opened> {
  window.location.hash = hash;
  const test = testPage(options);
  prepare(test);
  render(<BrowserApp link={test.link} />);
  await screen.findAllByText(/Last synced|Never synced/);
  return { ...test, user: userEvent.setup() };
}

const boxes = (): Promise<HTMLElement[]> => screen.findAllByRole('checkbox');
const focused = (): string | null | undefined =>
  document.activeElement?.closest('li')?.querySelector('a')?.textContent;

describe('pending tasks', () => {
  it('stand below their project and thread, with who, where and when', async () => {
    const { fixture, unexpected } = await open();
    const all = await boxes();
    expect(screen.getByText(`${all.length} open tasks`)).toBeTruthy();
    const row = fixture.index.rows.find(({ topic }) => topic !== null);
    const project = screen.getByRole('region', { name: row?.project ?? row?.client ?? 'No project' });
    expect(within(project).getAllByRole('checkbox').length).toBeGreaterThan(0);
    expect(within(project).getAllByText(new RegExp(row?.host ?? '')).length).toBeGreaterThan(0);
    expect(await axeProblems()).toEqual([]);
    expect(unexpected()).toEqual([]);
  });

  it('are ticked off by X and opened again by the button of the message', async () => {
    const { user } = await open();
    const all = await boxes();
    const first = all[0] as HTMLInputElement;
    const second = all[1]?.closest('li')?.textContent;
    first.focus();
    await user.keyboard('x');
    expect(await screen.findByText('Done, for the whole team')).toBeTruthy();
    await waitFor(() => expect(screen.getAllByRole('checkbox')).toHaveLength(all.length - 1));
    expect(screen.getByText(`${all.length - 1} open tasks`)).toBeTruthy();
    // The task that takes the place of the ticked one has the focus now.
    await waitFor(() => expect(document.activeElement?.closest('li')?.textContent).toBe(second));
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(screen.getAllByRole('checkbox')).toHaveLength(all.length));
  });

  it('say who was through with them where done ones are listed too, and Space opens them again', async () => {
    const { user } = await open('#/pending?done=1');
    const all = await boxes();
    (all[0] as HTMLElement).focus();
    await user.keyboard(' ');
    expect(await screen.findByText(/^Done by hal on .+ at 21 Nov 2026, 15:20$/)).toBeTruthy();
    expect((screen.getAllByRole('checkbox')[0] as HTMLInputElement).checked).toBe(true);
    expect(screen.getByText(`${all.length - 1} open tasks, 1 done`)).toBeTruthy();
    await user.keyboard(' ');
    await waitFor(() => expect(screen.queryByText(/^Done by hal/)).toBeNull());
  });

  it('that their log itself ticked cannot be opened again here', async () => {
    const asked: unknown[] = [];
    const { user } = await open('#/pending?done=1', {}, ({ fixture }) => {
      const before = { ...fixture.app.pending };
      Object.assign(fixture.app.pending, {
        list: async (input: Parameters<typeof before.list>[0]) => {
          const answer = await before.list(input);
          if (!answer.ok) return answer;
          const [first, ...rest] = answer.value.threads;
          if (first === undefined) return answer;
          const tasks = first.tasks.map((task) => ({ ...task, doneInLog: true, state: 'done' as const }));
          return ok({ ...answer.value, threads: [{ ...first, tasks }, ...rest] });
        },
        mark: async (input: unknown) => {
          asked.push(input);
          return ok(undefined);
        },
      });
    });
    const [box] = await boxes();
    expect(box?.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getAllByText('Ticked off in the log').length).toBeGreaterThan(0);
    await user.click(box as HTMLElement);
    await user.keyboard('x');
    expect(asked).toEqual([]);
  });

  it('are walked through by J and K, and Enter opens the log at the place', async () => {
    const { user } = await open();
    const all = await boxes();
    const words = all.map((box) => box.closest('li')?.querySelector('a')?.textContent);
    (all[0] as HTMLElement).focus();
    await user.keyboard('jj');
    expect(focused()).toBe(words[2]);
    await user.keyboard('k');
    expect(focused()).toBe(words[1]);
    await user.keyboard('{End}');
    expect(focused()).toBe(words.at(-1));
    await user.keyboard('{Home}');
    expect(all.filter((box) => box.tabIndex === 0)).toHaveLength(1);
    await user.keyboard('{Enter}');
    expect(window.location.hash).toMatch(/^#\/logs\/.+\.md\?line=30$/);
  });

  it('are narrowed by person, project and what is done, and the address holds that', async () => {
    const { user } = await open();
    const all = (await boxes()).length;
    await user.selectOptions(screen.getByLabelText('Person'), 'Only mine');
    await waitFor(() => expect(window.location.hash).toBe('#/pending?mine=1'));
    await waitFor(() => expect(screen.getAllByRole('checkbox').length).toBeLessThan(all));
    await user.click(screen.getByRole('switch', { name: 'Also show done tasks' }));
    await waitFor(() => expect(window.location.hash).toBe('#/pending?mine=1&done=1'));
    await user.selectOptions(screen.getByLabelText('Person'), 'Everyone');
    const select = screen.getByLabelText<HTMLSelectElement>('Project');
    const named = [...select.options].find(({ value }) => value !== 'all') as HTMLOptionElement;
    await user.selectOptions(select, named);
    await waitFor(() => expect(window.location.hash).toContain('project='));
    await waitFor(() =>
      expect(screen.getAllByRole('heading', { level: 4 }).map(({ textContent }) => textContent)).toEqual([
        named.text,
      ]),
    );
  });

  it('say that none matches, and lead back to all of them', async () => {
    const { user } = await open('#/pending?project=nowhere-at-all');
    expect(await screen.findByRole('heading', { name: 'No task matches' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show everything' }));
    expect((await boxes()).length).toBeGreaterThan(0);
    expect(window.location.hash).toBe('#/pending');
  });

  it('say where they come from when there is none', async () => {
    await open('#/pending', { scenario: 'empty' });
    expect(await screen.findByRole('heading', { name: 'Nothing is pending' })).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it('are asked for in parts', async () => {
    const limits: (number | undefined)[] = [];
    const { user } = await open('#/pending', {}, ({ fixture }) => {
      const before = { ...fixture.app.pending };
      Object.assign(fixture.app.pending, {
        list: async (input: Parameters<typeof before.list>[0]) => {
          if (input.mine !== true) limits.push(input.limit);
          const answer = await before.list(input);
          return answer.ok ? ok({ ...answer.value, more: true }) : answer;
        },
      });
    });
    await user.click(await screen.findByRole('button', { name: 'Show more tasks' }));
    await waitFor(() => expect(limits).toEqual([100, 500]));
  });

  it('are counted in the navigation as far as they are the reader’s own', async () => {
    await open('#/notes');
    const link = await screen.findByRole('link', { name: /^Pending/ });
    expect(await within(link).findByLabelText(/^\d+ open tasks? of yours$/)).toBeTruthy();
  });

  it('say why they could not be marked', async () => {
    const { user } = await open('#/pending', {}, ({ fixture }) =>
      Object.assign(fixture.app.pending, {
        mark: async () => err(appError('io', 'The marks are in use by another program.', 'Try again.')),
      }),
    );
    await user.click((await boxes())[0] as HTMLElement);
    expect(await screen.findByText(/The marks are in use by another program/)).toBeTruthy();
    expect(screen.queryByText('Done, for the whole team')).toBeNull();
  });
});

describe('what is new', () => {
  it('stands first, by project and person, and is looked at by the button alone', async () => {
    const looks: NewsLook[] = [];
    const { user } = await open('#/pending', {}, ({ fixture }) => {
      const before = { ...fixture.app.pending };
      Object.assign(fixture.app.pending, {
        looked: (look: NewsLook) => {
          looks.push(look);
          return before.looked(look);
        },
      });
    });
    const since = await screen.findByRole('region', { name: /^Since Wednesday 15:20$/ });
    expect(within(since).getByRole('status').textContent).toMatch(/^\d+ new logs, 2 notes, 3 tasks$/);
    expect(within(since).getByRole('link', { name: '2 unread notes' })).toBeTruthy();
    expect(since.querySelectorAll('details')).toHaveLength(6);
    await user.click(within(since).getByRole('button', { name: /^\d+ more projects?$/ }));
    expect(since.querySelectorAll('details').length).toBeGreaterThan(6);
    expect(looks).toEqual([]);
    await user.click(within(since).getByRole('button', { name: 'Mark all as seen' }));
    expect(await screen.findByText('Nothing new.')).toBeTruthy();
    expect(looks).toEqual([{ upTo: NOW, seen: {} }]);
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(looks).toHaveLength(2));
    // Nothing was looked at before: back to where the report began.
    expect(looks[1]?.upTo).toBe(NOW - 3 * 86_400_000);
    await waitFor(() => expect(screen.queryByText('Nothing new.')).toBeNull());
  });

  it('is one line in the panel that leads to the page', async () => {
    const test = testPage({ shell: 'desktop' });
    render(<PanelApp link={test.link} />);
    const line = await screen.findByRole('button', {
      name: /^\d+ new logs, 2 notes, 3 tasks since Wednesday$/,
    });
    await userEvent.setup().click(line);
    await waitFor(() => expect(test.fixture.asked).toContain('openBrowser #/pending'));
    expect(await axeProblems()).toEqual([]);
  });
});
