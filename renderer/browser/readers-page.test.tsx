import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { MADE_UP_RECOVERY } from '../../e2e/fixture/fixture-sealing.ts';
import type { FixtureOptions } from '../../e2e/fixture/fixture-service.ts';
import { axeProblems, testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { OWN_KEY } from '../../e2e/fixture/fixture-secrets.ts';
import { appError } from '../../shared/app-error.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

async function open(
  sealing: NonNullable<FixtureOptions['sealing']> = {},
): Promise<TestPage & { readonly user: UserEvent }> {
  window.location.hash = '#/settings/readers';
  const test = testPage({ sealing });
  render(<BrowserApp link={test.link} />);
  await screen.findByRole('heading', { level: 2, name: 'Who can read' });
  return { ...test, user: userEvent.setup() };
}

const button = (name: string | RegExp): Promise<HTMLElement> => screen.findByRole('button', { name });

describe('the page that says who can read', () => {
  it('seals a store in the clear and hands the recovery key over, once', async () => {
    const { user, finish, unexpected } = await open();
    await screen.findByText('The store is in the clear');
    expect(screen.getByText('2 logs, 31 KB')).toBeTruthy();
    expect(screen.getByText('The backup has never been proven')).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(await button('Seal the store…'));
    const dialog = await screen.findByRole('dialog', { name: 'Seal the store?' });
    expect(within(dialog).getByText(/Every other machine asks to join/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Seal' }));
    expect(await within(dialog).findByRole('progressbar', { name: 'Sealing' })).toBeTruthy();
    finish();
    const handed = await screen.findByRole('dialog', { name: 'Your recovery key' });
    expect(within(handed).getByText(MADE_UP_RECOVERY)).toBeTruthy();
    const done = within(handed).getByRole('button', { name: 'Done' });
    expect(done).toHaveProperty('disabled', true);
    expect(await axeProblems()).toEqual([]);
    // Closed without a word, it waits.
    await user.click(within(handed).getByRole('button', { name: 'Close' }));
    await user.click(await button('Show it'));
    await user.click(await screen.findByRole('checkbox', { name: 'I have stored it safely' }));
    await user.click(await button('Done'));
    await waitFor(() => expect(screen.queryByText(MADE_UP_RECOVERY)).toBeNull());
    expect(screen.queryByText('A recovery key has not been stored yet')).toBeNull();
    expect(await screen.findByText('The store is sealed')).toBeTruthy();
    expect(unexpected()).toEqual([]);
  });

  it('can be stopped while it seals', async () => {
    const { user, finish } = await open();
    await user.click(await button('Seal the store…'));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Seal' }));
    await user.click(await within(dialog).findByRole('button', { name: 'Cancel' }));
    finish();
    expect(await within(dialog).findByText(/It will continue where it stopped/)).toBeTruthy();
    expect(within(dialog).getByRole('button', { name: 'Seal' })).toBeTruthy();
  });

  it('lets a machine in when its words are the same, and takes one out', async () => {
    const { user, fixture, unexpected } = await open({ standing: 'member', asking: true });
    const request = await screen.findByRole('group', { name: 'mara-mbp asks to join' });
    expect(
      within(request)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['lemon', 'maple', 'north', 'olive', 'pearl', 'quartz', 'river', 'stone']);
    expect(await axeProblems()).toEqual([]);
    await user.click(within(request).getByRole('button', { name: 'They are the same' }));
    expect(await screen.findByText('Nobody is asking to join.')).toBeTruthy();
    expect(fixture.asked).toContain('admit lemon maple north olive pearl quartz river stone');
    await user.click(await button('Remove… mike-mbp'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(fixture.asked).toContain('remove mike-mbp'));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove… mike-mbp' })).toBeNull());
    expect(unexpected()).toEqual([]);
  });

  it('stores in the clear on a person\u2019s word, names who else does, and seals again', async () => {
    const { user, finish, unexpected } = await open({ standing: 'member' });
    expect(await screen.findByText(/Stored in the clear: old-mini/)).toBeTruthy();
    await user.click(await button('Store in the clear…'));
    const dialog = await screen.findByRole('dialog', { name: 'Store in the clear?' });
    expect(within(dialog).getByText(/a machine that was taken out/)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Store in the clear' }));
    expect(await within(dialog).findByRole('progressbar', { name: 'Putting in the clear' })).toBeTruthy();
    finish();
    expect(await within(dialog).findByText(/lies in the clear\.$/)).toBeTruthy();
    await user.click(within(dialog).getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
    const again = await button('Seal again…');
    expect(screen.getByText(/Somebody chose so here/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Store in the clear…' })).toBeNull();
    await user.click(again);
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Seal' }));
    finish();
    expect(await screen.findByText('The store is sealed')).toBeTruthy();
    expect(unexpected()).toEqual([]);
  });

  it('lets another machine of the reader show secrets, by its key, and takes that back', async () => {
    const { user, fixture, unexpected } = await open();
    const section = within(
      (await screen.findByRole('heading', { name: 'Secrets on your other machines' }))
        .parentElement as HTMLElement,
    );
    expect(await section.findByText('No other machine can read them.')).toBeTruthy();
    expect(section.getByText(OWN_KEY)).toBeTruthy();
    const field = section.getByRole('textbox', { name: 'Key of your other machine' });
    await user.type(field, 'mara-mbp{Enter}');
    expect(await section.findByText(/That is not the key of another machine/)).toBeTruthy();
    await user.clear(field);
    const key = `age1${'d'.repeat(58)}`;
    await user.type(field, `  ${key}{Enter}`);
    expect(await screen.findByText('Shared with that machine')).toBeTruthy();
    expect(field).toHaveProperty('value', '');
    expect(await axeProblems()).toEqual([]);
    await user.click(await button('Undo'));
    expect(await section.findByText('No other machine can read them.')).toBeTruthy();
    await user.type(field, `${key}{Enter}`);
    await user.click(await section.findByRole('button', { name: `Stop sharing with ${key}` }));
    expect(await screen.findByText('No longer shared with that machine')).toBeTruthy();
    expect(fixture.asked.slice(-4)).toEqual([`share ${key}`, `end ${key}`, `share ${key}`, `end ${key}`]);
    expect(unexpected()).toEqual([]);
  });

  it.each([
    [false, 'can be read in the store: paths, sessions and agents'],
    [true, 'hidden: the store has codes in their place'],
  ])('says whether names of logs are hidden (%s)', async (hidesNames, said) => {
    await open({ standing: 'member', hidesNames });
    const name = await screen.findByText('Names of logs');
    expect(name.nextElementSibling?.textContent).toBe(said);
  });

  it('proves the backup', async () => {
    const { user, finish } = await open({ standing: 'member' });
    expect(await screen.findByText('Backup proven 2 h ago')).toBeTruthy();
    await user.click(await button('Prove it now'));
    expect(await screen.findByRole('progressbar', { name: 'Fetching logs' })).toBeTruthy();
    finish();
    expect(await screen.findByText('Backup proven just now')).toBeTruthy();
  });

  it('has a machine without a key ask, and read its words out', async () => {
    const { user, unexpected } = await open({ standing: 'outside' });
    await user.click(await button('Ask to join'));
    expect(await screen.findByText('amber')).toBeTruthy();
    expect(screen.getByText(/Read these words to a colleague/)).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
    expect(await button('Look again')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Seal the store…' })).toBeNull();
    expect(unexpected()).toEqual([]);
  });

  it('lets a machine in by the recovery key, and says when it is none', async () => {
    const { user } = await open({ standing: 'outside' });
    await user.click(await screen.findByText('I have the recovery key'));
    const field = await screen.findByLabelText('Recovery key');
    await user.type(field, 'nothing of it');
    await user.click(await button('Let this machine in'));
    expect(await screen.findByText('That is not a recovery key.')).toBeTruthy();
    await user.clear(field);
    await user.type(field, MADE_UP_RECOVERY);
    await user.click(await button('Let this machine in'));
    expect(await screen.findByText('Who has the key')).toBeTruthy();
  });

  it('says why nothing is known, and looks again', async () => {
    const problem = appError('offline', 'The store does not answer.', 'Try again later.');
    await open({ problem });
    expect(await screen.findByText('The store does not answer.')).toBeTruthy();
    expect(await button('Look again')).toBeTruthy();
  });

  it('has an invitation for a colleague, without a secret in it', async () => {
    const { user } = await open({ standing: 'member' });
    await user.click(await button('Invite a colleague…'));
    const dialog = await screen.findByRole('dialog', { name: 'Send this to a colleague' });
    expect(dialog.textContent).toContain('session-log setup "session-log://join?store=gs%3A%2F%2Fteam-logs');
    expect(await axeProblems()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText('Copied the invitation')).toBeTruthy();
  });
});
