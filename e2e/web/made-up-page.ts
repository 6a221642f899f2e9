import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { serveFixture } from '../fixture/fixture-server.ts';
import { createFixture, type Fixture, type FixtureOptions } from '../fixture/fixture-service.ts';
import { expect } from '../harness/web-test.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The present of the made-up world: Saturday, 21 November 2026, 15:20 in Berlin. */
export const NOW = Date.UTC(2026, 10, 21, 14, 20);
export const STATE_SCREENS = join(ROOT, 'test-results', 'screenshots', 'states');

export interface MadeUpPage {
  readonly page: Page;
  readonly fixture: Fixture;
  readonly url: string;
}

/**
 * Shows the built pages over a made-up app, and fails when the page complains on its console.
 * @param use what is done with the page, before anything was loaded into it
 */
export async function withMadeUpPage(
  browser: Browser,
  options: FixtureOptions,
  use: (made: MadeUpPage) => Promise<void>,
): Promise<void> {
  const fixture = createFixture({ logs: 600, now: () => NOW, ...options });
  const { server, url } = await serveFixture(fixture, join(ROOT, 'out', 'renderer'));
  // axe runs as a script of the page, which the page's own policy forbids.
  const context = await browser.newContext({
    bypassCSP: true,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
  });
  const problems: string[] = [];
  try {
    const page = await context.newPage();
    await page.clock.setSystemTime(NOW);
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await use({ page, fixture, url });
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

/** Pixels by which the page, or what scrolls in it, is wider than its window; code and tables scroll sideways on purpose. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const beyond = (element: Element): number => element.scrollWidth - element.clientWidth;
    const texts = [...document.querySelectorAll('article p, article li, article blockquote, article dd')];
    const panes = [...document.querySelectorAll('main, main *')].filter(
      (element) =>
        /auto|scroll/.test(getComputedStyle(element).overflowY) &&
        element.querySelector('h2, h3, [role=option]') !== null,
    );
    return Math.max(beyond(document.documentElement), ...[...panes, ...texts].map(beyond));
  });
}
