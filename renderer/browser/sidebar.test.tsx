import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { axeProblems, testPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { hashOf, SETTINGS_PAGES } from '../../shared/ipc/route.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

const sidebar = () => within(screen.getByRole('complementary', { name: 'Views and filters' }));

describe('the sidebar', () => {
  it.each(['notes', 'pending', 'sessions', 'sync'])(
    'of the view %s leads back to reading: saved searches and the latest sessions',
    async (view) => {
      window.location.hash = `#/${view}`;
      const { link, fixture } = testPage();
      await fixture.app.search.keep({ saved: [{ name: 'Ledger retries', query: 'q=ledger' }] });
      const latest = fixture.index.page({ limit: 8 }).rows;
      render(<BrowserApp link={link} />);
      const recent = within(await sidebar().findByRole('navigation', { name: 'Recent sessions' }));
      expect(recent.getAllByRole('link').map((one) => one.getAttribute('href'))).toEqual(
        latest.map(({ id }) => hashOf({ view: 'logs', log: id })),
      );
      const saved = within(await sidebar().findByRole('navigation', { name: 'Saved' }));
      await userEvent.click(saved.getByRole('link', { name: 'Ledger retries' }));
      expect(window.location.hash).toBe('#/logs?q=ledger');
    },
  );

  it('of the settings has their pages, which stand nowhere else', async () => {
    window.location.hash = '#/settings/schedule';
    render(<BrowserApp link={testPage().link} />);
    const pages = await sidebar().findByRole('navigation', { name: 'Settings' });
    expect(within(pages).getAllByRole('link')).toHaveLength(SETTINGS_PAGES.length);
    expect(screen.getAllByRole('navigation', { name: 'Settings' })).toEqual([pages]);
    expect(await axeProblems()).toEqual([]);
  });
});
