import { app } from 'electron';
import type { UpdateSource } from './updater.ts';

/** The updater of packaged apps; loading it costs a start more than everything else, so it is not done before the first check. */
export function electronUpdates(): UpdateSource {
  return {
    isPackaged: app.isPackaged,
    load: async () => (await import('electron-updater')).default.autoUpdater,
  };
}
