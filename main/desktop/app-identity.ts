import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { app } from 'electron';
import { en } from '../../shared/i18n/en.ts';

/** The id of electron-builder.yml: Windows ties notifications and the task bar to it. */
export const APP_ID = 'dev.session-log.app';

/**
 * Names the app and gives Chromium a folder of its own inside the system's app data: caches and cookies do not belong beside logs. Another data
 * folder is another app, with its own window, tray and lock.
 * @param home absolute path of the data folder
 * @param usual whether it is the one that is used unless another is named
 */
export function nameApp(home: string, usual: boolean): void {
  app.setName(en.common.productName);
  app.setAppUserModelId(APP_ID);
  const mark = usual ? '' : `-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
  const userData = join(app.getPath('appData'), `${en.common.productName}${mark}`);
  app.setPath('userData', userData);
  app.setPath('sessionData', join(userData, 'session'));
}
