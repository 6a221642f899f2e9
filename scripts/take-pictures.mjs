import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

/**
 * Takes the pictures of the README from the demo: `npm run build && npm run pictures [-- program of a Chromium]`. They are committed.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CLI = join(ROOT, 'out', 'main', 'cli.js');
const IMAGES = join(ROOT, 'docs', 'images');
/** The hour of the day at which the demo is viewed: its last day is then today, and its times are in the past. */
const HOUR = 15;
/** The log open in the browser's pictures. */
const OPENED = 'Ledger retries no longer double-post';
const SESSION = 'The statement list jumps while it loads';

/** A zone where it is that hour now. Its name counts westwards. */
function afternoon() {
  const east = ((HOUR - new Date().getUTCHours() + 36) % 24) - 12;
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}

const program = [process.argv[2] ?? process.env['SESSION_LOG_CHROMIUM'] ?? '/usr/bin/chromium'].find((path) =>
  existsSync(path),
);
if (program === undefined) throw new Error('name a Chromium: npm run pictures -- /path/to/chromium');

const zone = afternoon();
const env = { ...process.env, TZ: zone };
// Its name appears in the panel.
const home = mkdtempSync(join(tmpdir(), 'harbor-'));
const run = (/** @type {string[]} */ ...words) => execFileSync(process.execPath, [CLI, ...words], { env });
run('demo', '--home', home, '--json');
const server = spawn(process.execPath, [CLI, 'browse', '--no-open', '--json'], {
  env: { ...env, SESSION_LOG_HOME: join(home, 'machines', 'jonas-studio') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => server.once('exit', resolve));
/** @type {string} */
const line = await new Promise((resolve) => server.stdout.once('data', (part) => resolve(String(part))));
const browser = await chromium.launch({
  executablePath: program,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    timezoneId: zone,
    reducedMotion: 'reduce',
  });
  await page.goto(JSON.parse(line).value.url);
  const list = page.getByRole('listbox', { name: 'Logs' });
  await list.getByRole('option', { name: OPENED }).first().click();
  await page.getByRole('article').getByRole('heading', { name: 'Session Summary' }).waitFor();
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(IMAGES, `browser-${colorScheme}.png`), animations: 'disabled' });
  }
  await page.keyboard.press('4');
  await page.getByRole('listbox', { name: 'Agent sessions' }).getByRole('option', { name: SESSION }).click();
  await page.getByText('End of the conversation').waitFor();
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(IMAGES, `sessions-${colorScheme}.png`), animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 400, height: 600 });
  await page.goto(new URL('/panel/index.html', page.url()).href);
  await page.getByRole('button', { name: /Open log browser/ }).waitFor();
  await page.getByText('Dark mode: contrast of amounts').waitFor();
  await page.screenshot({ path: join(IMAGES, 'panel-light.png'), animations: 'disabled' });
} finally {
  await browser.close();
  server.kill('SIGINT');
  await ended;
  run('demo', '--remove', home);
}
