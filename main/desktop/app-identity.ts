import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { app } from 'electron';
import { en } from '../../shared/i18n/en.ts';

/** The id in electron-builder.yml: Windows associates notifications and the task bar with it. */
export const APP_ID = 'dev.session-log.app';

/**
 * Names the app and gives Chromium its own folder in the system's app data: caches and cookies do not belong beside logs. Another data
 * folder means another app, with its own window, tray and lock.
 * @param home absolute path of the data folder
 * @param usual whether it is the default data folder
 */
export function nameApp(home: string, usual: boolean): void {
  app.setName(en.common.productName);
  app.setAppUserModelId(APP_ID);
  const mark = usual ? '' : `-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
  const userData = join(app.getPath('appData'), `${en.common.productName}${mark}`);
  app.setPath('userData', userData);
  app.setPath('sessionData', join(userData, 'session'));
}
