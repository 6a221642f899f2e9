import { render, screen, within } from '@testing-library/react';
import { act } from 'react';
import { expect, it } from 'vitest';
import { testPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import { unwrap } from '../../shared/result.ts';
import { PanelApp } from '../panel/panel-app.tsx';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld('#/sync');

const HOUR_MS = 60 * 60 * 1000;
/** What is said of the time, without that of workspaces, which have their own. */
const said = (element: HTMLElement): readonly string[] =>
  element.textContent?.match(/\d+ (?:min|h) ago/g) ?? [];

it.each([
  ['the sync view', BrowserApp, () => screen.getByRole('region', { name: /^gs:/ })],
  ['the panel', PanelApp, () => screen.getByText(/^gs:/).closest('li') as HTMLElement],
])('%s says of its one store once when it was synced', async (_title, Page, storeOf) => {
  const { fixture, link } = testPage();
  render(<Page link={link} />);
  await screen.findByText(/^Last synced 4 min ago/, { selector: '[role="status"] p' });
  expect(said(storeOf())).toEqual([]);
  expect(storeOf().textContent).not.toContain('synced');
  // Another time is another fact.
  const status = unwrap(await fixture.app.status.get());
  const stores = status.stores.map((store) => ({
    ...store,
    lastSuccess: (status.lastSuccess ?? 0) - 2 * HOUR_MS,
  }));
  act(() => fixture.emit({ event: 'status.changed', payload: { ...status, stores } }));
  expect(await within(storeOf()).findByText(/2 h ago/)).toBeTruthy();
});
