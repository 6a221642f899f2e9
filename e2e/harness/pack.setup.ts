import { startGcsServer } from '../../main/testing/gcs-server.ts';
import { test as setup } from './electron-test.ts';
import { ensurePackedApp } from './packed-app.ts';

setup('the app is packed', async ({ electron }) => {
  setup.setTimeout(600_000);
  if ('reason' in electron) setup.skip(true, electron.reason);
  else await ensurePackedApp(electron.dist, (line) => console.log(line));
});

setup('the bucket server can be started', async () => {
  // Where it has to be built first, no test has the time for it.
  setup.setTimeout(600_000);
  await (await startGcsServer()).stop();
});
