import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { en } from '../shared/i18n/en.ts';
import { resolveHome } from './compose/paths.ts';
import { userHome } from './compose/user-home.ts';
import { startDesktop } from './desktop/start-desktop.ts';

/** The built files lie beside this one: `out/main`, `out/preload`, `out/renderer`; the pictures beside `out`. */
const out = dirname(dirname(fileURLToPath(import.meta.url)));
const home = resolveHome();

if (home.ok) {
  startDesktop({
    home: home.value,
    isUsualHome: home.value === join(userHome() ?? '', '.coditect-data'),
    files: {
      pages: join(out, 'renderer'),
      // Of `npm run dev`; the build of the product puts `undefined` here.
      developmentServer: process.env.ELECTRON_RENDERER_URL,
      preload: join(out, 'preload', 'index.cjs'),
      assets: join(dirname(out), 'assets'),
    },
    hidden: process.argv.includes('--hidden'),
    // Not before the tray shows: adapters, database and settings are most of the app's weight.
    openService: async (makeShell) => {
      const { openDesktopService } = await import('./compose/desktop.ts');
      return openDesktopService(home.value, makeShell);
    },
  });
} else {
  dialog.showErrorBox(en.desktop.startFailed, `${home.error.message}\n${home.error.remedy}`);
  app.exit(78);
}
