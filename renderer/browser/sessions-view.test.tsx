import { act, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { makeSessions } from '../../e2e/fixture/fixture-sessions.ts';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, NOW, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { appError } from '../../shared/app-error.ts';
import type { LogId, LogPath } from '../../shared/domain/ids.ts';
import { en } from '../../shared/i18n/en.ts';
import { isAtRisk } from '../../shared/transcripts/countdown.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import { sumsOf } from '../../main/core/capture/session-rows.ts';
import { err, ok } from '../../shared/result.ts';
import { PanelApp } from '../panel/panel-app.tsx';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(
  hash = '#/sessions',
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

const all = makeSessions(NOW);
const gone = all.find(({ countdown, copy }) => countdown.state === 'gone' && copy !== 'none');

const list = (): Promise<HTMLElement> => screen.findByRole('listbox', { name: 'Agent sessions' });

describe('agent sessions', () => {
  it('stand with who, where, how much and what there is of them', async () => {
    const { unexpected } = await open();
    const rows = within(await list()).getAllByRole('option');
    expect(within(await list()).getByText(`${all.length} sessions`)).toBeTruthy();
    expect(rows[0]?.textContent).toContain(all[0]?.title);
    expect(rows[0]?.textContent).toContain('Claude Code · harbor · 20 min · 1 prompt');
    expect(rows[0]?.textContent).toContain('Captured');
    expect(rows[0]?.textContent).toContain('Safe here');
    expect(rows[0]?.textContent).toContain('Deleted by the agent in 30 days');
    expect(screen.getByText(/^\d+ sessions: \d+ of Claude Code/)).toBeTruthy();
    expect(screen.getByText(/will be deleted within a week/)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    expect(unexpected()).toEqual([]);
  });

  it('are walked through by J and K and opened by Enter', async () => {
    const { user } = await open();
    (await list()).focus();
    await user.keyboard('jjk{Enter}');
    await waitFor(() => expect(window.location.hash).toBe(`#/sessions/${all[0]?.agent}/${all[0]?.id}`));
    expect(await screen.findByRole('article', { name: all[0]?.title ?? '' })).toBeTruthy();
    await user.keyboard('{End}{Enter}');
    await waitFor(() => expect(window.location.hash).toContain(all.at(-1)?.id));
  });

  it('take J and K while nothing has the focus, unless letters are switched off', async () => {
    const { user } = await open();
    const rows = await list();
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard('jj');
    expect(document.activeElement).toBe(rows);
    expect(rows.getAttribute('aria-activedescendant')).toBe('list-row-1');
    rows.blur();
    localStorage.setItem('session-log.single-keys', 'false');
    await user.keyboard('k');
    expect(rows.getAttribute('aria-activedescendant')).toBe('list-row-1');
    await user.keyboard('{ArrowUp}{Enter}');
    await waitFor(() => expect(window.location.hash).toContain(all[0]?.id));
  });

  it('are narrowed by words, agent and what goes soon', async () => {
    const { user } = await open();
    await list();
    await user.type(screen.getByLabelText('Find by words'), 'nothing like it');
    expect(await screen.findByRole('heading', { name: 'No session matches' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    await list();
    await user.selectOptions(screen.getByLabelText('Agent'), 'Codex');
    const codex = all.filter(({ agent }) => agent === 'codex').length;
    expect(await within(await list()).findByText(`${codex} sessions`)).toBeTruthy();
    await user.selectOptions(screen.getByLabelText('Agent'), 'Every agent');
    await user.selectOptions(screen.getByLabelText('Show'), 'Deleted within a week');
    await waitFor(async () =>
      expect(within(await list()).getAllByRole('option').length).toBeLessThan(all.length / 2),
    );
  });

  it('are narrowed to what will be lost where a notification leads there', async () => {
    await open('#/sessions?at-risk');
    const lost = all.filter((row) => isAtRisk(row, NOW));
    expect(lost.length).toBeGreaterThan(0);
    expect(
      await within(await list()).findByText(`${lost.length} session${lost.length === 1 ? '' : 's'}`),
    ).toBeTruthy();
    expect(screen.getByLabelText('Show')).toHaveProperty('value', 'lost');
  });

  it('are all kept by one button, with progress, and then it says what was made', async () => {
    const { user, finish } = await open();
    await list();
    await user.click(screen.getByRole('button', { name: 'Keep all' }));
    expect(await screen.findByRole('progressbar', { name: 'Keeping sessions' })).toBeTruthy();
    finish();
    expect(await screen.findByText('Made 19 logs and 24 safe copies.')).toBeTruthy();
    // There is nothing left to keep.
    expect(await screen.findByText('All sessions are kept')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Keep all' })).toBeNull();
    // Once, and in one place.
    expect(screen.queryByText(en.sync.toastDone.capture)).toBeNull();
  });

  it('are kept on when the page was left, and it says the end when it is open again', async () => {
    const { user, finish, fixture } = await open();
    await list();
    await user.click(screen.getByRole('button', { name: 'Keep all' }));
    await screen.findByRole('progressbar', { name: 'Keeping sessions' });
    act(() => void fixture.operations.step());
    window.location.hash = '#/notes';
    await waitFor(() => expect(screen.queryByRole('listbox', { name: 'Agent sessions' })).toBeNull());
    window.location.hash = '#/sessions';
    await screen.findByRole('progressbar', { name: 'Keeping sessions' });
    finish();
    expect(await screen.findByText('Made 19 logs and 24 safe copies.')).toBeTruthy();
  });

  it('say that keeping was stopped', async () => {
    const { user, finish, fixture } = await open();
    await list();
    await user.click(screen.getByRole('button', { name: 'Keep all' }));
    const course = await screen.findByRole('progressbar', { name: 'Keeping sessions' });
    await user.click(within(course.parentElement as HTMLElement).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(fixture.operations.running.every(({ cancelling }) => cancelling)).toBe(true));
    finish();
    expect(await screen.findByText('Stopped. Everything kept so far stays.')).toBeTruthy();
  });

  it('offer to be kept by themselves while that is off', async () => {
    const { user, fixture } = await open();
    await user.click(await screen.findByRole('button', { name: 'Keep new sessions' }));
    await waitFor(() => expect(fixture.settings().capture.mode).toBe('on'));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Keep new sessions' })).toBeNull());
  });

  it('that their agent deleted are put back from the copy', async () => {
    const { user } = await open(`#/sessions/${gone?.agent}/${gone?.id}`);
    await user.click(await screen.findByRole('button', { name: 'Restore for the agent' }));
    expect(await screen.findByText('The session is back where the agent looks for it')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it('say why one could not be put back', async () => {
    const { user } = await open(`#/sessions/${gone?.agent}/${gone?.id}`, {}, ({ fixture }) =>
      Object.assign(fixture.app.sessions, {
        restore: async () => err(appError('precondition', 'A newer file is there.', 'Move it away first.')),
      }),
    );
    await user.click(await screen.findByRole('button', { name: 'Restore for the agent' }));
    expect(await screen.findByText('The session was not restored')).toBeTruthy();
    expect(screen.getByText('A newer file is there.')).toBeTruthy();
  });

  it('say where they come from when there is none', async () => {
    await open('#/sessions', { scenario: 'empty' });
    expect(await screen.findByRole('heading', { name: 'No agent sessions found' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Keep new sessions' })).toBeNull();
    expect(await axeProblems()).toEqual([]);
  });

  it('that are not here are said to be that', async () => {
    const { user } = await open('#/sessions/codex/not-here');
    expect(await screen.findByRole('heading', { name: 'This session is not here' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'All sessions' }));
    await waitFor(() => expect(window.location.hash).toBe('#/sessions'));
  });

  it('say why they could not be listed, and ask again', async () => {
    let isBroken = true;
    const { user } = await open('#/sessions', {}, ({ fixture }) => {
      const before = { ...fixture.app.sessions };
      Object.assign(fixture.app.sessions, {
        list: (input: Parameters<typeof before.list>[0]) =>
          isBroken
            ? Promise.resolve(err(appError('io', 'The disk did not answer.', 'Try again.')))
            : before.list(input),
      });
    });
    expect(await screen.findByText('The disk did not answer.')).toBeTruthy();
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await list()).toBeTruthy();
  });
});

describe('the conversation of a session', () => {
  const hash = `#/sessions/${all[0]?.agent}/${all[0]?.id}`;
  const conversation = (): Promise<HTMLElement> => screen.findByRole('region', { name: 'Conversation' });

  it('shows prompts and replies whole, and everything else in a line that opens', async () => {
    const { user, unexpected } = await open(hash);
    const region = within(await conversation());
    expect(await region.findByText(/^The lookup of internal names fails since Tuesday/)).toBeTruthy();
    expect(region.getByText('I look at the resolver first.')).toBeTruthy();
    expect(region.getByText('500 ms').tagName).toBe('STRONG');
    expect(region.queryByText('1 failed: timeout after 5000 ms')).toBeNull();
    await user.click(region.getByText('Bash: npm test -- resolve'));
    expect(await region.findByText('1 failed: timeout after 5000 ms')).toBeTruthy();
    await user.click(region.getByText('Subagent: Find every caller of resolve()'));
    expect(await region.findByText('Four callers, all in src/net.')).toBeTruthy();
    expect(region.getByText('Committed 6c1f0ab2 resolve: ask the second server too')).toBeTruthy();
    expect(region.getByText('End of the conversation')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    expect(unexpected()).toEqual([]);
  });

  it('leads from prompt to prompt by N and P, and by the list of all', async () => {
    const { user } = await open(hash);
    const prompts = await within(await conversation()).findAllByRole('article', { name: 'Prompt' });
    await user.click(within(await conversation()).getByRole('button', { name: 'Next prompt' }));
    expect(document.activeElement).toBe(prompts[0]);
    await user.keyboard('n');
    expect(document.activeElement).toBe(prompts[1]);
    await user.keyboard('p');
    expect(document.activeElement).toBe(prompts[0]);
    await user.click(screen.getByRole('button', { name: 'All prompts' }));
    await user.click(await screen.findByRole('button', { name: 'Good. Write it down for Mara.' }));
    await waitFor(() => expect(document.activeElement).toBe(prompts[1]));
  });

  it('finds words, and says how many have them', async () => {
    const { user } = await open(hash);
    await within(await conversation()).findByText('I look at the resolver first.');
    await user.type(screen.getByRole('searchbox', { name: 'Find in what is shown' }), 'resolve');
    expect(screen.getByText(/^1 of \d$/)).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(screen.getByText(/^2 of \d$/)).toBeTruthy();
  });

  it('opens what was found behind a line', async () => {
    const { user } = await open(hash);
    const region = within(await conversation());
    await region.findByText('I look at the resolver first.');
    const box = screen.getByRole('searchbox', { name: 'Find in what is shown' });
    for (const behind of ['timeout after 5000 ms', 'four callers']) {
      await user.clear(box);
      await user.type(box, behind);
      expect(screen.getByText('1 of 1')).toBeTruthy();
      expect(region.getByText(new RegExp(behind, 'i'))).toBeTruthy();
    }
  });

  it('grows while the session goes on', async () => {
    let isLonger = false;
    const { fixture } = await open(hash, {}, ({ fixture: made }) => {
      const before = { ...made.app.sessions };
      Object.assign(made.app.sessions, {
        conversation: async (input: Parameters<typeof before.conversation>[0]) => {
          const answer = await before.conversation(input);
          if (!answer.ok) return answer;
          const { events } = answer.value;
          return ok({ ...answer.value, events: isLonger ? events : events.slice(0, 2) });
        },
      });
    });
    const region = within(await conversation());
    await region.findByText('I look at the resolver first.');
    expect(region.queryByText('Good. Write it down for Mara.')).toBeNull();
    isLonger = true;
    fixture.emit({ event: 'sessions.changed', payload: sumsOf(all, 0, NOW) });
    expect(await region.findByText('Good. Write it down for Mara.')).toBeTruthy();
  });

  it('comes in stretches, and a prompt that is not read yet is read from its place', async () => {
    const asked: number[] = [];
    const { user } = await open(hash, {}, ({ fixture }) => {
      const before = { ...fixture.app.sessions };
      Object.assign(fixture.app.sessions, {
        conversation: async (input: Parameters<typeof before.conversation>[0]) => {
          asked.push(input.from);
          const answer = await before.conversation({ ...input, from: 0 });
          if (!answer.ok) return answer;
          const events = answer.value.events.filter(({ place }) => place.offset >= input.from).slice(0, 3);
          const last = events.at(-1)?.place.offset ?? 0;
          return ok({ ...answer.value, events, next: events.length < 3 ? null : last + 700 });
        },
      });
    });
    const region = within(await conversation());
    expect(await region.findByText('Bash: npm test -- resolve')).toBeTruthy();
    expect(region.queryByText(/^Asked: /)).toBeNull();
    await user.click(region.getByRole('button', { name: 'Show more' }));
    expect(await region.findByText(/^Asked: /)).toBeTruthy();
    expect(asked).toEqual([0, 2_100]);
    await user.click(region.getByRole('button', { name: 'All prompts' }));
    await user.click(await screen.findByRole('button', { name: 'Good. Write it down for Mara.' }));
    await waitFor(() => expect(asked).toEqual([0, 2_100, 6_300]));
    expect(await region.findByText('Good. Write it down for Mara.')).toBeTruthy();
    expect(region.queryByText(/^The lookup of internal names fails/)).toBeNull();
    await user.click(region.getByRole('button', { name: 'Show from the beginning' }));
    expect(await region.findByText(/^The lookup of internal names fails/)).toBeTruthy();
  });

  it('is opened from the log that was made of it, on the machine of the session alone', async () => {
    const path = 'captured/claude-code/2026-11-21-hal-fix-the-lookup.md';
    const session = all[0]?.id ?? '';
    const { user, fixture } = await open('#/logs');
    const machine = fixture.index.rows.find(({ place }) => place === 'local')?.machine ?? '';
    const id = `${machine}/${path}` as LogId;
    fixture.addLog({ id, path: path as LogPath, session, place: 'local' });
    window.location.hash = hashOf({ view: 'logs', log: id });
    await user.click(await screen.findByRole('button', { name: 'Open conversation' }));
    await waitFor(() => expect(window.location.hash).toBe(hash));
    const other = `${machine}/captured/claude-code/2026-11-21-hal-elsewhere.md` as LogId;
    fixture.addLog({ id: other, path: path as LogPath, session, place: 'cached', stale: false });
    window.location.hash = hashOf({ view: 'logs', log: other });
    await screen.findByRole('button', { name: /^Find in/ });
    expect(screen.queryByRole('button', { name: 'Open conversation' })).toBeNull();
  });

  it('goes on reading where it could not at first', async () => {
    let isBroken = true;
    const { user } = await open(hash, {}, ({ fixture }) => {
      const before = { ...fixture.app.sessions };
      Object.assign(fixture.app.sessions, {
        conversation: (input: Parameters<typeof before.conversation>[0]) =>
          isBroken
            ? Promise.resolve(err(appError('timeout', 'The disk was too slow.', 'Try again.')))
            : before.conversation(input),
      });
    });
    expect(await screen.findByText('The disk was too slow.')).toBeTruthy();
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('I look at the resolver first.')).toBeTruthy();
  });
});

it('sessions that go are one line in the panel that leads to them', async () => {
  const test = testPage({ shell: 'desktop' });
  render(<PanelApp link={test.link} />);
  const line = await screen.findByRole('button', { name: /^\d+ sessions will be deleted within a week/ });
  await userEvent.setup().click(line);
  await waitFor(() => expect(test.fixture.asked).toContain('openBrowser #/sessions'));
  expect(await axeProblems()).toEqual([]);
});

it('says how an agent is told to keep its sessions longer, and what could not be read', async () => {
  const { user } = await open('#/sessions', {}, ({ fixture }) => {
    const before = { ...fixture.app.sessions };
    const other = {
      agent: 'claude-code',
      path: '/Users/hal/.claude-work/settings.json',
      days: 30,
      edit: '"cleanupPeriodDays": 3650',
    } as const;
    const notices = [{ path: '/home/hal/.codex/x.jsonl', problem: 'cannot be read' }];
    Object.assign(fixture.app.sessions, {
      list: async (query: Parameters<typeof before.list>[0]) => {
        const page = await before.list(query);
        return page.ok ? ok({ ...page.value, notices, offers: [...page.value.offers, other] }) : page;
      },
    });
  });
  await user.click(await screen.findByText('Claude Code deletes sessions after 30 days'));
  expect(screen.getByText('/Users/hal/.claude/settings.json').closest('details')?.open).toBe(true);
  expect(screen.getByText('"cleanupPeriodDays": 3650').closest('details')?.open).toBe(true);
  // Of a second account the folder is named, and nothing else is said again.
  expect(screen.getByText('/Users/hal/.claude-work/settings.json').closest('details')?.open).toBe(true);
  await user.click(screen.getByText('1 item skipped'));
  expect(screen.getByText('/home/hal/.codex/x.jsonl').closest('details')?.open).toBe(true);
});
