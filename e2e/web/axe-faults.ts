import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect } from '../harness/web-test.ts';

/** WCAG 2.2 AA and axe's own advice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe finds wrong with the page as it is drawn, one line each. Of what it checks only the contrast differs between the schemes, so the
 * dark one, seen second, is asked for that alone. axe is run without its builder for Playwright, which loads it anew and takes twice the time.
 */
export async function axeFaults(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    async (runOnly) => {
      const { axe: held } = globalThis as unknown as { axe: typeof axe };
      // What passes is counted by rule: naming every element that did takes as long as looking. No view has frames.
      const run = await held.run(document, { runOnly, resultTypes: ['violations'], iframes: false });
      return {
        passes: run.passes.length,
        faults: run.violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.html} (${node.failureSummary})`).join(', ')}`,
        ),
      };
    },
    scheme === 'dark' ? ['color-contrast'] : TAGS,
  );
  expect(found.passes, 'rules that axe could check').toBeGreaterThan(0);
  return found.faults;
}
