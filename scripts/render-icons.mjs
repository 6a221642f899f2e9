import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { icnsOf, icoOf } from './icon-files.mjs';

/**
 * Draws the icons from their SVG sources: `node scripts/render-icons.mjs [program of a Chromium]`. The pictures are committed, so that
 * neither a build nor a package needs a browser.
 */

const ASSETS = fileURLToPath(new URL('../assets/', import.meta.url));
const STATES = ['idle', 'syncing', 'deferred', 'attention', 'offline'];
const SIZES = [16, 20, 24, 32];
const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/**
 * Colours of the lines and marks on a bar of that brightness. Each mark has its own shape as well.
 * @type {Readonly<Record<'light' | 'dark', Readonly<Record<string, string>>>>}
 */
const INKS = {
  light: {
    ink: '#2b2a27',
    idle: '#0b6e69',
    syncing: '#0b6e69',
    deferred: '#8a5a00',
    attention: '#b3261e',
    offline: '#5f5d57',
    note: '#7a3fb0',
  },
  dark: {
    ink: '#f4f2ec',
    idle: '#6fe0cf',
    syncing: '#6fe0cf',
    deferred: '#ffc65c',
    attention: '#ff8a7e',
    offline: '#c9c6bd',
    note: '#d3a8ff',
  },
};

/**
 * Returns one state as a document, with the dot of unread notes overlaid if requested.
 * @param {string} state
 * @param {boolean} unread
 * @param {string} style custom properties and colour
 */
function glyph(state, unread, style) {
  const inner = (/** @type {string} */ name) =>
    readFileSync(join(ASSETS, 'tray', `${name}.svg`), 'utf8').replace(/^[^>]*>|<\/svg>\s*$/g, '');
  const [cut = '', mark = ''] = inner('unread').match(/<circle[^>]*>/g) ?? [];
  const mask = `<mask id="dot" maskUnits="userSpaceOnUse" x="0" y="0" width="16" height="16"><rect width="16" height="16" fill="#fff"/>${cut}</mask>`;
  const body = unread ? `${mask}<g mask="url(#dot)">${inner(state)}</g>${mark}` : inner(state);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" style="${style}">${body}</svg>`;
}

const browser = await chromium.launch({
  executablePath: process.argv[2] ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();

/**
 * @param {string} svg
 * @param {number} size pixels
 */
async function draw(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } });
}

const tray = join(ASSETS, 'tray');
for (const name of readdirSync(tray)) if (name.endsWith('.png')) rmSync(join(tray, name));
for (const state of STATES) {
  for (const unread of [false, true]) {
    const name = `${state}${unread ? '-unread' : ''}`;
    // macOS colours a template itself: black and transparency.
    const template = glyph(state, unread, 'color:#000');
    writeFileSync(join(tray, `${name}Template.png`), await draw(template, 16));
    writeFileSync(join(tray, `${name}Template@2x.png`), await draw(template, 32));
    for (const [bar, inks] of Object.entries(INKS)) {
      const style = `color:${inks['ink']};--mark:${inks[state]};--note:${inks['note']}`;
      for (const size of SIZES)
        writeFileSync(
          join(tray, `${name}-${bar}-${size}.png`),
          await draw(glyph(state, unread, style), size),
        );
    }
  }
}

const icon = readFileSync(join(ASSETS, 'app', 'icon.svg'), 'utf8');
// The plate fills the picture on systems that draw no margin around it.
const tight = icon.replace('viewBox="0 0 1024 1024"', 'viewBox="84 84 856 856"');
/** @type {Map<number, Buffer>} */
const pictures = new Map();
mkdirSync(join(ASSETS, 'app', 'linux'), { recursive: true });
for (const size of APP_SIZES) {
  const picture = await draw(tight, size);
  pictures.set(size, picture);
  if (size <= 512) writeFileSync(join(ASSETS, 'app', 'linux', `${size}x${size}.png`), picture);
}
writeFileSync(
  join(ASSETS, 'app', 'icon.ico'),
  icoOf([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: pictures.get(size) ?? Buffer.alloc(0) }))),
);
/** @type {Map<number, Buffer>} */
const mac = new Map();
for (const size of [16, 32, 64, 128, 256, 512, 1024]) mac.set(size, await draw(icon, size));
writeFileSync(join(ASSETS, 'app', 'icon.icns'), icnsOf(mac));
await browser.close();
