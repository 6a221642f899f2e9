import { MARKDOWN_VECTORS } from '../gates/markdown-vectors.ts';
import { expect, test } from '../harness/app-test.ts';

/** So many that each is drawn without scrolling: what is not drawn proves nothing. */
const IN_ONE_LOG = 6;

/** Elements that a log may become. */
const FORBIDDEN =
  'script, iframe, frame, object, embed, form, base, link, meta, style, video, audio, source, math, template, portal, webview';

/** Short texts together, a long one alone. */
function chunks(): string[][] {
  const long = MARKDOWN_VECTORS.filter(({ markdown }) => markdown.length > 1_000);
  const short = MARKDOWN_VECTORS.filter((vector) => !long.includes(vector)).map(({ markdown }) => markdown);
  const together = Array.from({ length: Math.ceil(short.length / IN_ONE_LOG) }, (_none, index) =>
    short.slice(index * IN_ONE_LOG, (index + 1) * IN_ONE_LOG),
  );
  return [...together, ...long.map(({ markdown }) => [markdown])];
}

test('no hostile text runs, asks, leads away or draws what it may not, in the real window', async ({
  startApp,
  machine,
}) => {
  test.setTimeout(120_000);
  expect(MARKDOWN_VECTORS.length).toBeGreaterThanOrEqual(400);
  const logs = chunks();
  const count = logs.length;
  for (const [log, parts] of logs.entries())
    machine.log(
      `2026-01-06-mallory-${log}.md`,
      [`# Log ${log}`, '', `BEGIN-${log}.`, '', ...parts.flatMap((part) => [part, '', '---', ''])].join('\n'),
    );
  const app = await startApp();
  const page = await app.browser();
  await app.electron.evaluate(({ session, BrowserWindow }) => {
    const seen: string[] = [];
    (globalThis as unknown as { seen: string[] }).seen = seen;
    const note = ({ url }: { url: string }): void => {
      if (!url.startsWith('app://session-log/')) seen.push(url);
    };
    session.defaultSession.webRequest.onErrorOccurred(note);
    session.defaultSession.webRequest.onCompleted(note);
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 0, y: 0, width: 1500, height: 1150 });
  });
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('app://session-log/')) asked.push(request.url());
  });
  await page.evaluate(() => {
    const held = globalThis as unknown as { alarms: number; alarm: () => void };
    held.alarms = 0;
    held.alarm = () => {
      held.alarms += 1;
    };
  });
  const [first] = await page.evaluate(async () => {
    const { api } = globalThis as unknown as {
      api: { invoke(channel: string, input: unknown): Promise<{ value: { machine: { uuid: string } } }> };
    };
    return [(await api.invoke('app.info', {})).value.machine.uuid];
  });
  for (let log = 0; log < count; log += 1) {
    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/logs/${first}/2026-01-06-mallory-${log}.md`);
    await expect(page.getByText(`BEGIN-${log}.`).first()).toBeVisible({ timeout: 15_000 });
    const bad = await page.getByRole('article').evaluate((article, forbidden) => {
      const found = [...article.querySelectorAll(forbidden)].map((element) =>
        element.outerHTML.slice(0, 200),
      );
      for (const element of article.querySelectorAll('*'))
        for (const { name, value } of element.attributes)
          if (
            /^on/i.test(name) ||
            (/^(?:href|src|srcset|action|formaction|xlink:href|data)$/i.test(name) &&
              !/^(?:https:|mailto:|#)/.test(value))
          )
            found.push(`${name}=${value.slice(0, 100)}`);
      return found;
    }, FORBIDDEN);
    expect(bad, `log ${log}`).toEqual([]);
  }
  expect(await page.evaluate(() => (globalThis as unknown as { alarms: number }).alarms)).toBe(0);
  expect(asked).toEqual([]);
  expect(await app.electron.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([]);
  expect(page.url()).toMatch(/^app:\/\/session-log\/browser\/index\.html#\/logs\//);
  expect(app.electron.windows()).toHaveLength(1);
});
