import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../harness/web-test.ts';

const PAGE = '<!doctype html><title>fixture</title><body style="background:teal"><h1>fixture</h1>';

test('the harness drives the system Chromium against a local server', async ({ page, browser }) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(page.getByRole('heading')).toHaveText('fixture');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(0, 128, 128)',
    );
    expect(asked[0]).toBe('GET /');
    expect(Number(browser.version().split('.')[0])).toBeGreaterThanOrEqual(130);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
