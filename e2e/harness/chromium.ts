import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { LaunchOptions } from '@playwright/test';

/** Where systems put a Chromium or a Chrome, the first that exists is taken: the one without windows does the same in a fifth less time. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * What the tests do without. The first two are pages of Chromium's own behind the address bar, which every window draws unseen: as much work
 * as loading ours. The others are those that Playwright leaves out; of two such lists Chromium takes the last.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** It starts without windows of its own, asks nobody on the network, and draws the same everywhere. */
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-quic',
  '--force-color-profile=srgb',
  `--disable-features=${WITHOUT.join(',')}`,
];

/**
 * Finds a Chromium and says how to start it: the one SESSION_LOG_CHROMIUM names, the system's, or the one that
 * Playwright has downloaded before.
 * @returns Playwright's launch options, or in a sentence why there is none
 */
export function findChromium(): { readonly options: LaunchOptions } | { readonly reason: string } {
  const named = process.env['SESSION_LOG_CHROMIUM'];
  if (named && !existsSync(named))
    return { reason: `SESSION_LOG_CHROMIUM names ${named}, which does not exist` };
  const places = named ? [named] : [...PLACES, chromium.executablePath()];
  const executablePath = places.find((place) => existsSync(place));
  if (executablePath === undefined) {
    return { reason: 'no Chromium found; install the package chromium or set SESSION_LOG_CHROMIUM' };
  }
  // Chromium refuses to run its sandbox as root, and only as root may it be left out.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { options: { executablePath, args: [...asRoot, ...FLAGS] } };
}
