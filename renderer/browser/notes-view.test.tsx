import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

type Opened = TestPage & { readonly user: UserEvent };

async function open(hash: string, options: FixtureOptions = {}): Promise<Opened> {
  window.location.hash = hash;
  const test = testPage(options);
  render(<BrowserApp link={test.link} />);
  await screen.findAllByText(/Last synced|Never synced/);
  return { ...test, user: userEvent.setup() };
}

describe('notes', () => {
  it('are read once they are open, and done when a person says so', async () => {
    const { user, fixture, unexpected } = await open('#/notes');
    const list = await screen.findByRole('listbox', { name: 'Notes' });
    expect(screen.getByLabelText('2 unread notes')).toBeTruthy();
    const [first] = within(list).getAllByRole('option');
    await user.click(first as HTMLElement);
    expect(await screen.findByRole('heading', { name: /^From / })).toBeTruthy();
    await waitFor(() => expect(fixture.notes[0]?.state).toBe('read'));
    expect(await screen.findByLabelText('1 unread note')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Mark as done' }));
    await waitFor(() => expect(fixture.notes[0]?.state).toBe('done'));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(fixture.notes[0]?.state).toBe('read'));
    expect(unexpected()).toEqual([]);
  });

  it('open in their log, at the note', async () => {
    const { user, fixture } = await open('#/notes');
    await user.click(
      within(await screen.findByRole('listbox', { name: 'Notes' })).getAllByRole('option')[0] as HTMLElement,
    );
    await user.click(await screen.findByRole('button', { name: 'Open in its log' }));
    expect(window.location.hash).toContain(`?line=${fixture.notes[0]?.line}`);
  });

  it('that were sent show who has read them, and when', async () => {
    const { user } = await open('#/notes');
    await user.click(await screen.findByRole('radio', { name: 'Sent' }));
    const list = await screen.findByRole('listbox', { name: 'Notes' });
    await waitFor(() => expect(within(list).getAllByRole('option')).toHaveLength(1));
    await user.click(within(list).getAllByRole('option')[0] as HTMLElement);
    expect(
      await screen.findByText(/^Read by mira on mira-thinkpad at \d+ \w+ 2026, \d\d:\d\d$/),
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Mark as done' })).toBeNull();
  });

  it('open from a link, whatever the filter shows', async () => {
    const done = testPage().fixture.notes.find((note) => note.state === 'done');
    await open(`#/notes/${done?.hash}`);
    expect(await screen.findByRole('button', { name: 'Reopen' })).toBeTruthy();
  });

  it('are shown without the marks of Markdown in the list', async () => {
    await open('#/notes');
    const list = await screen.findByRole('listbox', { name: 'Notes' });
    expect(list.textContent).toContain('still has the old lifecycle rule');
  });

  it('that were never sent say how one is', async () => {
    const { user, fixture } = await open('#/notes');
    fixture.notes.splice(0, fixture.notes.length, ...fixture.notes.filter((note) => note.state !== 'sent'));
    await user.click(await screen.findByRole('radio', { name: 'Sent' }));
    expect(await screen.findByText('You have sent no notes')).toBeTruthy();
    expect(screen.getByText(/## Note for Mara/)).toBeTruthy();
  });

  it('arrive while the inbox is open', async () => {
    const { fixture } = await open('#/notes');
    const list = await screen.findByRole('listbox', { name: 'Notes' });
    const before = within(list).getAllByRole('option').length;
    const model = fixture.notes[0];
    if (model) fixture.notes.unshift({ ...model, hash: 'f'.repeat(64), text: 'A new note', state: 'unread' });
    fixture.emit({ event: 'notes.changed', payload: { unread: 3 } });
    expect(await screen.findByText('A new note')).toBeTruthy();
    expect(within(list).getAllByRole('option')).toHaveLength(before + 1);
  });
});

describe('the sidebar', () => {
  it('has saved searches and the latest sessions beside what has no filters there', async () => {
    const user = userEvent.setup();
    window.location.hash = '#/notes';
    const { link: page, fixture } = testPage();
    await fixture.app.search.keep({ saved: [{ name: 'Mira on harbor', query: 'project=harbor-api' }] });
    render(<BrowserApp link={page} />);
    const side = within(await screen.findByRole('complementary', { name: 'Views and filters' }));
    const recent = within(await side.findByRole('navigation', { name: 'Recent sessions' }));
    const [newest] = fixture.index.rows;
    const link = recent.getAllByRole('link')[0];
    expect(link?.textContent).toContain(newest?.title);
    expect(await axeProblems()).toEqual([]);
    await user.click(link as HTMLElement);
    await waitFor(() => expect(window.location.hash).toContain(newest?.path ?? '-'));
    // The list’s own filters are there.
    await waitFor(() => expect(side.queryByRole('navigation', { name: 'Recent sessions' })).toBeNull());
    await user.click(screen.getByRole('link', { name: /^Notes/ }));
    await user.click(await side.findByRole('link', { name: 'Mira on harbor' }));
    await waitFor(() => expect(window.location.hash).toBe('#/logs?project=harbor-api'));
  });
});
