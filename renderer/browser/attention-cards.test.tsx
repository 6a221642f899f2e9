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

const main = () => within(screen.getByRole('main'));

describe('what git left uncommitted', () => {
  it('names the secrets that keep logs from being committed, and what can be done about them', async () => {
    const { user, fixture } = await open('#/sync', { scenario: 'secrets' });
    const card = await main().findByRole('group', { name: 'A secret would be committed' });
    expect(card.textContent).toContain('2 logs in /Users/hal/code/atlas were not committed');
    expect(card.textContent).toContain('session-logs/2026-11-28-hal-rollout.md, line 7: aws access key');
    const about = 'session-logs/2026-11-28-hal-rollout.md, line 7';
    await user.click(within(card).getByRole('button', { name: `Not a secret: ${about}` }));
    await user.click(within(card).getByRole('button', { name: 'Withhold them' }));
    await user.click(within(card).getByRole('button', { name: 'Commit as it is' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Commit these logs with the secrets in them?',
    });
    await user.click(within(dialog).getByRole('button', { name: 'Commit as it is' }));
    const item = 'git-secrets:/Users/hal/code/atlas';
    await waitFor(() =>
      expect(fixture.asked).toEqual([
        `allow 4567cdef of ${item}`,
        `answer ${item} withhold-secrets`,
        `answer ${item} commit-secrets`,
      ]),
    );
    expect(await axeProblems()).toEqual([]);
  });
});

describe('a machine that asks to join', () => {
  it('is let in by the words that were compared, or not now', async () => {
    const { user, fixture } = await open('#/sync', { scenario: 'joining' });
    const card = await main().findByRole('group', { name: 'mara-mbp asks to join' });
    expect(within(card).getAllByRole('listitem')).toHaveLength(8);
    expect(await axeProblems()).toEqual([]);
    await user.click(within(card).getByRole('button', { name: 'Not now' }));
    await user.click(within(card).getByRole('button', { name: 'They are the same' }));
    await waitFor(() =>
      expect(fixture.asked).toEqual([
        'answer join-request:mara not-now',
        'admit lemon maple north olive pearl quartz river stone',
      ]),
    );
  });
});

describe('a log that was cut', () => {
  it('shows before a cut log is replaced what only its backup has', async () => {
    const { user } = await open('#/sync', { scenario: 'attention' });
    const card = within(await main().findByRole('group', { name: 'A log is shorter than its backup' }));
    await user.click(card.getByText('Show what differs'));
    const backup = await card.findByRole('group', { name: 'Only in the backup: 214 lines' });
    expect(backup.textContent).toContain('#');
    expect(card.getByRole('group', { name: 'Only here: 1 line' }).textContent).toBe('(cut by a full disk)');
    expect(await axeProblems()).toEqual([]);
  });
});
