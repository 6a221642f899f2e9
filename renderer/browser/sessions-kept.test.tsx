import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CAPTURE_PLAN } from '../../e2e/fixture/fixture-sessions.ts';
import { axeProblems, testPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { appError } from '../../shared/app-error.ts';
import type { FinishedOperation } from '../../shared/ipc/operation.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

describe('the page of agent sessions', () => {
  it('says how the last run ended that nobody saw here, with what failed and why', async () => {
    const error = appError('io', 'The transcript cannot be read.', 'Look at its permissions.');
    window.location.hash = '#/sessions';
    const user = userEvent.setup();
    const { link, fixture } = testPage();
    fixture.operations.start({
      ...CAPTURE_PLAN,
      kind: 'capture',
      subject: null,
      outcome: 'partial',
      error: appError(
        'partial',
        '2 of 60 sessions could not be kept. The transcript cannot be read.',
        'The others are.',
      ),
      summary: { captured: 3, rescued: 22, failed: [{ path: 'codex 0a1b', error }], failedTotal: 2 },
    });
    while (fixture.operations.step());
    render(<BrowserApp link={link} />);
    const card = await screen.findByRole('group', { name: /^Not all sessions were kept, / });
    expect(screen.getByText(/^Last run .*Made 3 logs and 22 safe copies\.$/)).toBeTruthy();
    await user.click(within(card).getByText('Which, and why (2)'));
    expect(within(card).getByText('codex 0a1b').parentElement?.textContent).toContain('cannot be read');
    expect(screen.getByRole('button', { name: 'Keep all' })).toBeTruthy();
    expect(await axeProblems()).toEqual([]);
  });

  it('says when the last run went well, for a day', async () => {
    window.location.hash = '#/sessions';
    const { link, fixture } = testPage();
    fixture.operations.start({
      ...CAPTURE_PLAN,
      kind: 'capture',
      subject: null,
      outcome: 'done',
      error: null,
    });
    while (fixture.operations.step());
    const { unmount } = render(<BrowserApp link={link} />);
    expect(await screen.findByText(/^Last run .*Made 19 logs and 24 safe copies\.$/)).toBeTruthy();
    unmount();
    const [run] = fixture.operations.finished;
    fixture.operations.finished.splice(0, 1, { ...(run as FinishedOperation), finishedAt: 0 });
    render(<BrowserApp link={link} />);
    await screen.findByRole('listbox', { name: 'Agent sessions' });
    expect(screen.queryByText(/^Last run/)).toBeNull();
  });
});
