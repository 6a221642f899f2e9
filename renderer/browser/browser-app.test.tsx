import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { BEHIND_LABEL, OWN_KEY } from '../../e2e/fixture/fixture-secrets.ts';
import type { Fixture, FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import type { LogId } from '../../shared/domain/ids.ts';
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

describe('a log', () => {
  const own = (fixture: Fixture): LogId =>
    fixture.index.rows.find((row) => row.place === 'local' && row.topic !== null)?.id as LogId;

  async function openLog(
    text?: string,
  ): Promise<Opened & { readonly article: HTMLElement; readonly id: LogId }> {
    const opened = await open();
    const id = own(opened.fixture);
    if (text !== undefined) opened.fixture.texts.set(id, text);
    window.location.hash = hashOf({ view: 'logs', log: id });
    return { ...opened, id, article: await screen.findByRole('article') };
  }

  it('shows its text, its card and its contents', async () => {
    const { article } = await openLog();
    expect(await within(article).findByText('Session Summary', { selector: 'h3' })).toBeTruthy();
    expect(within(article).getByText('Hal Casteel')).toBeTruthy();
    expect(within(article).getByRole('navigation', { name: 'Contents' })).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it('keeps credentials folded until they are asked for, in both views', async () => {
    const { article, user } = await openLog(
      '# T\n\n## Credentials & Secrets\n\npassword: hunter2\n\n## Key Decisions\n\nNone.\n',
    );
    const reveal = await within(article).findByRole('button', { name: 'Reveal' });
    expect(article.textContent).not.toContain('hunter2');
    await user.click(within(article).getByRole('button', { name: 'Show raw text' }));
    expect(article.textContent).not.toContain('hunter2');
    await user.click(within(article).getByRole('button', { name: 'Show formatted' }));
    await user.click(await within(article).findByRole('button', { name: 'Reveal' }));
    expect(await within(article).findByText(/hunter2/)).toBeTruthy();
    await user.click(within(article).getByRole('button', { name: 'Hide again' }));
    await waitFor(() => expect(article.textContent).not.toContain('hunter2'));
    expect(reveal).toBeTruthy();
  });

  it('opens labels of secrets: shown for a while, copied, and said to be none', async () => {
    const label = '[secret: github token, kept on hal-mbp-2024]';
    const text = `# T\n\n## Work\n\n${label} twice\n\n\`\`\`sh\nA=${label}\n\`\`\`\n\n## More\n\n\`${label}\`\n`;
    const { article, user, fixture, id } = await openLog(text);
    const labels = await within(article).findAllByRole('button', { name: label });
    expect(labels).toHaveLength(3);
    (labels[2] as HTMLElement).focus();
    await user.keyboard('{Enter}');
    const opened = await screen.findByRole('dialog', { name: 'A secret was here: github token' });
    expect(opened.textContent).not.toContain(BEHIND_LABEL);
    await user.click(within(opened).getByRole('button', { name: 'Show' }));
    expect(await within(opened).findByText(BEHIND_LABEL)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(within(opened).getByRole('button', { name: 'Hide' }));
    await waitFor(() => expect(opened.textContent).not.toContain(BEHIND_LABEL));
    await user.click(within(opened).getByRole('button', { name: 'Show' }));
    await user.click(await within(opened).findByRole('button', { name: 'Not a secret' }));
    expect(await screen.findByText('The value is back in the log.')).toBeTruthy();
    await user.click(labels[0] as HTMLElement);
    const other = await screen.findByRole('dialog', { name: 'A secret was here: github token' });
    await user.click(within(other).getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText(/The value was copied/)).toBeTruthy();
    expect(fixture.asked.filter((one) => one.includes('label') || one.startsWith('allow'))).toEqual([
      `show label 2 of ${id}`,
      `show label 2 of ${id}`,
      `allow 0123abcd of ${id}`,
      `copy label 0 of ${id}`,
    ]);
  });

  it.each([
    ['[secret: password, kept on mira-thinkpad]', /kept on mira-thinkpad\. It can be shown here if/, true],
    ['[secret: password, kept in the transcript]', /in the agent’s transcript/, false],
  ])('says where the value of %s is', async (label, words, mayBeShared) => {
    const { article, user } = await openLog(`# T\n\n${label}\n`);
    await user.click(await within(article).findByRole('button', { name: label }));
    const opened = await screen.findByRole('dialog', { name: 'A secret was here: password' });
    expect(opened.textContent).toMatch(words);
    expect(within(opened).queryByRole('button', { name: 'Show' }) !== null).toBe(mayBeShared);
    if (!mayBeShared) return;
    await user.click(within(opened).getByRole('button', { name: 'Show' }));
    expect(await within(opened).findByText(BEHIND_LABEL)).toBeTruthy();
    // Only the machine that wrote the log may put the value back.
    expect(within(opened).queryByRole('button', { name: 'Not a secret' })).toBeNull();
    await user.click(within(opened).getByRole('button', { name: 'On your other machines…' }));
    const sharing = await screen.findByRole('dialog', { name: 'Secrets on your other machines' });
    expect(await within(sharing).findByText(OWN_KEY)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it.each([
    ['# T\n\n## Passwords\n\nhunter2\n', /Copied the log, including what is hidden here/],
    ['# T\n\n## Key Decisions\n\nNone.\n', /Copied the log$/],
  ])('says when the copy of %j holds what is folded', async (text, words) => {
    const { article, user } = await openLog(text);
    await within(article).findByRole('heading', { name: /Passwords|Key Decisions/ });
    await user.click(within(article).getByRole('button', { name: 'More actions' }));
    await user.click(await screen.findByText('Copy whole log'));
    expect(await screen.findByText(words)).toBeTruthy();
  });

  it('finds words and walks the matches', async () => {
    const { article, user } = await openLog('# T\n\n## A\n\none cat\n\n## B\n\ntwo **c**at and a Cat\n');
    await within(article).findByText('one cat');
    within(article).getByRole('region', { name: 'T' }).focus();
    await user.keyboard('{Control>}f{/Control}');
    await user.keyboard('cat');
    expect(await within(article).findByText('1 of 3')).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(await within(article).findByText('2 of 3')).toBeTruthy();
    await user.keyboard('{Shift>}{Enter}{Enter}{/Shift}');
    expect(await within(article).findByText('3 of 3')).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(within(article).queryByText('3 of 3')).toBeNull();
  });

  it('shows where a link leads before it opens', async () => {
    const { article, user, fixture } = await openLog('# T\n\n[the ticket](https://tracker.example/1)\n');
    await user.click(await within(article).findByRole('link', { name: 'the ticket' }));
    const dialog = await screen.findByRole('dialog', { name: 'Open this link?' });
    expect(within(dialog).getByText('tracker.example')).toBeTruthy();
    expect(fixture.asked).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(fixture.asked).toEqual([]);
  });

  it('is pulled from the store when it is small and opened, with its course shown, then read', async () => {
    const { fixture, finish } = await open();
    const row = fixture.index.rows.find((one) => one.place === 'store' && one.topic !== null);
    window.location.hash = hashOf({ view: 'logs', log: row?.id as LogId });
    await screen.findByRole('button', { name: 'Cancel' });
    fixture.operations.step();
    fixture.operations.step();
    expect(await screen.findByRole('progressbar', { name: 'Pulling' })).toBeTruthy();
    finish();
    expect(await screen.findByRole('article')).toBeTruthy();
  });

  it('can be left in the store: a cancelled pull says so', async () => {
    const { fixture, user, finish } = await open();
    const row = fixture.index.rows.find((one) => one.place === 'store');
    window.location.hash = hashOf({ view: 'logs', log: row?.id as LogId });
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(fixture.operations.running[0]?.cancelling).toBe(true));
    finish();
    expect(await screen.findByText('Pull cancelled')).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Pull this log' })).toBeTruthy();
  });

  it('says why a pull failed and what to do', async () => {
    const { fixture, user, finish } = await open({ scenario: 'offline' });
    const row = fixture.index.rows.find((one) => one.place === 'store');
    window.location.hash = hashOf({ view: 'logs', log: row?.id as LogId });
    await user.click(await screen.findByRole('button', { name: 'Pull this log' }));
    await waitFor(() => expect(fixture.operations.running.length).toBe(1));
    finish();
    const problem = await screen.findByRole('group', { name: 'The log was not pulled' });
    expect(problem.textContent).toContain('happens by itself when the network is back');
  });

  it('gives its path as programs take it', async () => {
    const { article, user, id } = await openLog();
    await user.click(await within(article).findByRole('button', { name: 'More actions' }));
    await user.keyboard('{ArrowDown}{ArrowUp}');
    await user.click(screen.getByRole('menuitem', { name: 'Copy path' }));
    expect(await navigator.clipboard.readText()).toBe(
      `/Users/hal/.coditect-data/session-logs/${id.slice(id.indexOf('/') + 1)}`,
    );
  });

  it('names the other places of its session, and opens one as it is there', async () => {
    const { fixture, user } = await open();
    const row = fixture.index.rows.find((one) => one.place === 'workspace' && one.copies > 0);
    window.location.hash = hashOf({ view: 'logs', log: row?.id as LogId });
    const whole = await screen.findByRole('article');
    await user.click(await within(whole).findByRole('button', { name: 'Also in 1 place' }));
    const menu = screen.getByRole('dialog', { name: 'Where this session can be read' });
    expect(within(menu).getByRole('button', { current: true }).textContent).toContain('Workspace');
    expect(await axeProblems()).toEqual([]);
    await user.click(within(menu).getByRole('button', { name: /^Daily log on hal-mbp-2024/ }));
    await waitFor(() =>
      expect(window.location.hash).toMatch(/#c0ffee\d+\?copy=exact$|%23c0ffee\d+\?copy=exact$/),
    );
    const part = await screen.findByRole('article');
    expect((await within(part).findByText('Focus:')).closest('p')?.textContent).toContain(row?.title ?? '?');
    // The first heading of the entry is a moment; the session has a title.
    expect(part.getAttribute('aria-label')).toBe(row?.title);
  });

  it('that nobody knows offers to look again', async () => {
    const { fixture } = await open();
    window.location.hash = hashOf({
      view: 'logs',
      log: `${fixture.index.rows[0]?.machine}/gone.md` as LogId,
    });
    expect(await screen.findByText('This log is not in the index')).toBeTruthy();
  });
});

describe('the palette', () => {
  it('runs commands and opens logs by a few letters', async () => {
    const { user, fixture, unexpected, finish } = await open();
    await screen.findByText('600 sessions');
    await user.keyboard('{Control>}k{/Control}');
    const box = await screen.findByRole('combobox', { name: 'Commands and logs' });
    await user.type(box, 'push');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(fixture.operations.running.map((one) => one.kind)).toEqual(['push']));
    finish();
    expect(await screen.findByText('Push done')).toBeTruthy();

    await user.keyboard('{Control>}k{/Control}');
    await user.type(
      await screen.findByRole('combobox', { name: 'Commands and logs' }),
      'restore the archive',
    );
    const wanted = fixture.index.page({ text: 'restore the archive', limit: 1 }).rows[0];
    const list = screen.getByRole('listbox', { name: 'Commands and logs' });
    await waitFor(() =>
      expect(within(list).getAllByRole('option')[0]?.textContent).toContain('Restore the archive'),
    );
    expect(await axeProblems()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(window.location.hash).toBe(hashOf({ view: 'logs', log: wanted?.id as LogId })),
    );
    expect(unexpected()).toEqual([]);
  });
});
