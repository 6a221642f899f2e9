import { test as setup } from './electron-test.ts';
import { ensurePackedApp } from './packed-app.ts';

setup('the app is packed', async ({ electron }) => {
  setup.setTimeout(600_000);
  if ('reason' in electron) setup.skip(true, electron.reason);
  else await ensurePackedApp(electron.dist, (line) => console.log(line));
});
